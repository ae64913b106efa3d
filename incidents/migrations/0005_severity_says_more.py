import datetime
import django.contrib.postgres.fields
import django.core.validators
from django.db import migrations, models

# An installation that has its severities gets what a new one is seeded with.
FILL = """
UPDATE incidents_severitypolicy AS policy SET
    required_roles = given.roles, update_every = given.every::interval,
    public_impact = given.impact, postmortem_due = given.due::interval
FROM (VALUES
    ('P0', '{commander,deputy,scribe,communications}'::varchar[], '30 min', 'major_outage', '3 days'),
    ('P1', '{commander,communications}', '1 h', 'major_outage', '5 days'),
    ('P2', '{commander}', '4 h', 'degraded_performance', '10 days'),
    ('P3', '{}', NULL, 'degraded_performance', NULL)
) AS given (severity, roles, every, impact, due)
WHERE policy.severity = given.severity
"""
# The clocks' constraint must not keep somebody's zero from being upgraded.
NO_ZERO = """
UPDATE incidents_severitypolicy SET
    respond_within = GREATEST(respond_within, interval '1 min'),
    resolve_within = GREATEST(resolve_within, interval '1 min'),
    warn_at = LEAST(GREATEST(warn_at, 1), 99)
WHERE respond_within <= interval '0' OR resolve_within <= interval '0' OR warn_at NOT BETWEEN 1 AND 99
"""


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0004_clocks_warn"),
        ("teams", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="severitypolicy",
            name="postmortem_due",
            field=models.DurationField(
                blank=True,
                help_text="Counted from the resolution. Three days are 3 00:00:00. Empty: none is due.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(
                        datetime.timedelta(seconds=60), "At least one minute: 00:01:00."
                    )
                ],
                verbose_name="postmortem due within",
            ),
        ),
        migrations.AddField(
            model_name="severitypolicy",
            name="public_impact",
            field=models.CharField(
                choices=[
                    ("operational", "Operational"),
                    ("degraded_performance", "Degraded performance"),
                    ("partial_outage", "Partial outage"),
                    ("major_outage", "Major outage"),
                ],
                default="operational",
                help_text="What an affected service is shown as, until a person says otherwise.",
                max_length=20,
                verbose_name="on the status page",
            ),
        ),
        migrations.AddField(
            model_name="severitypolicy",
            name="required_roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("commander", "Incident commander"),
                        ("deputy", "Deputy"),
                        ("scribe", "Scribe"),
                        ("communications", "Communications"),
                        ("expert", "Expert"),
                    ],
                    max_length=20,
                ),
                blank=True,
                default=list,
                help_text="The room shows which of them nobody holds yet.",
                size=None,
                verbose_name="required roles",
            ),
        ),
        migrations.AddField(
            model_name="severitypolicy",
            name="update_every",
            field=models.DurationField(
                blank=True,
                help_text="Half an hour is 00:30:00. Empty: no update is ever due.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(
                        datetime.timedelta(seconds=60), "At least one minute: 00:01:00."
                    )
                ],
                verbose_name="update stakeholders every",
            ),
        ),
        migrations.AlterField(
            model_name="severitypolicy",
            name="resolve_within",
            field=models.DurationField(
                help_text="Counted from detection. A day is 1 00:00:00.",
                validators=[
                    django.core.validators.MinValueValidator(
                        datetime.timedelta(seconds=60), "At least one minute: 00:01:00."
                    )
                ],
                verbose_name="resolve within",
            ),
        ),
        migrations.AlterField(
            model_name="severitypolicy",
            name="respond_within",
            field=models.DurationField(
                help_text="Nobody answers in time: one severity up. Half an hour is 00:30:00.",
                validators=[
                    django.core.validators.MinValueValidator(
                        datetime.timedelta(seconds=60), "At least one minute: 00:01:00."
                    )
                ],
                verbose_name="respond within",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(NO_ZERO, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="severitypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("resolve_within__gt", datetime.timedelta(0)),
                    ("respond_within__gt", datetime.timedelta(0)),
                    ("warn_at__range", (1, 99)),
                ),
                name="clocks_take_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="severitypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("update_every", None),
                    ("update_every__gt", datetime.timedelta(0)),
                    _connector="OR",
                ),
                name="updates_take_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="severitypolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("postmortem_due", None),
                    ("postmortem_due__gt", datetime.timedelta(0)),
                    _connector="OR",
                ),
                name="postmortems_take_time",
            ),
        ),
    ]
