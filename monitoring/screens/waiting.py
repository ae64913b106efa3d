"""How long metrics and hosts may say nothing: what is read once an hour is not silent after a quarter."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta

from monitoring.domain.overview import patience
from monitoring.models import Check, Metric

CHECK = "check"


def patience_with(metrics: Sequence[Metric]) -> dict[int, timedelta | None]:
    """By metric, of those that a check reads; the others have the usual one."""
    names = {metric.pk: metric.labels[CHECK] for metric in metrics if CHECK in metric.labels}
    known = _by("name", set(names.values()))
    return {pk: patience(known[name]) for pk, name in names.items() if name in known}


def patience_with_hosts(hosts: Sequence[str]) -> dict[str, timedelta | None]:
    return {host: patience(theirs) for host, theirs in _by("host", hosts).items()}


def _by(field: str, values: Collection[str]) -> dict[str, list[timedelta | None]]:
    found = defaultdict[str, list[timedelta | None]](list)
    rows = (
        Check.objects.filter(**{f"{field}__in": values}).order_by()
        if values
        else Check.objects.none()
    )
    for value, interval, on in rows.values_list(field, "interval", "enabled"):
        found[value].append(interval if on else None)
    return found
