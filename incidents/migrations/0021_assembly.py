import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# As a new installation is seeded: the gravest two.
FILL = "UPDATE incidents_severitypolicy SET assembles = true WHERE severity IN ('P0', 'P1')"


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0020_presence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="severitypolicy",
            name="assembles",
            field=models.BooleanField(
                default=False,
                help_text="In Slack, with everybody who was paged. Otherwise a commander opens it.",
                verbose_name="opens a channel at once",
            ),
        ),
        migrations.CreateModel(
            name="Assembly",
            fields=[
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="assembly",
                        serialize=False,
                        to="incidents.incident",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("channel", models.CharField(blank=True, default="", max_length=30)),
                ("name", models.CharField(blank=True, default="", max_length=80)),
                (
                    "invited",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None
                    ),
                ),
                ("furnished", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, default="", max_length=200)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="assembly_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opened_at", None),
                            models.Q(("channel", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="open_has_a_channel",
                    )
                ],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
