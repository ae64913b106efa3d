"""From strange readings to rows: one row for as long as it lasts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.rows import save_all
from monitoring.domain.anomalies import Judgement, Watch
from monitoring.domain.anomalies.judgement import score_of
from monitoring.models import Anomaly

SHORTEST, LONGEST = timedelta(minutes=10), timedelta(hours=6)
PAUSE: Final = 5  # readings in a row that are ordinary: it is over
CHANGING: Final = (
    "last_at", "until", "peak_at", "reason", "view", "score", "bar", "probability", "every",
    "known", "value", "observed", "low", "high",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Strange:
    metric: int
    at: datetime
    value: float | None
    judgement: Judgement
    bar: float
    watch: Watch

    @property
    def said(self) -> bool:
        """Not only as strange as what was said shortly before."""
        return self.judgement.score >= self.bar

    @property
    def until(self) -> datetime:
        return self.at + min(max(PAUSE * self.watch.every, SHORTEST), LONGEST)


def is_strange(judgement: Judgement, bar: float) -> bool:
    return judgement.surprise > 0 and score_of(judgement.surprise) >= bar


def keep(found: Sequence[Strange]) -> int:
    """Lengthen what lasts, begin what is new; how many began. `found` is in order of each metric."""
    if not found:
        return 0
    lasting = Anomaly.objects.newest({one.metric for one in found})
    begun, changed = list[Anomaly](), dict[int, Anomaly]()
    for one in found:
        row = lasting.get(one.metric)
        if row and one.at <= row.until:
            _lengthen(row, one)
            if row.pk:
                changed[row.pk] = row
        elif one.said:
            lasting[one.metric] = row = _begin(one)
            begun.append(row)
    save_all(changed.values(), CHANGING)
    Anomaly.objects.bulk_create(begun, batch_size=500)
    return len(begun)


def _begin(one: Strange) -> Anomaly:
    row = Anomaly(metric_id=one.metric, at=one.at, last_at=one.at, until=one.until)
    _describe(row, one)
    return row


def _lengthen(row: Anomaly, one: Strange) -> None:
    row.last_at, row.until = one.at, max(row.until, one.until)
    if one.said and one.judgement.score > row.score:
        _describe(row, one)


def _describe(row: Anomaly, one: Strange) -> None:
    judgement, band = one.judgement, one.judgement.expected
    row.peak_at, row.value, row.bar = one.at, one.value, one.bar
    row.reason, row.view = judgement.reason.value, judgement.view.value if judgement.view else ""
    row.score, row.probability = judgement.score, judgement.probability
    row.observed = judgement.observed
    row.low, row.high = (band.low, band.high) if band else (None, None)
    row.every, row.known = one.watch.every, one.watch.known
