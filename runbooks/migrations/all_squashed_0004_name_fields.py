"""A new database gets here in one step; one that is on its way goes on by the single migrations."""

import datetime
import django.core.validators
import django.db.models.deletion
import runbooks.domain.actions
import runbooks.domain.loosening
from django.conf import settings
from django.db import migrations, models

from core.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("runbooks", "0001_guarded_actions"),
        ("runbooks", "0002_paid_and_nothing_came"),
        ("runbooks", "0003_two_people_loosen"),
        ("runbooks", "0004_name_fields"),
    ]

    initial = True

    dependencies = [
        ("incidents", "0035_name_fields"),
        ("teams", "0014_name_fields"),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="Action",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("kind", models.CharField(max_length=60, verbose_name="kind")),
                    ("key", models.CharField(max_length=150, verbose_name="key")),
                    ("parameters", models.JSONField(default=dict, verbose_name="parameters")),
                    ("sun", models.PositiveBigIntegerField(default=0, verbose_name="amount (sun)")),
                    ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                    (
                        "at_least",
                        models.PositiveSmallIntegerField(
                            default=0, verbose_name="people who approve, at least"
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("proposed", "waits for approval"),
                                ("approved", "approved"),
                                ("executing", "being done"),
                                ("confirmed", "done"),
                                ("failed", "failed"),
                                ("lost", "paid, and nothing came of it"),
                                ("unknown", "outcome not known yet"),
                                ("refused", "refused"),
                                ("expired", "expired"),
                                ("shadowed", "shadow: not done on purpose"),
                            ],
                            default="proposed",
                            max_length=10,
                            verbose_name="state",
                        ),
                    ),
                    (
                        "waits_for",
                        models.CharField(
                            blank=True, default="", max_length=12, verbose_name="waits for"
                        ),
                    ),
                    ("began_at", models.DateTimeField(null=True, verbose_name="began at")),
                    ("lease", models.UUIDField(editable=False, null=True)),
                    ("lease_until", models.DateTimeField(editable=False, null=True)),
                    ("look_at", models.DateTimeField(editable=False, null=True)),
                    ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                    (
                        "text",
                        models.CharField(
                            blank=True, default="", max_length=500, verbose_name="what came of it"
                        ),
                    ),
                    ("facts", models.JSONField(default=dict, verbose_name="facts")),
                    (
                        "ended_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="refused by",
                        ),
                    ),
                    (
                        "incident",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="actions",
                            to="incidents.incident",
                            verbose_name="incident",
                        ),
                    ),
                    (
                        "proposed_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="proposed by",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "action",
                    "verbose_name_plural": "actions",
                    "ordering": ["-id"],
                    "default_permissions": ("view",),
                    "indexes": [
                        models.Index(fields=["kind", "began_at"], name="action_begun"),
                        models.Index(
                            condition=models.Q(
                                (
                                    "state__in",
                                    [
                                        runbooks.domain.actions.State["APPROVED"],
                                        runbooks.domain.actions.State["EXECUTING"],
                                        runbooks.domain.actions.State["PROPOSED"],
                                        runbooks.domain.actions.State["UNKNOWN"],
                                    ],
                                )
                            ),
                            fields=["state"],
                            name="action_not_over",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("kind", "key"), name="one_action_a_key"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("lease__isnull", False),
                                    ("lease_until__isnull", False),
                                    ("state", runbooks.domain.actions.State["EXECUTING"]),
                                ),
                                models.Q(
                                    models.Q(
                                        ("state", runbooks.domain.actions.State["EXECUTING"]),
                                        _negated=True,
                                    ),
                                    ("lease__isnull", True),
                                    ("lease_until__isnull", True),
                                ),
                                _connector="OR",
                            ),
                            name="executing_under_a_lease",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    [
                                        "approved",
                                        "confirmed",
                                        "executing",
                                        "expired",
                                        "failed",
                                        "lost",
                                        "proposed",
                                        "refused",
                                        "shadowed",
                                        "unknown",
                                    ],
                                )
                            ),
                            name="action_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("state__in", ["executing", "unknown", "confirmed", "lost"]),
                                    _negated=True,
                                ),
                                ("began_at__isnull", False),
                                _connector="OR",
                            ),
                            name="what_is_done_began",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Approval",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="at")),
                    (
                        "action",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="approvals",
                            to="runbooks.action",
                        ),
                    ),
                    (
                        "person",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="person",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "approval",
                    "verbose_name_plural": "approvals",
                    "ordering": ["at"],
                    "default_permissions": ("view",),
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("action", "person"), name="one_approval_a_person"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Halt",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="at")),
                    ("reason", models.CharField(max_length=300, verbose_name="reason")),
                    ("lifted_at", models.DateTimeField(null=True, verbose_name="lifted at")),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by",
                        ),
                    ),
                    (
                        "lifted_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="lifted by",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "halt of all actions",
                    "verbose_name_plural": "halts of all actions",
                    "ordering": ["-id"],
                    "default_permissions": ("view",),
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("lifted_at__isnull", True)),
                            fields=("lifted_at",),
                            name="one_halt_at_a_time",
                            nulls_distinct=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Limits",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("kind", models.CharField(max_length=60, unique=True, verbose_name="kind")),
                    (
                        "mode",
                        models.CharField(
                            choices=[
                                ("off", "off"),
                                ("shadow", "shadow: decides and writes down, does nothing"),
                                ("on", "on"),
                            ],
                            default="shadow",
                            max_length=6,
                            verbose_name="mode",
                        ),
                    ),
                    (
                        "action_cap_sun",
                        models.PositiveBigIntegerField(
                            default=0, verbose_name="cap of one action (sun)"
                        ),
                    ),
                    (
                        "day_cap_sun",
                        models.PositiveBigIntegerField(
                            default=0, verbose_name="cap of 24 hours (sun)"
                        ),
                    ),
                    (
                        "lifetime_cap_sun",
                        models.PositiveBigIntegerField(
                            default=0, verbose_name="cap of all time (sun)"
                        ),
                    ),
                    (
                        "cooldown",
                        models.DurationField(
                            default=datetime.timedelta(0), verbose_name="pause between two"
                        ),
                    ),
                    (
                        "approval_above_sun",
                        models.PositiveBigIntegerField(
                            blank=True,
                            help_text="Empty: nobody has to.",
                            null=True,
                            verbose_name="one person approves above (sun)",
                        ),
                    ),
                    (
                        "second_above_sun",
                        models.PositiveBigIntegerField(
                            blank=True,
                            help_text="Two different people, and never whoever proposed it. Empty: nobody has to.",
                            null=True,
                            verbose_name="two people approve above (sun)",
                        ),
                    ),
                    (
                        "valid_for",
                        models.DurationField(
                            default=datetime.timedelta(seconds=3600),
                            help_text="From the proposal: an old decision is none.",
                            validators=[
                                django.core.validators.MinValueValidator(
                                    datetime.timedelta(seconds=10)
                                )
                            ],
                            verbose_name="given up after",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "limits of a kind of action",
                    "verbose_name_plural": "limits of actions",
                    "ordering": ["kind"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "mode__in",
                                    [
                                        runbooks.domain.actions.Mode["OFF"],
                                        runbooks.domain.actions.Mode["ON"],
                                        runbooks.domain.actions.Mode["SHADOW"],
                                    ],
                                )
                            ),
                            name="action_mode",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Loosening",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("setting", models.CharField(max_length=20, verbose_name="setting")),
                    ("row", models.BigIntegerField(null=True, verbose_name="entry")),
                    ("titles", models.JSONField(default=dict, verbose_name="titles")),
                    ("fields", models.JSONField(verbose_name="changes")),
                    ("reason", models.CharField(max_length=300, verbose_name="reason")),
                    ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                    ("expires_at", models.DateTimeField(verbose_name="expires")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("waiting", "waits for a second person"),
                                ("applied", "confirmed and in force"),
                                ("refused", "refused"),
                                ("withdrawn", "withdrawn"),
                                ("expired", "expired"),
                                ("outdated", "outdated: it was changed meanwhile"),
                            ],
                            default="waiting",
                            max_length=10,
                            verbose_name="state",
                        ),
                    ),
                    ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                    (
                        "decided_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="decided by",
                        ),
                    ),
                    (
                        "proposed_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="proposed by",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "loosening of limits",
                    "verbose_name_plural": "loosenings of limits",
                    "ordering": ["-id"],
                    "default_permissions": ("view",),
                    "indexes": [
                        models.Index(
                            condition=models.Q(
                                ("state", runbooks.domain.loosening.State["WAITING"])
                            ),
                            fields=["expires_at"],
                            name="loosening_waits",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    [
                                        runbooks.domain.loosening.State["APPLIED"],
                                        runbooks.domain.loosening.State["EXPIRED"],
                                        runbooks.domain.loosening.State["OUTDATED"],
                                        runbooks.domain.loosening.State["REFUSED"],
                                        runbooks.domain.loosening.State["WAITING"],
                                        runbooks.domain.loosening.State["WITHDRAWN"],
                                    ],
                                )
                            ),
                            name="loosening_state",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("state", runbooks.domain.loosening.State["APPLIED"]),
                                    _negated=True,
                                ),
                                models.Q(
                                    ("decided_by__isnull", False),
                                    models.Q(
                                        ("decided_by", models.F("proposed_by")), _negated=True
                                    ),
                                ),
                                _connector="OR",
                            ),
                            name="two_people_loosen",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="LooseningEntry",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="at")),
                    ("word", models.CharField(max_length=12, verbose_name="what")),
                    (
                        "text",
                        models.CharField(
                            blank=True, default="", max_length=300, verbose_name="text"
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by",
                        ),
                    ),
                    (
                        "loosening",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="entries",
                            to="runbooks.loosening",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "entry about a loosening",
                    "verbose_name_plural": "entries about a loosening",
                    "ordering": ["id"],
                    "default_permissions": ("view",),
                },
            ),
        ),
        migrations.RunSQL(
            sql="""
CREATE FUNCTION runbooks_action_is_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is over does not change' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER over_is_over BEFORE UPDATE ON runbooks_action FOR EACH ROW
    WHEN (OLD.state NOT IN ('proposed', 'approved', 'executing', 'unknown'))
    EXECUTE FUNCTION runbooks_action_is_over();
CREATE TRIGGER never_deleted BEFORE DELETE ON runbooks_action FOR EACH ROW
    EXECUTE FUNCTION runbooks_action_is_over();
""",
            reverse_sql="""
DROP TRIGGER over_is_over ON runbooks_action;
DROP TRIGGER never_deleted ON runbooks_action;
DROP FUNCTION runbooks_action_is_over();
""",
        ),
    ]
