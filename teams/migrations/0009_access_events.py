"""Sign-ins that failed, and who became an administrator: the latter by the database's own word."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

ABLE = "({0}.is_active AND ({0}.is_superuser OR {0}.role = 'administrator'))"
NOTE = f"""
CREATE FUNCTION teams_note_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO teams_accessevent (kind, at, user_id) VALUES ('administrator', now(), NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER note_made_administrator AFTER INSERT ON teams_user
    FOR EACH ROW WHEN ({ABLE.format("NEW")}) EXECUTE FUNCTION teams_note_administrator();
CREATE TRIGGER note_new_administrator AFTER UPDATE ON teams_user
    FOR EACH ROW WHEN ({ABLE.format("NEW")} AND NOT {ABLE.format("OLD")})
    EXECUTE FUNCTION teams_note_administrator();
"""  # noqa: S608 - of our own constants
FORGET = """
DROP TRIGGER note_made_administrator ON teams_user;
DROP TRIGGER note_new_administrator ON teams_user;
DROP FUNCTION teams_note_administrator();
"""


class Migration(migrations.Migration):
    dependencies = [("teams", "0008_notification_rules")]

    operations = [
        migrations.CreateModel(
            name="AccessEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("failed", "sign-in failed"),
                            ("administrator", "became an administrator"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="time"),
                ),
                ("address", models.GenericIPAddressField(null=True, verbose_name="address")),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "sign-in and access",
                "verbose_name_plural": "sign-ins and access",
                "ordering": ["-at"],
                "indexes": [models.Index(fields=["kind", "at"], name="access_event")],
            },
        ),
        migrations.RunSQL(NOTE, FORGET),
    ]
