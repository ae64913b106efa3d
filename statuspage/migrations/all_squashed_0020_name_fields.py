"""A new database gets here in one step; one that is on its way goes on by the single migrations."""

import core.zones
import datetime
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import statuspage.domain.phases
import statuspage.domain.states
import statuspage.models.prepared
import statuspage.models.public
import uuid
from django.conf import settings
from django.db import migrations, models

from core.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("statuspage", "0001_page"),
        ("statuspage", "0002_subscribers"),
        ("statuspage", "0003_webhooks"),
        ("statuspage", "0004_page_is_watched"),
        ("statuspage", "0005_texts"),
        ("statuspage", "0006_slack_hooks"),
        ("statuspage", "0007_chased"),
        ("statuspage", "0008_browsers"),
        ("statuspage", "0009_ledger_of_months"),
        ("statuspage", "0010_reminded"),
        ("statuspage", "0011_filled_by_itself"),
        ("statuspage", "0012_merged"),
        ("statuspage", "0013_public_charts"),
        ("statuspage", "0014_prepared_words"),
        ("statuspage", "0015_gaps_of_maintenance"),
        ("statuspage", "0016_who_set_the_impact"),
        ("statuspage", "0017_told_without_tables"),
        ("statuspage", "0018_words_of_fields"),
        ("statuspage", "0019_words_of_constraints"),
        ("statuspage", "0020_name_fields"),
    ]

    initial = True

    dependencies = [
        ("incidents", "0035_name_fields"),
        ("monitoring", "0030_name_fields"),
        ("teams", "0014_name_fields"),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="Group",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name_ko", models.CharField(max_length=120, verbose_name="name (Korean)")),
                    ("name_en", models.CharField(max_length=120, verbose_name="name (English)")),
                    (
                        "public_id",
                        models.CharField(
                            default=statuspage.models.public.new_name,
                            editable=False,
                            max_length=12,
                            unique=True,
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("updated_at", models.DateTimeField(auto_now=True)),
                    (
                        "position",
                        models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                    ),
                ],
                options={
                    "verbose_name": "group of components",
                    "verbose_name_plural": "groups of components",
                    "ordering": ["position", "pk"],
                },
            ),
            migrations.CreateModel(
                name="Prepared",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name_ko", models.CharField(max_length=120, verbose_name="name (Korean)")),
                    ("name_en", models.CharField(max_length=120, verbose_name="name (English)")),
                    (
                        "phase",
                        models.CharField(
                            choices=[
                                ("investigating", "Investigating"),
                                ("identified", "Identified"),
                                ("monitoring", "Monitoring"),
                                ("resolved", "Resolved"),
                                ("postmortem", "Postmortem"),
                                ("scheduled", "Scheduled"),
                                ("in_progress", "In progress"),
                                ("verifying", "Verifying"),
                                ("completed", "Completed"),
                                ("cancelled", "Cancelled"),
                                ("merged", "Merged"),
                            ],
                            default=statuspage.domain.phases.Phase["INVESTIGATING"],
                            max_length=16,
                            verbose_name="phase",
                        ),
                    ),
                    (
                        "body_ko",
                        models.TextField(
                            help_text="{components} becomes the names of what is affected; in words for a maintenance {times} becomes its times, {begin} and {end} either of them.",
                            validators=[statuspage.models.prepared.validate_gaps],
                            verbose_name="text (Korean)",
                        ),
                    ),
                    (
                        "body_en",
                        models.TextField(
                            blank=True,
                            validators=[statuspage.models.prepared.validate_gaps],
                            verbose_name="text (English)",
                        ),
                    ),
                    (
                        "position",
                        models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                    ),
                ],
                options={
                    "verbose_name": "prepared words",
                    "verbose_name_plural": "prepared words",
                    "ordering": ["position", "pk"],
                },
            ),
            migrations.CreateModel(
                name="Asking",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("of", models.CharField(max_length=32)),
                    ("at", models.DateTimeField()),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["of", "at"], name="asking_of"),
                        models.Index(fields=["at"], name="asking_at"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Change",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("why", models.CharField(max_length=60, verbose_name="why")),
                    ("at", models.DateTimeField(verbose_name="at")),
                    ("published_at", models.DateTimeField(null=True, verbose_name="published at")),
                ],
                options={
                    "verbose_name": "public change",
                    "verbose_name_plural": "public changes",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("published_at", None)),
                            fields=["id"],
                            name="change_unpublished",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Component",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name_ko", models.CharField(max_length=120, verbose_name="name (Korean)")),
                    ("name_en", models.CharField(max_length=120, verbose_name="name (English)")),
                    (
                        "public_id",
                        models.CharField(
                            default=statuspage.models.public.new_name,
                            editable=False,
                            max_length=12,
                            unique=True,
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("updated_at", models.DateTimeField(auto_now=True)),
                    (
                        "description_ko",
                        models.TextField(blank=True, verbose_name="description (Korean)"),
                    ),
                    (
                        "description_en",
                        models.TextField(blank=True, verbose_name="description (English)"),
                    ),
                    (
                        "position",
                        models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                    ),
                    (
                        "showcase",
                        models.BooleanField(default=True, verbose_name="shows its 90 days"),
                    ),
                    (
                        "since",
                        models.DateField(
                            help_text="Before this day nothing is said of it, neither up nor down.",
                            verbose_name="known since",
                        ),
                    ),
                    (
                        "only_if_degraded",
                        models.BooleanField(
                            default=False, verbose_name="only shown while not operational"
                        ),
                    ),
                    (
                        "services",
                        models.ManyToManyField(
                            blank=True,
                            help_text="An incident of one of these moves it.",
                            related_name="components",
                            to="teams.service",
                            verbose_name="services",
                        ),
                    ),
                    (
                        "group",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="components",
                            to="statuspage.group",
                            verbose_name="group",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "component",
                    "verbose_name_plural": "components",
                    "ordering": ["position", "pk"],
                },
            ),
            migrations.CreateModel(
                name="Entry",
                fields=[
                    (
                        "number",
                        models.PositiveIntegerField(
                            primary_key=True, serialize=False, verbose_name="number"
                        ),
                    ),
                    ("month", models.CharField(max_length=7, verbose_name="month")),
                    (
                        "kind",
                        models.CharField(
                            choices=[("month", "Frozen month"), ("erratum", "Erratum")],
                            max_length=7,
                            verbose_name="kind",
                        ),
                    ),
                    ("said", models.JSONField(editable=False, verbose_name="as published")),
                    (
                        "before",
                        models.CharField(
                            editable=False,
                            max_length=64,
                            unique=True,
                            verbose_name="digest of the one before",
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="at")),
                ],
                options={
                    "verbose_name": "ledger entry",
                    "verbose_name_plural": "ledger of months",
                    "ordering": ["number"],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("kind", "month")),
                            fields=("month",),
                            name="a_month_is_frozen_once",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Measure",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name_ko", models.CharField(max_length=120, verbose_name="name (Korean)")),
                    ("name_en", models.CharField(max_length=120, verbose_name="name (English)")),
                    (
                        "public_id",
                        models.CharField(
                            default=statuspage.models.public.new_name,
                            editable=False,
                            max_length=12,
                            unique=True,
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("updated_at", models.DateTimeField(auto_now=True)),
                    (
                        "position",
                        models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                    ),
                    (
                        "metric",
                        models.OneToOneField(
                            help_text="Customers see its course and its values, under the name given here.",
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="monitoring.metric",
                            verbose_name="metric",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "public chart",
                    "verbose_name_plural": "public charts",
                    "ordering": ["position", "pk"],
                },
            ),
            migrations.CreateModel(
                name="Notice",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "public_id",
                        models.CharField(
                            default=statuspage.models.public.new_name,
                            editable=False,
                            max_length=12,
                            unique=True,
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("updated_at", models.DateTimeField(auto_now=True)),
                    (
                        "kind",
                        models.CharField(
                            choices=[("incident", "Incident"), ("maintenance", "Maintenance")],
                            default="incident",
                            max_length=12,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "title_ko",
                        models.CharField(blank=True, max_length=255, verbose_name="title (Korean)"),
                    ),
                    (
                        "title_en",
                        models.CharField(
                            blank=True, max_length=255, verbose_name="title (English)"
                        ),
                    ),
                    (
                        "phase",
                        models.CharField(
                            choices=[
                                ("investigating", "Investigating"),
                                ("identified", "Identified"),
                                ("monitoring", "Monitoring"),
                                ("resolved", "Resolved"),
                                ("postmortem", "Postmortem"),
                                ("scheduled", "Scheduled"),
                                ("in_progress", "In progress"),
                                ("verifying", "Verifying"),
                                ("completed", "Completed"),
                                ("cancelled", "Cancelled"),
                                ("merged", "Merged"),
                            ],
                            max_length=16,
                            verbose_name="phase",
                        ),
                    ),
                    (
                        "impact",
                        models.CharField(
                            choices=[
                                ("none", "No impact"),
                                ("maintenance", "Maintenance"),
                                ("minor", "Minor"),
                                ("major", "Major"),
                                ("critical", "Critical"),
                            ],
                            default="none",
                            max_length=12,
                            verbose_name="impact",
                        ),
                    ),
                    (
                        "impact_override",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("none", "No impact"),
                                ("maintenance", "Maintenance"),
                                ("minor", "Minor"),
                                ("major", "Major"),
                                ("critical", "Critical"),
                            ],
                            max_length=12,
                            verbose_name="impact, said by a person",
                        ),
                    ),
                    ("by_person", models.BooleanField(default=False, editable=False)),
                    ("draft_ko", models.TextField(blank=True, verbose_name="next words (Korean)")),
                    ("draft_en", models.TextField(blank=True, verbose_name="next words (English)")),
                    ("started_at", models.DateTimeField(verbose_name="started at")),
                    (
                        "published_at",
                        models.DateTimeField(
                            editable=False, null=True, verbose_name="published at"
                        ),
                    ),
                    (
                        "monitoring_at",
                        models.DateTimeField(
                            editable=False, null=True, verbose_name="monitored since"
                        ),
                    ),
                    (
                        "resolved_at",
                        models.DateTimeField(editable=False, null=True, verbose_name="over at"),
                    ),
                    (
                        "next_update_by",
                        models.DateTimeField(blank=True, null=True, verbose_name="next update by"),
                    ),
                    ("backfilled", models.BooleanField(default=False, verbose_name="added later")),
                    (
                        "scheduled_for",
                        models.DateTimeField(blank=True, null=True, verbose_name="begins at"),
                    ),
                    (
                        "scheduled_until",
                        models.DateTimeField(blank=True, null=True, verbose_name="ends at"),
                    ),
                    (
                        "incident",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="notice",
                            to="incidents.incident",
                            verbose_name="incident",
                        ),
                    ),
                    (
                        "window",
                        models.OneToOneField(
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="notice",
                            to="monitoring.maintenancewindow",
                        ),
                    ),
                    ("chased_at", models.DateTimeField(editable=False, null=True)),
                    (
                        "remind",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.PositiveIntegerField(),
                            blank=True,
                            default=list,
                            editable=False,
                            size=None,
                        ),
                    ),
                    (
                        "merged_into",
                        models.ForeignKey(
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="merged",
                            to="statuspage.notice",
                        ),
                    ),
                    ("override_at", models.DateTimeField(editable=False, null=True)),
                    (
                        "override_by",
                        models.ForeignKey(
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "notice",
                    "verbose_name_plural": "notices",
                    "ordering": ["-started_at", "-pk"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("published_at__isnull", False)),
                            fields=["kind", "-started_at"],
                            name="notice_public",
                        ),
                        models.Index(
                            condition=models.Q(
                                (
                                    "phase__in",
                                    frozenset(
                                        [
                                            statuspage.domain.phases.Phase["CANCELLED"],
                                            statuspage.domain.phases.Phase["COMPLETED"],
                                            statuspage.domain.phases.Phase["MERGED"],
                                            statuspage.domain.phases.Phase["POSTMORTEM"],
                                            statuspage.domain.phases.Phase["RESOLVED"],
                                        ]
                                    ),
                                ),
                                _negated=True,
                            ),
                            fields=["kind"],
                            name="notice_going_on",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("kind", statuspage.domain.phases.Kind["MAINTENANCE"]),
                                    _negated=True,
                                ),
                                ("scheduled_until__gt", models.F("scheduled_for")),
                                _connector="OR",
                            ),
                            name="a_maintenance_ends_after_it_begins",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    (
                                        "phase__in",
                                        frozenset(
                                            [
                                                statuspage.domain.phases.Phase["CANCELLED"],
                                                statuspage.domain.phases.Phase["COMPLETED"],
                                                statuspage.domain.phases.Phase["MERGED"],
                                                statuspage.domain.phases.Phase["POSTMORTEM"],
                                                statuspage.domain.phases.Phase["RESOLVED"],
                                            ]
                                        ),
                                    ),
                                    ("resolved_at__isnull", False),
                                ),
                                models.Q(
                                    models.Q(
                                        (
                                            "phase__in",
                                            frozenset(
                                                [
                                                    statuspage.domain.phases.Phase["CANCELLED"],
                                                    statuspage.domain.phases.Phase["COMPLETED"],
                                                    statuspage.domain.phases.Phase["MERGED"],
                                                    statuspage.domain.phases.Phase["POSTMORTEM"],
                                                    statuspage.domain.phases.Phase["RESOLVED"],
                                                ]
                                            ),
                                        ),
                                        _negated=True,
                                    ),
                                    ("resolved_at", None),
                                ),
                                _connector="OR",
                            ),
                            name="a_notice_that_is_over_says_when",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Interval",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("operational", "Operational"),
                                ("unknown", "No record"),
                                ("under_maintenance", "Under maintenance"),
                                ("degraded_performance", "Degraded performance"),
                                ("partial_outage", "Partial outage"),
                                ("major_outage", "Major outage"),
                            ],
                            max_length=20,
                            verbose_name="state",
                        ),
                    ),
                    (
                        "source",
                        models.CharField(
                            choices=[
                                ("incident", "incident"),
                                ("maintenance", "maintenance"),
                                ("person", "person"),
                                ("backfill", "added later"),
                                ("unwatched", "nobody watched"),
                            ],
                            max_length=12,
                            verbose_name="source",
                        ),
                    ),
                    ("began_at", models.DateTimeField(verbose_name="from")),
                    ("ended_at", models.DateTimeField(null=True, verbose_name="until")),
                    (
                        "component",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="intervals",
                            to="statuspage.component",
                            verbose_name="component",
                        ),
                    ),
                    (
                        "notice",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="intervals",
                            to="statuspage.notice",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "state over time",
                    "verbose_name_plural": "states over time",
                    "ordering": ["began_at", "pk"],
                    "indexes": [
                        models.Index(fields=["component", "ended_at"], name="interval_recent"),
                        models.Index(
                            condition=models.Q(("ended_at", None), ("notice__isnull", False)),
                            fields=["notice"],
                            name="interval_open",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ended_at", None),
                                ("ended_at__gte", models.F("began_at")),
                                _connector="OR",
                            ),
                            name="an_interval_ends_after_it_begins",
                            violation_error_message="It has to end after it starts.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state", statuspage.domain.states.State["OPERATIONAL"]),
                                _negated=True,
                            ),
                            name="what_is_well_needs_no_interval",
                            violation_error_message="Operational is said of nothing: choose how it was otherwise.",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("ended_at", None), ("notice__isnull", False)),
                            fields=("component", "notice"),
                            name="one_open_interval_a_notice",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Affected",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("operational", "Operational"),
                                ("unknown", "No record"),
                                ("under_maintenance", "Under maintenance"),
                                ("degraded_performance", "Degraded performance"),
                                ("partial_outage", "Partial outage"),
                                ("major_outage", "Major outage"),
                            ],
                            max_length=20,
                            verbose_name="state",
                        ),
                    ),
                    (
                        "component",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="statuspage.component",
                        ),
                    ),
                    (
                        "notice",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="affected",
                            to="statuspage.notice",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "affected component",
                    "verbose_name_plural": "affected components",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("notice", "component"), name="said_once_a_component"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Page",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name_ko", models.CharField(max_length=120, verbose_name="name (Korean)")),
                    ("name_en", models.CharField(max_length=120, verbose_name="name (English)")),
                    (
                        "public_id",
                        models.CharField(
                            default=statuspage.models.public.new_name,
                            editable=False,
                            max_length=12,
                            unique=True,
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("updated_at", models.DateTimeField(auto_now=True)),
                    (
                        "url",
                        models.URLField(
                            blank=True,
                            help_text="Where customers read it, if not at this portal: https://status.example.com",
                            verbose_name="address",
                        ),
                    ),
                    (
                        "time_zone",
                        models.CharField(
                            default="Asia/Seoul",
                            help_text="A day begins at its midnight, in the bars and in the figures.",
                            max_length=64,
                            validators=[core.zones.validate_time_zone],
                            verbose_name="time zone",
                        ),
                    ),
                    (
                        "partial_weight",
                        models.PositiveSmallIntegerField(
                            default=30,
                            help_text="Of a major one, in the availability. It is printed under the bars.",
                            validators=[django.core.validators.MaxValueValidator(100)],
                            verbose_name="a partial outage counts (%)",
                        ),
                    ),
                    (
                        "follows_at_once",
                        models.BooleanField(
                            default=True,
                            help_text="Off: only when a person publishes the incident.",
                            verbose_name="components follow incidents at once",
                        ),
                    ),
                    (
                        "closes_after",
                        models.DurationField(
                            blank=True,
                            default=datetime.timedelta(seconds=900),
                            help_text="Of the incident's resolution, if nobody says so. Empty: it only asks.",
                            null=True,
                            verbose_name="says by itself that it is over, after",
                        ),
                    ),
                    ("watched_at", models.DateTimeField(editable=False, null=True)),
                ],
                options={
                    "verbose_name": "page",
                    "verbose_name_plural": "page",
                    "constraints": [
                        models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_page")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Subscriber",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    (
                        "way",
                        models.CharField(
                            choices=[
                                ("email", "Email"),
                                ("webhook", "Webhook"),
                                ("sms", "Text message"),
                                ("slack", "Slack"),
                                ("push", "This browser"),
                            ],
                            default="email",
                            max_length=12,
                            verbose_name="way",
                        ),
                    ),
                    ("address", models.CharField(max_length=500, verbose_name="address")),
                    (
                        "language",
                        models.CharField(
                            choices=[("ko", "Korean"), ("en", "English")],
                            max_length=8,
                            verbose_name="language",
                        ),
                    ),
                    (
                        "standing",
                        models.CharField(
                            choices=[
                                ("unconfirmed", "Not confirmed yet"),
                                ("active", "Active"),
                                ("quarantined", "Cannot be reached"),
                                ("gone", "Unsubscribed"),
                            ],
                            default="unconfirmed",
                            max_length=12,
                            verbose_name="standing",
                        ),
                    ),
                    (
                        "components",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), blank=True, default=list, size=None
                        ),
                    ),
                    (
                        "groups",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), blank=True, default=list, size=None
                        ),
                    ),
                    (
                        "minimum",
                        models.CharField(
                            choices=[
                                ("none", "Everything"),
                                ("minor", "Minor or graver"),
                                ("major", "Major or graver"),
                                ("critical", "Critical only"),
                            ],
                            default="none",
                            max_length=12,
                            verbose_name="minimum impact",
                        ),
                    ),
                    ("incidents", models.BooleanField(default=True, verbose_name="incidents")),
                    ("maintenance", models.BooleanField(default=True, verbose_name="maintenance")),
                    (
                        "quiet",
                        models.BooleanField(
                            default=False, verbose_name="only the beginning and the end"
                        ),
                    ),
                    ("created_at", models.DateTimeField(verbose_name="created at")),
                    ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed at")),
                    ("ended_at", models.DateTimeField(null=True, verbose_name="since")),
                    ("why", models.CharField(blank=True, max_length=200, verbose_name="why")),
                    ("soft_bounces", models.PositiveSmallIntegerField(default=0)),
                    ("soft_since", models.DateTimeField(null=True)),
                    (
                        "letter",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("confirm", "to confirm"),
                                ("manage", "to manage"),
                                ("broken", "that nothing is sent any more"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("letter_at", models.DateTimeField(null=True)),
                    ("letter_due_at", models.DateTimeField(null=True)),
                    ("letter_tries", models.PositiveSmallIntegerField(default=0)),
                    (
                        "contact",
                        models.EmailField(blank=True, max_length=254, verbose_name="mail address"),
                    ),
                    ("failing_since", models.DateTimeField(null=True)),
                    ("failures", models.PositiveSmallIntegerField(default=0)),
                    (
                        "shape",
                        models.CharField(
                            choices=[
                                ("standard", "Standard Webhooks"),
                                ("statuspage", "as Statuspage sends it"),
                            ],
                            default="standard",
                            max_length=12,
                            verbose_name="shape",
                        ),
                    ),
                    ("guesses", models.PositiveSmallIntegerField(db_default=0, default=0)),
                    ("push_keys", models.CharField(blank=True, db_default="", max_length=200)),
                ],
                options={
                    "verbose_name": "subscriber",
                    "verbose_name_plural": "subscribers",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("standing", "active")),
                            fields=["way", "id"],
                            name="subscriber_told",
                        ),
                        models.Index(
                            condition=models.Q(("letter_due_at__isnull", False)),
                            fields=["letter_due_at"],
                            name="subscriber_letter_due",
                        ),
                        models.Index(
                            condition=models.Q(("standing", "quarantined")),
                            fields=["ended_at"],
                            name="subscriber_quarantined",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("way", "address"), name="an_address_subscribes_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("standing", "active"), _negated=True),
                                ("confirmed_at__isnull", False),
                                _connector="OR",
                            ),
                            name="nobody_is_told_unconfirmed",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Update",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "public_id",
                        models.CharField(
                            default=statuspage.models.public.new_name,
                            editable=False,
                            max_length=12,
                            unique=True,
                        ),
                    ),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    ("updated_at", models.DateTimeField(auto_now=True)),
                    (
                        "phase",
                        models.CharField(
                            choices=[
                                ("investigating", "Investigating"),
                                ("identified", "Identified"),
                                ("monitoring", "Monitoring"),
                                ("resolved", "Resolved"),
                                ("postmortem", "Postmortem"),
                                ("scheduled", "Scheduled"),
                                ("in_progress", "In progress"),
                                ("verifying", "Verifying"),
                                ("completed", "Completed"),
                                ("cancelled", "Cancelled"),
                                ("merged", "Merged"),
                            ],
                            max_length=16,
                            verbose_name="phase",
                        ),
                    ),
                    ("body_ko", models.TextField(blank=True, verbose_name="text (Korean)")),
                    ("body_en", models.TextField(blank=True, verbose_name="text (English)")),
                    ("at", models.DateTimeField(verbose_name="at")),
                    (
                        "told",
                        models.BooleanField(default=True, verbose_name="subscribers are told"),
                    ),
                    ("changes", models.JSONField(default=list, editable=False)),
                    (
                        "by",
                        models.ForeignKey(
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by",
                        ),
                    ),
                    (
                        "notice",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="updates",
                            to="statuspage.notice",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "update",
                    "verbose_name_plural": "updates",
                    "ordering": ["-at", "-pk"],
                    "indexes": [models.Index(fields=["notice", "-at"], name="update_newest")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("body_en", ""), ("body_ko", ""), _negated=True),
                            name="an_update_says_something",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Mailing",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "way",
                        models.CharField(
                            choices=[
                                ("email", "Email"),
                                ("webhook", "Webhook"),
                                ("sms", "Text message"),
                                ("slack", "Slack"),
                                ("push", "This browser"),
                            ],
                            max_length=12,
                            verbose_name="way",
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="at")),
                    (
                        "kind",
                        models.CharField(
                            choices=[("incident", "Incident"), ("maintenance", "Maintenance")],
                            max_length=12,
                        ),
                    ),
                    (
                        "impact",
                        models.CharField(
                            choices=[
                                ("none", "No impact"),
                                ("maintenance", "Maintenance"),
                                ("minor", "Minor"),
                                ("major", "Major"),
                                ("critical", "Critical"),
                            ],
                            max_length=12,
                        ),
                    ),
                    (
                        "components",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), size=None
                        ),
                    ),
                    (
                        "groups",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.BigIntegerField(), size=None
                        ),
                    ),
                    ("quiet_after", models.BigIntegerField(null=True)),
                    ("cursor", models.BigIntegerField(default=0)),
                    ("sent", models.PositiveBigIntegerField(default=0, verbose_name="sent")),
                    ("failed", models.PositiveBigIntegerField(default=0, verbose_name="failed")),
                    (
                        "unsure",
                        models.PositiveIntegerField(default=0, verbose_name="perhaps twice"),
                    ),
                    ("walked_at", models.DateTimeField(null=True)),
                    ("done_at", models.DateTimeField(null=True, verbose_name="done at")),
                    (
                        "superseded_at",
                        models.DateTimeField(null=True, verbose_name="superseded at"),
                    ),
                    (
                        "notice",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="mailings",
                            to="statuspage.notice",
                        ),
                    ),
                    (
                        "update",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="mailings",
                            to="statuspage.update",
                        ),
                    ),
                    ("foretold", models.PositiveBigIntegerField(db_default=0, default=0)),
                ],
                options={
                    "verbose_name": "mailing",
                    "verbose_name_plural": "mailings",
                    "ordering": ["-pk"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("walked_at", None)),
                            fields=["way", "id"],
                            name="mailing_walking",
                        ),
                        models.Index(
                            condition=models.Q(("done_at", None)),
                            fields=["notice"],
                            name="mailing_of_notice",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("update", "way"), name="an_update_is_mailed_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Deferred",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "way",
                        models.CharField(
                            choices=[
                                ("email", "Email"),
                                ("webhook", "Webhook"),
                                ("sms", "Text message"),
                                ("slack", "Slack"),
                                ("push", "This browser"),
                            ],
                            max_length=12,
                        ),
                    ),
                    ("tries", models.PositiveSmallIntegerField(default=1)),
                    ("due_at", models.DateTimeField()),
                    (
                        "mailing",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="deferred",
                            to="statuspage.mailing",
                        ),
                    ),
                    (
                        "subscriber",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="deferred",
                            to="statuspage.subscriber",
                        ),
                    ),
                ],
                options={
                    "indexes": [models.Index(fields=["way", "due_at"], name="deferred_due")],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("mailing", "subscriber"), name="deferred_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Correction",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("operational", "Operational"),
                                ("unknown", "No record"),
                                ("under_maintenance", "Under maintenance"),
                                ("degraded_performance", "Degraded performance"),
                                ("partial_outage", "Partial outage"),
                                ("major_outage", "Major outage"),
                            ],
                            max_length=20,
                            verbose_name="state before",
                        ),
                    ),
                    ("began_at", models.DateTimeField(verbose_name="from, before")),
                    ("ended_at", models.DateTimeField(verbose_name="until, before")),
                    ("why_ko", models.TextField(blank=True, verbose_name="why (Korean)")),
                    ("why_en", models.TextField(blank=True, verbose_name="why (English)")),
                    ("at", models.DateTimeField(verbose_name="at")),
                    (
                        "by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "interval",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="corrections",
                            to="statuspage.interval",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "correction",
                    "verbose_name_plural": "corrections",
                    "ordering": ["-at", "-pk"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("why_en", ""), ("why_ko", ""), _negated=True),
                            name="a_correction_says_why",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Foretold",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("subscriber", models.BigIntegerField()),
                    (
                        "mailing",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="statuspage.mailing",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("mailing", "subscriber"), name="foretold_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Batch",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "way",
                        models.CharField(
                            choices=[
                                ("email", "Email"),
                                ("webhook", "Webhook"),
                                ("sms", "Text message"),
                                ("slack", "Slack"),
                                ("push", "This browser"),
                            ],
                            max_length=12,
                        ),
                    ),
                    ("reached", models.BigIntegerField()),
                    ("until", models.BigIntegerField()),
                    ("sent", models.PositiveIntegerField(default=0)),
                    ("token", models.UUIDField(null=True)),
                    ("lease_until", models.DateTimeField()),
                    (
                        "mailing",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="batches",
                            to="statuspage.mailing",
                        ),
                    ),
                ],
                options={
                    "indexes": [models.Index(fields=["way", "lease_until"], name="batch_due")],
                },
            ),
        ),
        migrations.RunSQL(
            sql="""
CREATE FUNCTION statuspage_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is frozen does not change' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON statuspage_entry
    FOR EACH ROW EXECUTE FUNCTION statuspage_entry_is_append_only();
""",
            reverse_sql="""
DROP TRIGGER append_only ON statuspage_entry;
DROP FUNCTION statuspage_entry_is_append_only();
""",
        ),
    ]
