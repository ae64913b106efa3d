"""Whose row changed so that the book for the hour without a database (`statuspage.kept`) must show it.

A trigger, for rows change one by one, many at once, and by hand in psql. Counters and letters are not in the book.
"""

from django.db import migrations, models

SHOWN = ", ".join(
    f"{{row}}.{name}"
    for name in (
        "key", "way", "address", "language", "standing", "components", "groups", "minimum", "incidents",
        "maintenance", "quiet",
    )
)  # fmt: skip
TOLD = "{row}.way = 'email' AND {row}.standing = 'active'"

# S608: the names are constants of this file.
WATCH = f"""
CREATE FUNCTION statuspage_subscriber_was_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO statuspage_touched (subscriber, transaction, at)
    VALUES (CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END, pg_current_xact_id()::text::bigint, now());
    RETURN NULL;
END $$;
CREATE TRIGGER came AFTER INSERT ON statuspage_subscriber
    FOR EACH ROW WHEN ({TOLD.format(row="NEW")}) EXECUTE FUNCTION statuspage_subscriber_was_touched();
CREATE TRIGGER changed AFTER UPDATE ON statuspage_subscriber
    FOR EACH ROW WHEN (
        (({TOLD.format(row="OLD")}) OR ({TOLD.format(row="NEW")}))
        AND ({SHOWN.format(row="OLD")}) IS DISTINCT FROM ({SHOWN.format(row="NEW")})
    ) EXECUTE FUNCTION statuspage_subscriber_was_touched();
CREATE TRIGGER left_us AFTER DELETE ON statuspage_subscriber
    FOR EACH ROW WHEN ({TOLD.format(row="OLD")}) EXECUTE FUNCTION statuspage_subscriber_was_touched();
"""  # noqa: S608

LOOK_AWAY = """
DROP TRIGGER came ON statuspage_subscriber;
DROP TRIGGER changed ON statuspage_subscriber;
DROP TRIGGER left_us ON statuspage_subscriber;
DROP FUNCTION statuspage_subscriber_was_touched();
"""


class Migration(migrations.Migration):
    dependencies = [("statuspage", "0020_name_fields")]

    operations = [
        migrations.CreateModel(
            name="Touched",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subscriber", models.BigIntegerField()),
                ("transaction", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["transaction"], name="touched_in")]},
        ),
        migrations.RunSQL(WATCH, LOOK_AWAY),
    ]
