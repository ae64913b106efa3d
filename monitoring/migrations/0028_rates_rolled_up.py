"""How fast counters grew is rolled up beside their heights; of anything else the columns stay empty.

An empty column costs no room in a row this narrow. What is still there as samples is rolled up again.
"""

from django.db import migrations

SIZES = ("5m", "1h", "1d")
COLUMNS = "".join(
    f"ALTER TABLE monitoring_rollup_{size} ADD COLUMN slow double precision,"
    " ADD COLUMN speed double precision, ADD COLUMN fast double precision;\n"
    for size in SIZES
)
AGAIN = """
INSERT INTO monitoring_unrolled (size, bucket, metrics, due_at)
SELECT '5m', rolled.at, array_agg(metric_id), now()
FROM monitoring_rollup_5m AS rolled JOIN monitoring_metric AS metric ON metric.id = metric_id
WHERE right(name, 6) = '_total' AND rolled.at >= (SELECT min(at) FROM monitoring_sample)
GROUP BY rolled.at;
"""
GONE = "".join(
    f"ALTER TABLE monitoring_rollup_{size} DROP COLUMN slow, DROP COLUMN speed, DROP COLUMN fast;\n"
    for size in SIZES
)


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0027_route_teams")]

    operations = [migrations.RunSQL(COLUMNS + AGAIN, GONE)]
