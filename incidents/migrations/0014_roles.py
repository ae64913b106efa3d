import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Whoever leads an incident goes on leading it. Checked at once: the column they stood in is dropped.
KEEP = """
INSERT INTO incidents_roleheld (incident_id, role, user_id, since, given_by_id)
SELECT number, 'commander', commander_id, COALESCE(acknowledged_at, detected_at), commander_id
FROM incidents_incident WHERE commander_id IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE
"""


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0013_similar_incidents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RoleHeld",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("commander", "Incident commander"),
                            ("deputy", "Deputy"),
                            ("scribe", "Scribe"),
                            ("communications", "Communications"),
                            ("expert", "Expert"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="since")),
                ("until", models.DateTimeField(null=True, verbose_name="until")),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="given by",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roles",
                        to="incidents.incident",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "ordering": ["since", "id"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("until", None), models.Q(("role", "expert"), _negated=True)
                        ),
                        fields=("incident", "role"),
                        name="one_holder_a_role",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("incident", "role", "user"),
                        name="held_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="held_from_to",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="incident",
            name="commander",
        ),
    ]
