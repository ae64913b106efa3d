"""A new database gets here in one step; one that is on its way goes on by the single migrations."""

import datetime
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.core.validators
import django.db.models.deletion
import django.db.models.fields.json
import django.db.models.functions.text
import incidents.models.stakeholders
import incidents.models.suggestion
import incidents.search
import uuid
from django.conf import settings
from django.db import migrations, models

from core.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("incidents", "0001_initial"),
        ("incidents", "0002_append_only_timeline"),
        ("incidents", "0003_short_words_of_titles"),
        ("incidents", "0004_clocks_warn"),
        ("incidents", "0005_severity_says_more"),
        ("incidents", "0006_stakeholder_rules"),
        ("incidents", "0007_key_moments"),
        ("incidents", "0008_suggestions"),
        ("incidents", "0009_tasks"),
        ("incidents", "0010_stakeholder_messages"),
        ("incidents", "0011_response_clock_since"),
        ("incidents", "0012_evidence"),
        ("incidents", "0013_similar_incidents"),
        ("incidents", "0014_roles"),
        ("incidents", "0015_briefings"),
        ("incidents", "0016_merging"),
        ("incidents", "0017_escalation_policies"),
        ("incidents", "0018_nearest_titles"),
        ("incidents", "0019_drills"),
        ("incidents", "0020_presence"),
        ("incidents", "0021_assembly"),
        ("incidents", "0022_channels_follow"),
        ("incidents", "0023_silence_said"),
        ("incidents", "0024_names_have_labels"),
        ("incidents", "0025_events_as_they_happened"),
        ("incidents", "0026_told_at_once"),
        ("incidents", "0027_routed_to"),
        ("incidents", "0028_runbook_url"),
        ("incidents", "0029_names_in_the_console"),
        ("incidents", "0030_words_of_incidents_and_notes"),
        ("incidents", "0031_related_incidents"),
        ("incidents", "0032_confirmations"),
        ("incidents", "0033_incident_translations"),
        ("incidents", "0034_words_of_constraints"),
        ("incidents", "0035_name_fields"),
    ]

    initial = True

    dependencies = [
        ("monitoring", "0030_name_fields"),
        ("teams", "0014_name_fields"),
    ]

    operations = [
        django.contrib.postgres.operations.TrigramExtension(),
        CreateModels(
            migrations.CreateModel(
                name="MessageTemplate",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name_ko", models.CharField(max_length=120, verbose_name="name (Korean)")),
                    ("name_en", models.CharField(max_length=120, verbose_name="name (English)")),
                    ("slug", models.SlugField(unique=True, verbose_name="slug")),
                    (
                        "subject_ko",
                        models.CharField(
                            max_length=200,
                            validators=[incidents.models.stakeholders.validate_placeholders],
                            verbose_name="subject (Korean)",
                        ),
                    ),
                    (
                        "body_ko",
                        models.TextField(
                            max_length=5000,
                            validators=[incidents.models.stakeholders.validate_placeholders],
                            verbose_name="text (Korean)",
                        ),
                    ),
                    (
                        "subject_en",
                        models.CharField(
                            max_length=200,
                            validators=[incidents.models.stakeholders.validate_placeholders],
                            verbose_name="subject (English)",
                        ),
                    ),
                    (
                        "body_en",
                        models.TextField(
                            max_length=5000,
                            validators=[incidents.models.stakeholders.validate_placeholders],
                            verbose_name="text (English)",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "message template",
                    "verbose_name_plural": "message templates",
                    "ordering": ["slug"],
                },
            ),
            migrations.CreateModel(
                name="Confirmation",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("command", models.TextField()),
                    ("at", models.DateTimeField()),
                    ("tries", models.PositiveSmallIntegerField(default=0)),
                    ("used", models.BooleanField(default=False)),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "default_permissions": (),
                },
            ),
            migrations.CreateModel(
                name="StakeholderRule",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "events",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(
                                choices=[
                                    ("opened", "Opened or reopened"),
                                    ("severity", "Severity changed"),
                                    ("impact", "Customers began to feel it"),
                                    ("update_due", "Update due"),
                                    ("resolved", "Resolved"),
                                ],
                                max_length=12,
                            ),
                            size=None,
                            verbose_name="when",
                        ),
                    ),
                    (
                        "at_least",
                        models.CharField(
                            blank=True,
                            choices=[("P0", "P0"), ("P1", "P1"), ("P2", "P2"), ("P3", "P3")],
                            default="",
                            max_length=2,
                            verbose_name="this severity or graver",
                        ),
                    ),
                    (
                        "customer_impact",
                        models.BooleanField(
                            default=False, verbose_name="only if customers feel it"
                        ),
                    ),
                    (
                        "urgency",
                        models.CharField(
                            choices=[
                                ("immediate", "Immediate"),
                                ("high", "High"),
                                ("normal", "Normal"),
                                ("low", "Low"),
                            ],
                            default="high",
                            help_text="Immediate: at once by the loudest channel. High: within a minute. Others: one message an hour with all incidents in it.",
                            max_length=10,
                            verbose_name="urgency",
                        ),
                    ),
                    (
                        "automatic",
                        models.BooleanField(
                            default=False,
                            help_text="Only for internal groups.",
                            verbose_name="goes without approval",
                        ),
                    ),
                    (
                        "second_person",
                        models.BooleanField(
                            default=False,
                            help_text="Whoever wrote or changed the text may not approve it.",
                            verbose_name="a second person approves",
                        ),
                    ),
                    ("enabled", models.BooleanField(default=True, verbose_name="enabled")),
                    (
                        "group",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="rules",
                            to="teams.stakeholdergroup",
                            verbose_name="stakeholder group",
                        ),
                    ),
                    (
                        "services",
                        models.ManyToManyField(
                            blank=True,
                            help_text="Empty: any service.",
                            to="teams.service",
                            verbose_name="only these services",
                        ),
                    ),
                    (
                        "template",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="rules",
                            to="incidents.messagetemplate",
                            verbose_name="message template",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "stakeholder rule",
                    "verbose_name_plural": "stakeholder rules",
                    "ordering": ["pk"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("automatic", True), ("second_person", True), _negated=True
                            ),
                            name="nobody_approves_what_goes_by_itself",
                            violation_error_message="What goes without approval has nobody to approve it: choose one of both.",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="SuggestionRule",
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
                        "severity",
                        models.CharField(
                            choices=[("P0", "P0"), ("P1", "P1"), ("P2", "P2"), ("P3", "P3")],
                            max_length=2,
                            verbose_name="severity",
                        ),
                    ),
                    (
                        "words",
                        models.TextField(
                            blank=True,
                            help_text="Of every line one word must be found; commas between words of one meaning, Korean and English together. A Korean verb ending in 다 is found in all its forms: 멈추다 in 멈췄어요.",
                            verbose_name="words",
                        ),
                    ),
                    (
                        "label",
                        models.CharField(
                            blank=True,
                            help_text="As key=value, such as team=core.",
                            max_length=200,
                            validators=[incidents.models.suggestion.a_label],
                            verbose_name="label of an alert",
                        ),
                    ),
                    (
                        "agreed",
                        models.PositiveIntegerField(
                            default=0, editable=False, verbose_name="agreed"
                        ),
                    ),
                    (
                        "disagreed",
                        models.PositiveIntegerField(
                            default=0, editable=False, verbose_name="disagreed"
                        ),
                    ),
                    (
                        "service",
                        models.ForeignKey(
                            blank=True,
                            help_text="Only when it is among the affected services.",
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            to="teams.service",
                            verbose_name="service",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "suggestion rule",
                    "verbose_name_plural": "suggestion rules",
                    "ordering": ["severity", "id"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("words", ""), _negated=True),
                                ("service__isnull", False),
                                models.Q(("label", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="a_rule_asks_for_something",
                            violation_error_message="Name words, a service or a label.",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="EscalationPolicy",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name_ko", models.CharField(max_length=120, verbose_name="name (Korean)")),
                    ("name_en", models.CharField(max_length=120, verbose_name="name (English)")),
                    ("slug", models.SlugField(unique=True, verbose_name="slug")),
                    (
                        "repeats",
                        models.PositiveSmallIntegerField(
                            default=0,
                            help_text="How often the steps are gone through again while nobody answers.",
                            validators=[django.core.validators.MaxValueValidator(9)],
                            verbose_name="repeats",
                        ),
                    ),
                    (
                        "answers",
                        models.PositiveSmallIntegerField(
                            default=1,
                            help_text="So many people must acknowledge before the calls stop.",
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(20),
                            ],
                            verbose_name="answers needed",
                        ),
                    ),
                    (
                        "lasts",
                        models.DurationField(
                            blank=True,
                            help_text="If nothing is done for so long after it, the incident calls again. Half an hour is 00:30:00. Empty: for ever.",
                            null=True,
                            validators=[
                                django.core.validators.MinValueValidator(
                                    datetime.timedelta(seconds=60), "At least one minute: 00:01:00."
                                )
                            ],
                            verbose_name="an acknowledgement lasts",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "escalation policy",
                    "verbose_name_plural": "escalation policies",
                    "ordering": ["slug"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("answers__gte", 1),
                                models.Q(
                                    ("lasts", None),
                                    ("lasts__gt", datetime.timedelta(0)),
                                    _connector="OR",
                                ),
                            ),
                            name="an_answer_lasts",
                            violation_error_message="At least one answer is needed, and an acknowledgement lasts longer than no time.",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="PolicyVersion",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.PositiveIntegerField(verbose_name="version")),
                    ("plan", models.JSONField()),
                    ("made_at", models.DateTimeField(verbose_name="made at")),
                    (
                        "made_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "policy",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="versions",
                            to="incidents.escalationpolicy",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "version of an escalation policy",
                    "verbose_name_plural": "versions of escalation policies",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("policy", "number"), name="one_version_a_number"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Incident",
                fields=[
                    (
                        "number",
                        models.BigAutoField(
                            primary_key=True, serialize=False, verbose_name="number"
                        ),
                    ),
                    ("title", models.TextField(verbose_name="title")),
                    (
                        "description",
                        models.TextField(blank=True, default="", verbose_name="description"),
                    ),
                    (
                        "severity",
                        models.CharField(
                            choices=[("P0", "P0"), ("P1", "P1"), ("P2", "P2"), ("P3", "P3")],
                            max_length=2,
                            verbose_name="severity",
                        ),
                    ),
                    (
                        "response_since",
                        models.DateTimeField(verbose_name="response clock runs since"),
                    ),
                    (
                        "severity_by_person",
                        models.BooleanField(
                            default=False, verbose_name="severity chosen by a person"
                        ),
                    ),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("triggered", "Triggered"),
                                ("acknowledged", "Acknowledged"),
                                ("mitigated", "Mitigated"),
                                ("resolved", "Resolved"),
                            ],
                            default="triggered",
                            max_length=12,
                            verbose_name="status",
                        ),
                    ),
                    (
                        "group",
                        models.CharField(
                            blank=True, default="", max_length=360, verbose_name="group"
                        ),
                    ),
                    (
                        "last_alert_at",
                        models.DateTimeField(null=True, verbose_name="last alert at"),
                    ),
                    (
                        "started_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="started at"),
                    ),
                    ("detected_at", models.DateTimeField(verbose_name="detected at")),
                    ("clock_since", models.DateTimeField(verbose_name="clock runs since")),
                    (
                        "acknowledged_at",
                        models.DateTimeField(null=True, verbose_name="acknowledged at"),
                    ),
                    ("mitigated_at", models.DateTimeField(null=True, verbose_name="mitigated at")),
                    ("resolved_at", models.DateTimeField(null=True, verbose_name="resolved at")),
                    (
                        "resolution_proposed_at",
                        models.DateTimeField(null=True, verbose_name="resolution proposed at"),
                    ),
                    ("respond_by", models.DateTimeField(verbose_name="respond by")),
                    ("resolve_by", models.DateTimeField(verbose_name="resolve by")),
                    (
                        "response_breached",
                        models.BooleanField(default=False, verbose_name="nobody answered in time"),
                    ),
                    (
                        "resolution_breached",
                        models.BooleanField(default=False, verbose_name="resolution target missed"),
                    ),
                    (
                        "page_round",
                        models.PositiveSmallIntegerField(default=0, verbose_name="page round"),
                    ),
                    ("timeline_length", models.PositiveIntegerField(default=0)),
                    (
                        "timeline_head",
                        models.CharField(
                            default="0000000000000000000000000000000000000000000000000000000000000000",
                            max_length=64,
                        ),
                    ),
                    (
                        "acknowledged_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="acknowledged by",
                        ),
                    ),
                    (
                        "services",
                        models.ManyToManyField(
                            blank=True, to="teams.service", verbose_name="services"
                        ),
                    ),
                    (
                        "resolution_warn_at",
                        models.DateTimeField(
                            editable=False, null=True, verbose_name="resolution warning at"
                        ),
                    ),
                    ("resolution_warned", models.BooleanField(default=False, editable=False)),
                    (
                        "response_warn_at",
                        models.DateTimeField(
                            editable=False, null=True, verbose_name="response warning at"
                        ),
                    ),
                    ("response_warned", models.BooleanField(default=False, editable=False)),
                    ("unsaid", models.PositiveIntegerField(default=0, editable=False)),
                    (
                        "customer_impact",
                        models.BooleanField(default=False, verbose_name="customers feel it"),
                    ),
                    (
                        "merged_into",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="merged",
                            to="incidents.incident",
                            verbose_name="merged into",
                        ),
                    ),
                    (
                        "answer_lapses_at",
                        models.DateTimeField(
                            editable=False, null=True, verbose_name="answer lapses at"
                        ),
                    ),
                    (
                        "escalate_at",
                        models.DateTimeField(
                            editable=False, null=True, verbose_name="next call at"
                        ),
                    ),
                    (
                        "escalation_place",
                        models.PositiveSmallIntegerField(default=0, editable=False),
                    ),
                    (
                        "escalation",
                        models.ForeignKey(
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="incidents.policyversion",
                        ),
                    ),
                    ("drill", models.BooleanField(default=False, verbose_name="drill")),
                    (
                        "routed_to",
                        models.ForeignKey(
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="teams.team",
                            verbose_name="team of its route",
                        ),
                    ),
                    (
                        "runbook_url",
                        models.TextField(blank=True, default="", verbose_name="runbook"),
                    ),
                    (
                        "translations",
                        models.JSONField(
                            db_default=models.Value({}, models.JSONField()),
                            default=dict,
                            editable=False,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "incident",
                    "verbose_name_plural": "incidents",
                    "ordering": ["-number"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("status", "triggered")),
                            fields=["respond_by"],
                            name="incident_unanswered",
                        ),
                        models.Index(
                            condition=models.Q(
                                models.Q(("status", "resolved"), _negated=True),
                                ("resolution_breached", False),
                            ),
                            fields=["resolve_by"],
                            name="incident_unresolved",
                        ),
                        models.Index(
                            condition=models.Q(("status", "resolved"), _negated=True),
                            fields=["group"],
                            name="incident_open",
                        ),
                        models.Index(
                            condition=models.Q(("status", "resolved"), _negated=True),
                            fields=["severity", "-number"],
                            name="incident_open_list",
                        ),
                        models.Index(
                            condition=models.Q(("status", "resolved")),
                            fields=["-resolved_at"],
                            name="incident_resolved",
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            django.contrib.postgres.indexes.OpClass(
                                django.db.models.functions.text.Upper("title"), name="gin_trgm_ops"
                            ),
                            name="incident_title_words",
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            incidents.search.Letters(
                                django.db.models.functions.text.Upper("title")
                            ),
                            name="incident_title_letters",
                        ),
                        models.Index(
                            condition=models.Q(("response_warned", False), ("status", "triggered")),
                            fields=["response_warn_at"],
                            name="incident_response_warning",
                        ),
                        models.Index(
                            condition=models.Q(
                                models.Q(("status", "resolved"), _negated=True),
                                ("resolution_breached", False),
                                ("resolution_warned", False),
                            ),
                            fields=["resolution_warn_at"],
                            name="incident_resolution_warning",
                        ),
                        models.Index(
                            condition=models.Q(("group", ""), _negated=True),
                            fields=["group", "-number"],
                            name="incident_kin",
                        ),
                        models.Index(
                            condition=models.Q(("merged_into__isnull", False)),
                            fields=["merged_into"],
                            name="incident_merged",
                        ),
                        models.Index(
                            condition=models.Q(("merged_into__isnull", False)),
                            fields=["group"],
                            name="incident_moved_group",
                        ),
                        models.Index(
                            condition=models.Q(("status", "triggered")),
                            fields=["escalate_at"],
                            name="incident_next_call",
                        ),
                        models.Index(
                            condition=models.Q(("status", "acknowledged")),
                            fields=["answer_lapses_at"],
                            name="incident_answer_lapses",
                        ),
                        django.contrib.postgres.indexes.GistIndex(
                            django.contrib.postgres.indexes.OpClass(
                                "title", name="gist_trgm_ops(siglen=64)"
                            ),
                            name="incident_title_nearest",
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            incidents.search.Words("title", "description"), name="incident_words"
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("resolved_at__isnull", False), ("status", "resolved")),
                                models.Q(
                                    models.Q(("status", "resolved"), _negated=True),
                                    ("resolved_at", None),
                                ),
                                _connector="OR",
                            ),
                            name="resolved_has_a_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("status", "acknowledged"), _negated=True),
                                ("acknowledged_at__isnull", False),
                                _connector="OR",
                            ),
                            name="acknowledged_has_a_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("merged_into", None),
                                models.Q(
                                    ("status", "resolved"),
                                    models.Q(("merged_into", models.F("number")), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="merged_is_over",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Evidence",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=120, verbose_name="name")),
                    ("kind", models.CharField(max_length=40, verbose_name="kind")),
                    ("size", models.PositiveIntegerField(verbose_name="bytes")),
                    ("sha256", models.CharField(max_length=64)),
                    ("at", models.DateTimeField(verbose_name="at")),
                    ("removed_at", models.DateTimeField(null=True, verbose_name="removed at")),
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
                        "incident",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="evidence",
                            to="incidents.incident",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "evidence",
                    "verbose_name_plural": "evidence",
                    "ordering": ["pk"],
                    "default_permissions": (),
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("removed_at", None)),
                            fields=("incident", "sha256"),
                            name="one_evidence_a_content",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="EvidenceContent",
                fields=[
                    (
                        "evidence",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="content",
                            serialize=False,
                            to="incidents.evidence",
                        ),
                    ),
                    ("body", models.BinaryField()),
                ],
                options={
                    "default_permissions": (),
                },
            ),
            migrations.CreateModel(
                name="LinkedAlert",
                fields=[
                    (
                        "alert",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="incident_link",
                            serialize=False,
                            to="monitoring.alert",
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="joined at")),
                    (
                        "incident",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="alert_links",
                            to="incidents.incident",
                        ),
                    ),
                    (
                        "came_from",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="incidents.incident",
                        ),
                    ),
                    ("silence_said", models.UUIDField(null=True)),
                ],
                options={
                    "verbose_name": "linked alert",
                    "verbose_name_plural": "linked alerts",
                },
            ),
            migrations.CreateModel(
                name="Occasion",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "event",
                        models.CharField(
                            choices=[
                                ("opened", "Opened or reopened"),
                                ("severity", "Severity changed"),
                                ("impact", "Customers began to feel it"),
                                ("update_due", "Update due"),
                                ("resolved", "Resolved"),
                            ],
                            max_length=12,
                        ),
                    ),
                    (
                        "severity",
                        models.CharField(
                            choices=[("P0", "P0"), ("P1", "P1"), ("P2", "P2"), ("P3", "P3")],
                            max_length=2,
                        ),
                    ),
                    ("at", models.DateTimeField()),
                    (
                        "incident",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="incidents.incident",
                        ),
                    ),
                    (
                        "group",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="teams.stakeholdergroup",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Pin",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("seq", models.PositiveIntegerField()),
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
                        "incident",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="pins",
                            to="incidents.incident",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "key moment",
                    "verbose_name_plural": "key moments",
                    "default_permissions": (),
                    "constraints": [
                        models.UniqueConstraint(fields=("incident", "seq"), name="one_pin_a_moment")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Presence",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("seen_at", models.DateTimeField()),
                    (
                        "incident",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="presences",
                            to="incidents.incident",
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "default_permissions": (),
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("incident", "user"), name="one_presence_a_person"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Related",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "relation",
                        models.CharField(
                            choices=[
                                ("related", "Related to"),
                                ("caused_by", "Caused by"),
                                ("causes", "The cause of"),
                                ("duplicate", "A duplicate of"),
                            ],
                            max_length=10,
                            verbose_name="relation",
                        ),
                    ),
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
                        "incident",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="relations",
                            to="incidents.incident",
                        ),
                    ),
                    (
                        "other",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="incidents.incident",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "related incident",
                    "verbose_name_plural": "related incidents",
                    "ordering": ["-other"],
                    "default_permissions": (),
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("incident", "other"), name="one_relation_a_pair"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("incident", models.F("other")), _negated=True),
                            name="related_to_another",
                        ),
                    ],
                },
            ),
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
            migrations.CreateModel(
                name="SeverityPolicy",
                fields=[
                    ("name_ko", models.CharField(max_length=120, verbose_name="name (Korean)")),
                    ("name_en", models.CharField(max_length=120, verbose_name="name (English)")),
                    (
                        "severity",
                        models.CharField(
                            choices=[("P0", "P0"), ("P1", "P1"), ("P2", "P2"), ("P3", "P3")],
                            max_length=2,
                            primary_key=True,
                            serialize=False,
                            verbose_name="severity",
                        ),
                    ),
                    ("meaning_ko", models.TextField(blank=True, verbose_name="meaning (Korean)")),
                    ("meaning_en", models.TextField(blank=True, verbose_name="meaning (English)")),
                    ("examples_ko", models.TextField(blank=True, verbose_name="examples (Korean)")),
                    (
                        "examples_en",
                        models.TextField(blank=True, verbose_name="examples (English)"),
                    ),
                    (
                        "respond_within",
                        models.DurationField(
                            help_text="Nobody answers in time: one severity up. Half an hour is 00:30:00.",
                            validators=[
                                django.core.validators.MinValueValidator(
                                    datetime.timedelta(seconds=60), "At least one minute: 00:01:00."
                                )
                            ],
                            verbose_name="respond within",
                        ),
                    ),
                    (
                        "resolve_within",
                        models.DurationField(
                            help_text="Counted from detection. A day is 1 00:00:00.",
                            validators=[
                                django.core.validators.MinValueValidator(
                                    datetime.timedelta(seconds=60), "At least one minute: 00:01:00."
                                )
                            ],
                            verbose_name="resolve within",
                        ),
                    ),
                    (
                        "channels",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=20),
                            help_text="Comma-separated: voice, sms, slack, email, webhook.",
                            size=None,
                            verbose_name="channels, the loudest first",
                        ),
                    ),
                    (
                        "team",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            to="teams.team",
                            verbose_name="response team",
                        ),
                    ),
                    (
                        "warn_at",
                        models.PositiveSmallIntegerField(
                            default=75,
                            help_text="Per cent of the time used. Holds for clocks that are set from now on.",
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(99),
                            ],
                            verbose_name="warn at (%)",
                        ),
                    ),
                    (
                        "postmortem_due",
                        models.DurationField(
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
                    (
                        "public_impact",
                        models.CharField(
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
                    (
                        "required_roles",
                        django.contrib.postgres.fields.ArrayField(
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
                    (
                        "update_every",
                        models.DurationField(
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
                    (
                        "escalation",
                        models.ForeignKey(
                            blank=True,
                            help_text="Empty: the response team, at once.",
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            to="incidents.escalationpolicy",
                            verbose_name="escalation policy",
                        ),
                    ),
                    (
                        "assembles",
                        models.BooleanField(
                            default=False,
                            help_text="In Slack, with everybody who was paged. Otherwise a commander opens it.",
                            verbose_name="opens a channel at once",
                        ),
                    ),
                    (
                        "tells_leaders",
                        models.BooleanField(
                            default=False,
                            help_text="Whoever leads the response team, or a team that owns an affected service, and is not paged.",
                            verbose_name="tells team leaders at once",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "severity",
                    "verbose_name_plural": "severities",
                    "ordering": ["severity"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("resolve_within__gt", datetime.timedelta(0)),
                                ("respond_within__gt", datetime.timedelta(0)),
                                ("warn_at__range", (1, 99)),
                            ),
                            name="clocks_take_time",
                            violation_error_message="Both clocks take some time, and the warning comes between 1 and 99 per cent of it.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("update_every", None),
                                ("update_every__gt", datetime.timedelta(0)),
                                _connector="OR",
                            ),
                            name="updates_take_time",
                            violation_error_message="It has to be longer than no time; empty for none.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("postmortem_due", None),
                                ("postmortem_due__gt", datetime.timedelta(0)),
                                _connector="OR",
                            ),
                            name="postmortems_take_time",
                            violation_error_message="It has to be longer than no time; empty for none.",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="StakeholderMessage",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "event",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("opened", "Opened or reopened"),
                                ("severity", "Severity changed"),
                                ("impact", "Customers began to feel it"),
                                ("update_due", "Update due"),
                                ("resolved", "Resolved"),
                            ],
                            default="",
                            max_length=12,
                            verbose_name="when",
                        ),
                    ),
                    (
                        "urgency",
                        models.CharField(
                            choices=[
                                ("immediate", "Immediate"),
                                ("high", "High"),
                                ("normal", "Normal"),
                                ("low", "Low"),
                            ],
                            max_length=10,
                            verbose_name="urgency",
                        ),
                    ),
                    ("external", models.BooleanField(default=False)),
                    (
                        "automatic",
                        models.BooleanField(default=False, verbose_name="goes without approval"),
                    ),
                    (
                        "second_person",
                        models.BooleanField(default=False, verbose_name="a second person approves"),
                    ),
                    (
                        "subject_ko",
                        models.CharField(max_length=300, verbose_name="subject (Korean)"),
                    ),
                    ("body_ko", models.TextField(verbose_name="text (Korean)")),
                    (
                        "subject_en",
                        models.CharField(max_length=300, verbose_name="subject (English)"),
                    ),
                    ("body_en", models.TextField(verbose_name="text (English)")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("draft", "Waiting for approval"),
                                ("approved", "Approved"),
                                ("sent", "Sent"),
                                ("failed", "Not delivered"),
                                ("withdrawn", "Withdrawn"),
                            ],
                            default="draft",
                            max_length=10,
                            verbose_name="state",
                        ),
                    ),
                    ("version", models.PositiveIntegerField(default=1)),
                    ("drafted_at", models.DateTimeField(verbose_name="drafted at")),
                    ("approved_at", models.DateTimeField(null=True, verbose_name="approved at")),
                    ("goes_at", models.DateTimeField(null=True, verbose_name="goes at")),
                    ("topic", models.CharField(blank=True, default="", max_length=80)),
                    ("queued_at", models.DateTimeField(null=True)),
                    (
                        "recipients",
                        models.PositiveIntegerField(default=0, verbose_name="recipients"),
                    ),
                    ("reached", models.PositiveIntegerField(default=0, verbose_name="reached")),
                    ("missed", models.PositiveIntegerField(default=0, verbose_name="not reached")),
                    ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
                    (
                        "approved_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="approved by",
                        ),
                    ),
                    (
                        "group",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="teams.stakeholdergroup",
                            verbose_name="stakeholder group",
                        ),
                    ),
                    (
                        "incident",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="messages",
                            to="incidents.incident",
                            verbose_name="incident",
                        ),
                    ),
                    (
                        "rule",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="incidents.stakeholderrule",
                        ),
                    ),
                    (
                        "written_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="written by",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "stakeholder message",
                    "verbose_name_plural": "stakeholder messages",
                    "ordering": ["-drafted_at"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("queued_at", None), ("state", "approved")),
                            fields=["goes_at"],
                            name="message_due",
                        ),
                        models.Index(
                            condition=models.Q(("topic", ""), _negated=True),
                            fields=["topic"],
                            name="message_topic",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state", "draft")),
                            fields=("incident", "rule"),
                            name="one_draft_a_rule",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("state__in", ("approved", "sent", "failed")), _negated=True
                                ),
                                models.Q(
                                    ("approved_at__isnull", False), ("goes_at__isnull", False)
                                ),
                                _connector="OR",
                            ),
                            name="released_has_a_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("automatic", True), ("external", True), _negated=True
                            ),
                            name="nothing_leaves_by_itself",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("second_person", False),
                                ("approved_by", None),
                                ("written_by", None),
                                models.Q(("approved_by", models.F("written_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="four_eyes",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["sent", "failed"]), _negated=True),
                                ("finished_at__isnull", False),
                                _connector="OR",
                            ),
                            name="finished_has_a_time",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Task",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("text", models.CharField(max_length=500, verbose_name="what is to be done")),
                    ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due at")),
                    ("reminded", models.BooleanField(default=False, editable=False)),
                    ("created_at", models.DateTimeField(verbose_name="created at")),
                    (
                        "done_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="done at"),
                    ),
                    (
                        "created_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "done_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "incident",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="tasks",
                            to="incidents.incident",
                        ),
                    ),
                    (
                        "owner",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="owner",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "task",
                    "verbose_name_plural": "tasks",
                    "ordering": ["pk"],
                    "default_permissions": (),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("done_at", None), ("reminded", False)),
                            fields=["due_at"],
                            name="task_due",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("done_by", None), ("done_at__isnull", False), _connector="OR"
                            ),
                            name="done_task_has_a_time",
                        )
                    ],
                },
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
                    ("archived_at", models.DateTimeField(null=True)),
                    ("dismissed", models.BooleanField(default=False)),
                    ("topic", models.CharField(blank=True, default="", max_length=250)),
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
            migrations.CreateModel(
                name="SuggestionMade",
                fields=[
                    (
                        "incident",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="suggestion",
                            serialize=False,
                            to="incidents.incident",
                        ),
                    ),
                    (
                        "found",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(), default=list, size=None
                        ),
                    ),
                    (
                        "suggested",
                        models.CharField(
                            choices=[("P0", "P0"), ("P1", "P1"), ("P2", "P2"), ("P3", "P3")],
                            max_length=2,
                            verbose_name="suggested",
                        ),
                    ),
                    (
                        "decided",
                        models.CharField(
                            choices=[("P0", "P0"), ("P1", "P1"), ("P2", "P2"), ("P3", "P3")],
                            max_length=2,
                            verbose_name="decided",
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="at")),
                    ("final", models.BooleanField(default=False)),
                    (
                        "rule",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="made",
                            to="incidents.suggestionrule",
                        ),
                    ),
                ],
                options={
                    "default_permissions": (),
                },
            ),
            migrations.CreateModel(
                name="Answer",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="at")),
                    (
                        "incident",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="answers",
                            to="incidents.incident",
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "answer",
                    "verbose_name_plural": "answers",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("incident", "user"), name="one_answer_a_person"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Briefing",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("told_at", models.DateTimeField(null=True)),
                    ("since", models.DateTimeField()),
                    ("due_at", models.DateTimeField(null=True)),
                    ("reminded", models.BooleanField(default=False)),
                    (
                        "group",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="teams.stakeholdergroup",
                        ),
                    ),
                    (
                        "incident",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="briefings",
                            to="incidents.incident",
                        ),
                    ),
                ],
                options={
                    "default_permissions": (),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("due_at__isnull", False), ("reminded", False)),
                            fields=["due_at"],
                            name="briefing_due",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("incident", "group"), name="one_promise_a_group"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="EscalationStep",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("place", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                    (
                        "wait",
                        models.DurationField(
                            default=datetime.timedelta(seconds=300),
                            help_text="Before the next step. Five minutes are 00:05:00.",
                            verbose_name="wait for an answer",
                        ),
                    ),
                    (
                        "severity_team",
                        models.BooleanField(default=False, verbose_name="the severity's team"),
                    ),
                    (
                        "owners",
                        models.BooleanField(default=False, verbose_name="owners of the services"),
                    ),
                    (
                        "contact",
                        models.BooleanField(default=False, verbose_name="escalation contact"),
                    ),
                    (
                        "slack",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=40),
                            blank=True,
                            default=list,
                            help_text="Their ids, comma-separated: C0123456789.",
                            size=None,
                            verbose_name="Slack channels",
                        ),
                    ),
                    (
                        "webhooks",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.URLField(max_length=300),
                            blank=True,
                            default=list,
                            size=None,
                            verbose_name="webhooks",
                        ),
                    ),
                    (
                        "people",
                        models.ManyToManyField(
                            blank=True,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="people",
                        ),
                    ),
                    (
                        "policy",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="steps",
                            to="incidents.escalationpolicy",
                        ),
                    ),
                    (
                        "rotations",
                        models.ManyToManyField(
                            blank=True,
                            related_name="+",
                            to="teams.rotation",
                            verbose_name="whoever is on call in",
                        ),
                    ),
                    (
                        "teams",
                        models.ManyToManyField(
                            blank=True, related_name="+", to="teams.team", verbose_name="teams"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "step",
                    "verbose_name_plural": "steps",
                    "ordering": ["policy_id", "place", "pk"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("wait__gt", datetime.timedelta(0))),
                            name="a_step_waits",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Event",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("seq", models.PositiveIntegerField(verbose_name="number")),
                    ("at", models.DateTimeField(verbose_name="at")),
                    ("kind", models.CharField(max_length=30, verbose_name="kind")),
                    ("actor", models.CharField(blank=True, max_length=150, verbose_name="actor")),
                    ("data", models.JSONField(default=dict)),
                    ("hash", models.CharField(max_length=64)),
                    (
                        "actor_user",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "incident",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="timeline",
                            to="incidents.incident",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "event",
                    "verbose_name_plural": "timeline",
                    "ordering": ["incident_id", "seq"],
                    "default_permissions": ("view",),
                    "indexes": [
                        models.Index(
                            fields=["incident", "at", "seq"], name="events_as_they_happened"
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            incidents.search.Words(
                                django.db.models.fields.json.KeyTextTransform("text", "data")
                            ),
                            condition=models.Q(("kind", "note")),
                            name="event_note_words",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("incident", "seq"), name="one_event_a_place"
                        )
                    ],
                },
            ),
        ),
        migrations.AddField(
            model_name="escalationpolicy",
            name="current",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="incidents.policyversion",
            ),
        ),
        migrations.RunSQL(
            sql="""
CREATE FUNCTION incidents_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the timeline is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON incidents_event
    FOR EACH ROW EXECUTE FUNCTION incidents_event_is_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON incidents_event
    FOR EACH STATEMENT EXECUTE FUNCTION incidents_event_is_append_only();
REVOKE UPDATE, DELETE, TRUNCATE ON incidents_event FROM CURRENT_USER, PUBLIC;
""",
            reverse_sql="""
GRANT UPDATE, DELETE, TRUNCATE ON incidents_event TO CURRENT_USER;
DROP TRIGGER append_only ON incidents_event;
DROP TRIGGER never_emptied ON incidents_event;
DROP FUNCTION incidents_event_is_append_only();
""",
        ),
    ]
