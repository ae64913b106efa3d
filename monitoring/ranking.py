"""Which of a rule's metrics are looked at first: those that went farthest where the rule looks.

By roll-ups, in one query, so that it is known of all before any is judged.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Max

from monitoring.domain.rules import Absence, Change, Forecast, Rate, Strange
from monitoring.models import Anomaly, Rule
from monitoring.services.targeting import Case

MANY: Final = 1_000  # of more, days tell and not hours: a week of hours would be millions of rows
EXTREMES: Final = """
SELECT metric_id, {extreme} FROM {table}
WHERE metric_id = ANY(%s) AND at >= %s GROUP BY metric_id
"""


def ranked(rule: Rule, fitting: Sequence[Case], *, since: datetime, most: int) -> list[Case]:
    """The first of them; what nothing is known of comes last, the older before the younger."""
    if len(fitting) <= most:
        return list(fitting)
    far = _far(rule, [case.metric.pk for case in fitting if case.metric], since)

    def place(case: Case) -> tuple[bool, float, int]:
        key = case.key[1] or 0
        return key not in far, -far.get(key, 0.0), key

    return sorted(fitting, key=place)[:most]


def _far(rule: Rule, metrics: list[int], since: datetime) -> dict[int, float]:
    if isinstance(rule.judge, Strange):
        anomalies = Anomaly.objects.order_by().filter(metric__in=metrics, last_at__gte=since)
        return dict(anomalies.values_list("metric").annotate(Max("score")))
    table = "monitoring_rollup_1h" if len(metrics) <= MANY else "monitoring_rollup_1d"
    with connection.cursor() as cursor:
        asked = EXTREMES.format(extreme=_extreme(rule), table=table)
        cursor.execute(asked, [metrics, since])
        return dict(cursor.fetchall())


def _extreme(rule: Rule) -> str:
    judge = rule.judge
    if isinstance(judge, Absence):
        return "-sum(count)::float8"
    if isinstance(judge, Rate | Change):
        return "max(high) - min(low)"
    upward = judge.rising if isinstance(judge, Forecast) else judge.bar.above
    return "max(high)" if upward else "-min(low)"
