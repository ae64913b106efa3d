"""Samples and their roll-ups, by time: parts are made when they are needed and dropped as a whole.

No model describes them: they have no key of one column, and nobody reads them row by row. They
refer to metrics without a constraint, whose check would cost more than writing the sample.
"""

from django.db import migrations

ROLLUP = """
CREATE TABLE monitoring_rollup_{size} (
    metric_id bigint NOT NULL, at timestamptz NOT NULL,
    low double precision NOT NULL, mean double precision NOT NULL, high double precision NOT NULL,
    count integer NOT NULL{sketch},
    PRIMARY KEY (metric_id, at)
) PARTITION BY RANGE (at);
"""
SKETCH = ", keys smallint[] NOT NULL, counts integer[] NOT NULL"

TABLES = (
    """
CREATE TABLE monitoring_sample (
    metric_id bigint NOT NULL, at timestamptz NOT NULL, value double precision NOT NULL,
    PRIMARY KEY (metric_id, at)
) PARTITION BY RANGE (at);

-- Which buckets are to be rolled up, of which metrics. Written with the samples, in one transaction,
-- and never changed: writers do not wait for each other, and nothing is rolled up without them.
CREATE TABLE monitoring_unrolled (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    size text NOT NULL, bucket timestamptz NOT NULL, metrics bigint[] NOT NULL,
    due_at timestamptz NOT NULL
);
CREATE INDEX unrolled_due ON monitoring_unrolled (size, due_at);
"""
    + ROLLUP.format(size="5m", sketch="")
    + ROLLUP.format(size="1h", sketch=SKETCH)
    + ROLLUP.format(size="1d", sketch=SKETCH)
)

GONE = """
DROP TABLE monitoring_sample, monitoring_unrolled,
    monitoring_rollup_5m, monitoring_rollup_1h, monitoring_rollup_1d
"""


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0010_metrics")]

    operations = [migrations.RunSQL(TABLES, GONE)]
