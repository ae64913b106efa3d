"""What charts ask of samples and roll-ups. Of what only grows they show how fast it does, a second."""

# ruff: noqa: S608 - put together of our own constants

from monitoring.services.rates import GROWS, RATES
from monitoring.services.rolling import KEY

PLAIN = f"""ARRAY(
    SELECT id FROM monitoring_metric WHERE id = ANY(%(metrics)s) AND NOT ({GROWS})
)"""
GROWING = f"""ARRAY(
    SELECT id FROM monitoring_metric WHERE id = ANY(%(metrics)s) AND ({GROWS})
)"""
RATED = RATES.format(metric="one.metric_id", since="{since}", until="%(until)s")
READINGS = f"""(
    SELECT metric_id, at, value FROM monitoring_sample
    WHERE metric_id = ANY({PLAIN}) AND at >= {{since}} AND at < %(until)s
    UNION ALL
    SELECT metric_id, rate.at, rate.value
    FROM unnest({GROWING}) AS one (metric_id) CROSS JOIN LATERAL ({RATED}) AS rate
)"""
# A bin of samples stands where its first one was taken, so that a regular metric looks regular.
RAW = f"""
SELECT metric_id, min(at), min(value), avg(value), max(value), count(*)
FROM {READINGS.format(since="%(start)s")} AS reading
GROUP BY metric_id, date_bin(%(step)s, at, %(origin)s) ORDER BY 1, 2
"""
# A bin may begin in the roll-ups and end in the samples, from when on these hold more than those do:
# a chart ends now, not some minutes ago. Between days and samples come hours.
KEPT = f"""
    SELECT metric_id, at, low, mean, high, count FROM {{table}}
    WHERE metric_id = ANY({PLAIN}) AND at >= %({{since}})s AND at < %({{until}})s
    UNION ALL
    SELECT metric_id, at, slow, speed, fast, count FROM {{table}}
    WHERE metric_id = ANY({GROWING}) AND at >= %({{since}})s AND at < %({{until}})s
        AND speed IS NOT NULL
    UNION ALL
"""
ROLLED = f"""
SELECT metric_id, date_bin(%(step)s, at, %(origin)s), min(low), sum(mean * count) / sum(count),
    max(high), sum(count)::bigint
FROM ({{kept}}
    SELECT metric_id, date_bin(%(step)s, at, %(origin)s), min(value), avg(value), max(value), count(*)
    FROM {READINGS.format(since="%(fresh)s")} AS reading GROUP BY 1, 2
) AS part GROUP BY 1, 2 ORDER BY 1, 2
"""
KEYS = """
    SELECT key, n FROM {table}, unnest(keys, counts) AS bucket (key, n)
    WHERE metric_id = ANY(%(metrics)s) AND at >= %({since})s AND at < %({until})s
    UNION ALL
"""
SPREAD = f"""
SELECT key, sum(n)::bigint FROM ({{kept}}
    SELECT {KEY}, count(*) FROM {READINGS.format(since="%(fresh)s")} AS reading GROUP BY 1
) AS part GROUP BY key
"""
# Five minutes each: from the roll-ups, and what those do not hold yet from the samples.
SPARKS = f"""
SELECT metric_id, array_agg(extract(epoch FROM at)::float8 ORDER BY at), array_agg(mean ORDER BY at)
FROM (
    SELECT metric_id, at, mean FROM monitoring_rollup_5m
    WHERE metric_id = ANY({PLAIN}) AND at >= %(start)s AND at < %(fresh)s
    UNION ALL
    SELECT metric_id, at, speed FROM monitoring_rollup_5m
    WHERE metric_id = ANY({GROWING}) AND at >= %(start)s AND at < %(fresh)s AND speed IS NOT NULL
    UNION ALL
    SELECT metric_id, date_bin(%(step)s, at, 'epoch'), avg(value)
    FROM {READINGS.format(since="%(fresh)s")} AS reading GROUP BY 1, 2
) AS points GROUP BY metric_id
"""
GLANCES = f"""
SELECT asked.place, array_agg(extract(epoch FROM part.at)::float8 ORDER BY part.at),
    array_agg(part.mean ORDER BY part.at)
FROM unnest(%(metrics)s::bigint[], %(since)s::timestamptz[], %(until)s::timestamptz[])
    WITH ORDINALITY AS asked (metric, since, until, place)
JOIN (SELECT id, {GROWS} AS grows FROM monitoring_metric) AS known ON known.id = asked.metric
CROSS JOIN LATERAL (
    SELECT date_bin((until - since) / %(points)s, at, since), avg(value) FROM (
        SELECT at, value FROM monitoring_sample
        WHERE NOT grows AND metric_id = metric AND at >= since AND at < until
        UNION ALL
        SELECT at, value
        FROM ({RATES.format(metric="metric", since="since", until="asked.until")}) AS rate WHERE grows
    ) AS reading GROUP BY 1
) AS part (at, mean) GROUP BY 1
"""
# How fast it grows of late takes two samples.
LATEST = f"""
SELECT metric_id, last.at, last.value FROM unnest({PLAIN}) AS one (metric_id)
CROSS JOIN LATERAL (
    SELECT at, value FROM monitoring_sample AS sample
    WHERE sample.metric_id = one.metric_id AND at >= %(start)s AND at < %(until)s
    ORDER BY at DESC LIMIT 1
) AS last
UNION ALL
SELECT metric_id, rate.at, rate.value FROM unnest({GROWING}) AS one (metric_id)
CROSS JOIN LATERAL (
    SELECT max(at) AS at FROM monitoring_sample AS sample
    WHERE sample.metric_id = one.metric_id AND at >= %(start)s AND at < %(until)s
) AS newest
CROSS JOIN LATERAL ({RATES.format(metric="one.metric_id", since="newest.at", until="%(until)s")}) AS rate
"""
