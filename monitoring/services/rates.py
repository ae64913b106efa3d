"""How fast what only grows does grow, as SQL: a reading for each sample that has one before it."""

from typing import Final

from monitoring.domain.samples import COUNTERS

# Of a row of metrics: whether it only grows, as `is_counter` says.
GROWS: Final = " OR ".join(f"right(name, {len(end)}) = '{end}'" for end in COUNTERS)

# A counter that falls began again at zero. What came before the stretch is found however rarely the
# metric is read; the first bound alone would have PostgreSQL look through every part there is.
RATES: Final = """
SELECT at, (CASE WHEN value < before THEN value ELSE value - before END
    / extract(epoch FROM at - earlier))::float8 AS value
FROM (
    SELECT at, value, lag(at) OVER course AS earlier, lag(value) OVER course AS before
    FROM monitoring_sample
    WHERE metric_id = {metric} AND at >= {since} - interval '1 day' AND at < {until}
        AND at >= coalesce((
            SELECT max(at) FROM monitoring_sample
            WHERE metric_id = {metric} AND at >= {since} - interval '1 day' AND at < {since}
        ), {since})
    WINDOW course AS (ORDER BY at)
) AS steps WHERE earlier IS NOT NULL
"""
