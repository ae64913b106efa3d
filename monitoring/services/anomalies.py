"""What people say of anomalies, and which metrics are judged at all."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from monitoring.domain.anomalies import Feedback as Said
from monitoring.domain.anomalies import Threshold
from monitoring.models import Anomaly, Feedback, MetricState, Verdict
from teams.models import User

ANOMALIES_KEPT: Final = timedelta(days=400)
BATCH: Final = 5_000


def say(anomaly: Anomaly, said: Feedback, *, by: User, at: datetime) -> MetricState:
    """Useful, noise, or neither after all; the metric's bar follows from all that was said of it."""
    with transaction.atomic():
        state = MetricState.objects.select_for_update().get(pk=anomaly.metric_id)
        changed = Anomaly.objects.filter(pk=anomaly.pk).exclude(feedback=said)
        if changed.update(
            feedback=said, feedback_by=by if said else None, feedback_at=at if said else None
        ):
            Verdict.objects.create(anomaly=anomaly, said=said, by=by, at=at)
            _raise_or_lower(state, by=by, at=at)
    return state


def _raise_or_lower(state: MetricState, *, by: User, at: datetime) -> None:
    heard = Anomaly.objects.filter(metric=state.pk).exclude(feedback=Feedback.NONE)
    threshold = Threshold()
    for said, score in heard.order_by("feedback_at", "pk").values_list("feedback", "score"):
        threshold = threshold.after(Said(said), score)
    state.threshold, state.useful, state.noise = threshold.value, threshold.useful, threshold.noise
    state.changed_by, state.changed_at = by, at
    state.save(update_fields=["threshold", "useful", "noise", "changed_by", "changed_at"])


def judge_metric(metric: int, *, on: bool, by: User, at: datetime) -> None:
    """Some are strange by nature: they are drawn, and not judged."""
    rows = MetricState.objects.filter(pk=metric).exclude(judged=on)
    rows.update(judged=on, changed_by=by, changed_at=at)


def prune_anomalies(*, at: datetime) -> None:
    """What people said something of stays, for the bar follows from it."""
    old = Anomaly.objects.filter(at__lt=at - ANOMALIES_KEPT, feedback=Feedback.NONE)
    while batch := list(old.order_by().values_list("pk", flat=True)[:BATCH]):
        Anomaly.objects.filter(pk__in=batch).delete()
