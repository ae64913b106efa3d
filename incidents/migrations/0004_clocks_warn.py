import django.core.validators
from django.db import migrations, models

# Clocks that run already warn at three quarters, too.
RUNNING = """
UPDATE incidents_incident SET
    response_warn_at = severity_since + (respond_by - severity_since) * 0.75,
    resolution_warn_at = clock_since + (resolve_by - clock_since) * 0.75
WHERE status <> 'resolved'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0003_short_words_of_titles"),
    ]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="resolution_warn_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="resolution warning at"
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="resolution_warned",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="incident",
            name="response_warn_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="response warning at"
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="response_warned",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="severitypolicy",
            name="warn_at",
            field=models.PositiveSmallIntegerField(
                default=75,
                help_text="Per cent of the time used. Holds for clocks that are set from now on.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(99),
                ],
                verbose_name="warn at (%)",
            ),
        ),
        migrations.RunSQL(RUNNING, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("response_warned", False), ("status", "triggered")),
                fields=["response_warn_at"],
                name="incident_response_warning",
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(
                    models.Q(("status", "resolved"), _negated=True),
                    ("resolution_breached", False),
                    ("resolution_warned", False),
                ),
                fields=["resolution_warn_at"],
                name="incident_resolution_warning",
            ),
        ),
    ]
