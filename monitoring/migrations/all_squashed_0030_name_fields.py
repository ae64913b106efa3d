"""A new database gets here in one step; one that is on its way goes on by the single migrations."""

import core.zones
import datetime
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.fields.json
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.utils.timezone
import monitoring.domain.heartbeats
import monitoring.models.heartbeats
import monitoring.models.integration
import monitoring.registry
import uuid
from django.conf import settings
from django.db import migrations, models

from core.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("monitoring", "0001_initial"),
        ("monitoring", "0002_signed_senders"),
        ("monitoring", "0003_amazon_sns"),
        ("monitoring", "0004_silences"),
        ("monitoring", "0005_changes"),
        ("monitoring", "0006_maintenance_windows"),
        ("monitoring", "0007_routes"),
        ("monitoring", "0008_flapping"),
        ("monitoring", "0009_alerts_by_age"),
        ("monitoring", "0010_metrics"),
        ("monitoring", "0011_samples"),
        ("monitoring", "0012_heartbeats"),
        ("monitoring", "0013_seeing"),
        ("monitoring", "0014_checks"),
        ("monitoring", "0015_rules"),
        ("monitoring", "0016_rule_kinds"),
        ("monitoring", "0017_logs"),
        ("monitoring", "0018_rules_awake"),
        ("monitoring", "0019_anomalies"),
        ("monitoring", "0020_rule_anomaly"),
        ("monitoring", "0021_dependences"),
        ("monitoring", "0022_log_location"),
        ("monitoring", "0023_false_alarms"),
        ("monitoring", "0024_heartbeats_told_again"),
        ("monitoring", "0025_retired_metrics"),
        ("monitoring", "0026_log_pattern_names"),
        ("monitoring", "0027_route_teams"),
        ("monitoring", "0028_rates_rolled_up"),
        ("monitoring", "0029_alert_translations"),
        ("monitoring", "0030_name_fields"),
    ]

    initial = True

    dependencies = [
        ("teams", "0014_name_fields"),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="JudgedLine",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("at", models.DateTimeField(verbose_name="at")),
                    ("readings", models.BinaryField()),
                    ("count", models.PositiveIntegerField(verbose_name="readings")),
                    (
                        "behind",
                        models.PositiveIntegerField(verbose_name="metrics with more to come"),
                    ),
                    ("took", models.FloatField(verbose_name="seconds")),
                ],
                options={
                    "verbose_name": "judged readings",
                    "verbose_name_plural": "judged readings",
                },
            ),
            migrations.CreateModel(
                name="Metric",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.TextField(verbose_name="name")),
                    ("labels", models.JSONField(default=dict, verbose_name="labels")),
                    ("fingerprint", models.UUIDField(editable=False, unique=True)),
                    (
                        "unit",
                        models.CharField(
                            blank=True, default="", max_length=40, verbose_name="unit"
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("system", "system"),
                                ("application", "application"),
                                ("business", "business"),
                                ("security", "security"),
                            ],
                            default="application",
                            max_length=12,
                            verbose_name="kind",
                        ),
                    ),
                    ("created_at", models.DateTimeField(verbose_name="created at")),
                    ("last_at", models.DateTimeField(null=True, verbose_name="last sample")),
                    (
                        "service",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="metrics",
                            to="teams.service",
                            verbose_name="service",
                        ),
                    ),
                    ("retired_at", models.DateTimeField(editable=False, null=True)),
                ],
                options={
                    "verbose_name": "metric",
                    "verbose_name_plural": "metrics",
                    "ordering": ["name", "id"],
                    "indexes": [
                        models.Index(fields=["name", "id"], name="metric_by_name"),
                        models.Index(
                            fields=["service", "kind", "name", "id"], name="metric_by_place"
                        ),
                        models.Index(
                            fields=["service", "kind", "last_at", "id"], name="metric_overview"
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            django.contrib.postgres.indexes.OpClass(
                                django.db.models.functions.text.Upper(
                                    django.db.models.functions.text.Concat(
                                        "name",
                                        models.Value(" "),
                                        django.db.models.functions.comparison.Cast(
                                            "labels", models.TextField()
                                        ),
                                        output_field=models.TextField(),
                                    )
                                ),
                                name="gin_trgm_ops",
                            ),
                            name="metric_words",
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            django.contrib.postgres.indexes.OpClass(
                                models.F("labels"), name="jsonb_path_ops"
                            ),
                            name="metric_labels",
                        ),
                        models.Index(
                            django.db.models.fields.json.KeyTextTransform("host", "labels"),
                            models.F("last_at"),
                            condition=models.Q(("labels__has_key", "host")),
                            name="metric_by_host",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="HeartbeatMonitor",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ("name", models.CharField(max_length=120, verbose_name="name")),
                    (
                        "severity",
                        models.CharField(
                            choices=[("P0", "P0"), ("P1", "P1"), ("P2", "P2"), ("P3", "P3")],
                            default="P2",
                            max_length=2,
                            verbose_name="severity",
                        ),
                    ),
                    (
                        "period",
                        models.DurationField(
                            default=datetime.timedelta(days=1), verbose_name="every"
                        ),
                    ),
                    (
                        "grace",
                        models.DurationField(
                            default=datetime.timedelta(seconds=3600), verbose_name="grace"
                        ),
                    ),
                    (
                        "cron",
                        models.CharField(
                            blank=True,
                            help_text="Instead of “every”, such as 30 3 * * 1-5.",
                            max_length=100,
                            validators=[monitoring.models.heartbeats.validate_cron],
                            verbose_name="cron expression",
                        ),
                    ),
                    (
                        "time_zone",
                        models.CharField(
                            default="Asia/Seoul",
                            help_text="Of the cron expression.",
                            max_length=60,
                            validators=[core.zones.validate_time_zone],
                            verbose_name="time zone",
                        ),
                    ),
                    ("paused", models.BooleanField(default=False, verbose_name="paused")),
                    (
                        "last_ping_at",
                        models.DateTimeField(editable=False, null=True, verbose_name="last ping"),
                    ),
                    ("started_at", models.DateTimeField(editable=False, null=True)),
                    ("failing", models.BooleanField(default=False, editable=False)),
                    (
                        "due_at",
                        models.DateTimeField(editable=False, null=True, verbose_name="too late at"),
                    ),
                    ("down", models.BooleanField(default=False, editable=False)),
                    (
                        "service",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="teams.service",
                            verbose_name="service",
                        ),
                    ),
                    ("again_at", models.DateTimeField(editable=False, null=True)),
                ],
                options={
                    "verbose_name": "heartbeat",
                    "verbose_name_plural": "heartbeats",
                    "ordering": ["name", "pk"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("down", False), ("paused", False)),
                            fields=["due_at"],
                            name="heartbeat_due",
                        ),
                        models.Index(
                            condition=models.Q(("down", False), ("failing", True)),
                            fields=["id"],
                            name="heartbeat_failing",
                        ),
                        models.Index(
                            condition=models.Q(("down", True)), fields=["id"], name="heartbeat_down"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Integration",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                    (
                        "source",
                        models.CharField(
                            choices=monitoring.models.integration.source_choices,
                            max_length=40,
                            verbose_name="source",
                        ),
                    ),
                    (
                        "token_prefix",
                        models.CharField(
                            editable=False, max_length=8, verbose_name="token begins with"
                        ),
                    ),
                    ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                    ("enabled", models.BooleanField(default=True, verbose_name="enabled")),
                    (
                        "severity_map",
                        models.JSONField(
                            default=monitoring.models.integration.default_severity_map,
                            help_text="The sender's word (lower case) → P0 … P3, or none to keep the alert only.",
                            verbose_name="severities",
                        ),
                    ),
                    (
                        "default_severity",
                        models.CharField(
                            choices=monitoring.models.integration.severity_choices,
                            default="P2",
                            max_length=4,
                            verbose_name="severity when none is known",
                        ),
                    ),
                    (
                        "group_window",
                        models.DurationField(
                            default=datetime.timedelta(seconds=3600),
                            help_text="An alert of the same service and group joins the open incident within this.",
                            verbose_name="grouping window",
                        ),
                    ),
                    (
                        "auto_resolve",
                        models.BooleanField(
                            default=False,
                            help_text="Otherwise the incident proposes it and a person decides.",
                            verbose_name="resolve when all alerts have",
                        ),
                    ),
                    (
                        "created_at",
                        models.DateTimeField(auto_now_add=True, verbose_name="created at"),
                    ),
                    (
                        "default_service",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="teams.service",
                            verbose_name="service when none is named",
                        ),
                    ),
                    (
                        "signed",
                        models.BooleanField(
                            default=False,
                            help_text="For Grafana: refuse what is not signed with the secret shown at the token.",
                            verbose_name="only what is signed",
                        ),
                    ),
                    (
                        "topic",
                        models.CharField(
                            blank=True,
                            help_text="For Amazon SNS: the one topic that is believed, and whose confirmation is.",
                            max_length=255,
                            verbose_name="topic (ARN)",
                        ),
                    ),
                    (
                        "flap_count",
                        models.PositiveSmallIntegerField(
                            default=4,
                            help_text="So many ends of one alert within the time below; 0 for never.",
                            verbose_name="flapping after",
                        ),
                    ),
                    (
                        "flap_window",
                        models.DurationField(
                            default=datetime.timedelta(seconds=900), verbose_name="flapping within"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "integration",
                    "verbose_name_plural": "integrations",
                    "ordering": ["name"],
                },
            ),
            migrations.CreateModel(
                name="HeardMessage",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("message_id", models.CharField(max_length=100)),
                    ("at", models.DateTimeField()),
                    (
                        "integration",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="monitoring.integration",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        django.contrib.postgres.indexes.BrinIndex(
                            fields=["at"], name="heard_by_age"
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("integration", "message_id"), name="heard_once"
                        )
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
                    ("summary", models.TextField(verbose_name="summary")),
                    ("source", models.CharField(blank=True, max_length=255, verbose_name="source")),
                    (
                        "happened_at",
                        models.DateTimeField(db_index=True, verbose_name="happened at"),
                    ),
                    ("received_at", models.DateTimeField(verbose_name="received at")),
                    ("details", models.JSONField(default=dict, verbose_name="details")),
                    ("links", models.JSONField(default=list, verbose_name="links")),
                    (
                        "integration",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="changes",
                            to="monitoring.integration",
                            verbose_name="integration",
                        ),
                    ),
                    (
                        "service",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="teams.service",
                            verbose_name="service",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "change",
                    "verbose_name_plural": "changes",
                    "ordering": ["-happened_at", "-id"],
                },
            ),
            migrations.CreateModel(
                name="LogSource",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("file", "file"),
                                ("journal", "systemd's journal"),
                                ("syslog", "syslog receiver"),
                                ("http", "HTTP receiver"),
                            ],
                            default="file",
                            max_length=10,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "place",
                        models.CharField(
                            blank=True,
                            help_text="File: a path, or a pattern such as /var/log/app/*.log. Journal: units, or nothing for all. Syslog: host:port.",
                            max_length=500,
                            verbose_name="location",
                        ),
                    ),
                    ("enabled", models.BooleanField(default=True, verbose_name="enabled")),
                    (
                        "from_start",
                        models.BooleanField(
                            default=False,
                            help_text="Otherwise what is written from now on.",
                            verbose_name="read what is there already",
                        ),
                    ),
                    (
                        "tell_new",
                        models.BooleanField(
                            default=False,
                            help_text="As P3. The first day teaches what is usual.",
                            verbose_name="alert for new kinds of errors",
                        ),
                    ),
                    ("begun_at", models.DateTimeField(editable=False, null=True)),
                    (
                        "last_at",
                        models.DateTimeField(editable=False, null=True, verbose_name="last line"),
                    ),
                    (
                        "lines",
                        models.BigIntegerField(default=0, editable=False, verbose_name="lines"),
                    ),
                    (
                        "errors",
                        models.BigIntegerField(default=0, editable=False, verbose_name="errors"),
                    ),
                    (
                        "lost",
                        models.BigIntegerField(default=0, editable=False, verbose_name="lost"),
                    ),
                    ("cut", models.BigIntegerField(default=0, editable=False)),
                    (
                        "lag_seconds",
                        models.FloatField(default=0, editable=False, verbose_name="behind (s)"),
                    ),
                    ("lag_bytes", models.BigIntegerField(default=0, editable=False)),
                    (
                        "trouble",
                        models.CharField(blank=True, default="", editable=False, max_length=300),
                    ),
                    ("trouble_since", models.DateTimeField(editable=False, null=True)),
                    ("told", models.BooleanField(default=False, editable=False)),
                    (
                        "cursor",
                        models.CharField(blank=True, default="", editable=False, max_length=500),
                    ),
                    ("changed_at", models.DateTimeField(auto_now=True)),
                    (
                        "integration",
                        models.OneToOneField(
                            blank=True,
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="log_source",
                            to="monitoring.integration",
                        ),
                    ),
                    (
                        "service",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="teams.service",
                            verbose_name="service",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "log",
                    "verbose_name_plural": "logs",
                    "ordering": ["name"],
                },
            ),
            migrations.CreateModel(
                name="LogPattern",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name_ko", models.CharField(max_length=120, verbose_name="name (Korean)")),
                    ("slug", models.SlugField(blank=True, editable=False, max_length=60)),
                    (
                        "kind",
                        models.CharField(
                            choices=[("words", "words"), ("regex", "expression (RE2)")],
                            default="words",
                            max_length=10,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "text",
                        models.CharField(
                            help_text="Words: all of them must be in the line, “in quotes” as one, capitals or not.",
                            max_length=500,
                            verbose_name="looked for",
                        ),
                    ),
                    (
                        "exclude",
                        models.CharField(
                            blank=True,
                            help_text="An expression. Lines that fit it do not count.",
                            max_length=500,
                            verbose_name="but not",
                        ),
                    ),
                    (
                        "severity",
                        models.CharField(
                            blank=True,
                            choices=[("P0", "P0"), ("P1", "P1"), ("P2", "P2"), ("P3", "P3")],
                            help_text="Without one it is kept here, and nobody is told.",
                            max_length=2,
                            verbose_name="severity",
                        ),
                    ),
                    ("count", models.PositiveSmallIntegerField(default=1, verbose_name="times")),
                    (
                        "within",
                        models.DurationField(
                            default=datetime.timedelta(seconds=300), verbose_name="within"
                        ),
                    ),
                    (
                        "cooldown",
                        models.DurationField(
                            default=datetime.timedelta(seconds=900),
                            help_text="Until then all matches are one alert.",
                            verbose_name="over when quiet for",
                        ),
                    ),
                    ("enabled", models.BooleanField(default=True, verbose_name="enabled")),
                    (
                        "matched",
                        models.BigIntegerField(default=0, editable=False, verbose_name="matched"),
                    ),
                    (
                        "last_at",
                        models.DateTimeField(editable=False, null=True, verbose_name="last match"),
                    ),
                    ("changed_at", models.DateTimeField(auto_now=True)),
                    (
                        "service",
                        models.ForeignKey(
                            blank=True,
                            help_text="None: that of the log.",
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="teams.service",
                            verbose_name="service",
                        ),
                    ),
                    (
                        "source",
                        models.ForeignKey(
                            blank=True,
                            help_text="None: all logs.",
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="patterns",
                            to="monitoring.logsource",
                            verbose_name="log",
                        ),
                    ),
                    ("name_en", models.CharField(max_length=120, verbose_name="name (English)")),
                ],
                options={
                    "verbose_name": "log pattern",
                    "verbose_name_plural": "log patterns",
                    "ordering": ["name_ko", "pk"],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("slug", ""), _negated=True),
                            fields=("slug",),
                            name="log_pattern_brought_once",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="LogFile",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("path", models.TextField()),
                    ("device", models.BigIntegerField()),
                    ("inode", models.BigIntegerField()),
                    ("position", models.BigIntegerField()),
                    ("mark", models.CharField(max_length=40)),
                    (
                        "source",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="files",
                            to="monitoring.logsource",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("source", "device", "inode"), name="log_file_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="LogBatch",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("at", models.DateTimeField()),
                    ("lines", models.TextField()),
                    ("size", models.IntegerField()),
                    (
                        "source",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="batches",
                            to="monitoring.logsource",
                        ),
                    ),
                ],
                options={
                    "ordering": ["pk"],
                },
            ),
            migrations.CreateModel(
                name="LogTemplate",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("fingerprint", models.UUIDField(editable=False)),
                    ("text", models.TextField(verbose_name="template")),
                    ("example", models.TextField(verbose_name="example")),
                    (
                        "level",
                        models.PositiveSmallIntegerField(
                            choices=[
                                (0, "UNKNOWN"),
                                (1, "INFO"),
                                (2, "WARNING"),
                                (3, "ERROR"),
                                (4, "FATAL"),
                            ],
                            verbose_name="level",
                        ),
                    ),
                    ("count", models.BigIntegerField(default=0, verbose_name="count")),
                    ("first_at", models.DateTimeField(verbose_name="first seen")),
                    ("last_at", models.DateTimeField(verbose_name="last seen")),
                    ("is_new", models.BooleanField(default=True, verbose_name="new")),
                    (
                        "acknowledged_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="acknowledged at"),
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
                        "source",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="templates",
                            to="monitoring.logsource",
                            verbose_name="log",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "kind of error",
                    "verbose_name_plural": "kinds of errors",
                    "ordering": ["-last_at"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("acknowledged_at", None), ("is_new", True)),
                            fields=["-first_at"],
                            name="log_template_new",
                        ),
                        models.Index(fields=["last_at"], name="log_template_by_age"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("source", "fingerprint"), name="log_template_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="LogFinding",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "severity",
                        models.CharField(
                            blank=True,
                            choices=[("P0", "P0"), ("P1", "P1"), ("P2", "P2"), ("P3", "P3")],
                            max_length=2,
                            verbose_name="severity",
                        ),
                    ),
                    (
                        "level",
                        models.PositiveSmallIntegerField(
                            choices=[
                                (0, "UNKNOWN"),
                                (1, "INFO"),
                                (2, "WARNING"),
                                (3, "ERROR"),
                                (4, "FATAL"),
                            ],
                            verbose_name="level",
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="at")),
                    ("last_at", models.DateTimeField(verbose_name="last match")),
                    ("over_at", models.DateTimeField(null=True, verbose_name="over at")),
                    ("count", models.BigIntegerField(default=1, verbose_name="count")),
                    ("line", models.TextField(verbose_name="line")),
                    (
                        "last_line",
                        models.TextField(blank=True, default="", verbose_name="last line"),
                    ),
                    (
                        "before",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(),
                            default=list,
                            size=None,
                            verbose_name="lines before",
                        ),
                    ),
                    (
                        "after",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField(),
                            default=list,
                            size=None,
                            verbose_name="lines after",
                        ),
                    ),
                    ("told_at", models.DateTimeField(editable=False, null=True)),
                    (
                        "pattern",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="findings",
                            to="monitoring.logpattern",
                            verbose_name="pattern",
                        ),
                    ),
                    (
                        "source",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="findings",
                            to="monitoring.logsource",
                            verbose_name="log",
                        ),
                    ),
                    (
                        "template",
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="findings",
                            to="monitoring.logtemplate",
                            verbose_name="kind of error",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "log finding",
                    "verbose_name_plural": "log findings",
                    "ordering": ["-at", "-pk"],
                    "indexes": [
                        models.Index(fields=["-at", "-id"], name="log_finding_newest"),
                        models.Index(fields=["pattern", "-at"], name="log_finding_of_pattern"),
                        models.Index(fields=["source", "-at"], name="log_finding_of_source"),
                        models.Index(fields=["template"], name="log_finding_of_template"),
                        django.contrib.postgres.indexes.BrinIndex(
                            fields=["last_at"], name="log_finding_by_age"
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("over_at", None)),
                            fields=("source", "pattern"),
                            name="log_finding_open_once",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="LogTemplateDay",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("day", models.DateField()),
                    ("count", models.BigIntegerField(default=0)),
                    (
                        "template",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="days",
                            to="monitoring.logtemplate",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("template", "day"), name="log_day_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="MaintenanceWindow",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("starts_at", models.DateTimeField(verbose_name="starts at")),
                    ("ends_at", models.DateTimeField(verbose_name="ends at")),
                    ("expired_at", models.DateTimeField(null=True, verbose_name="ended early at")),
                    ("created_by", models.CharField(max_length=150, verbose_name="made by")),
                    ("created_at", models.DateTimeField(verbose_name="created at")),
                    ("begun", models.BooleanField(default=False)),
                    ("name", models.CharField(max_length=200, verbose_name="what is done")),
                    (
                        "p0_breaks_through",
                        models.BooleanField(default=True, verbose_name="P0 calls all the same"),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "services",
                        models.ManyToManyField(
                            blank=True, to="teams.service", verbose_name="services"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "maintenance window",
                    "verbose_name_plural": "maintenance windows",
                    "abstract": False,
                    "indexes": [
                        models.Index(
                            condition=models.Q(("expired_at", None)),
                            fields=["ends_at"],
                            name="maintenancewindow_in_force",
                        ),
                        models.Index(
                            condition=models.Q(("begun", False)),
                            fields=["starts_at"],
                            name="maintenancewindow_to_begin",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                            name="maintenancewindow_ends_after_it_starts",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="MetricState",
                fields=[
                    (
                        "metric",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="state",
                            serialize=False,
                            to="monitoring.metric",
                        ),
                    ),
                    ("judged", models.BooleanField(default=True, verbose_name="judged")),
                    ("counter", models.BooleanField(default=False, verbose_name="only grows")),
                    (
                        "threshold",
                        models.FloatField(default=0.5, verbose_name="where alarms begin"),
                    ),
                    (
                        "useful",
                        models.PositiveIntegerField(default=0, verbose_name="called useful"),
                    ),
                    ("noise", models.PositiveIntegerField(default=0, verbose_name="called noise")),
                    ("changed_at", models.DateTimeField(null=True, verbose_name="changed at")),
                    ("life", models.PositiveIntegerField(default=1)),
                    ("begun_at", models.DateTimeField(verbose_name="judged since")),
                    ("until", models.DateTimeField(null=True, verbose_name="judged until")),
                    ("readings", models.PositiveIntegerField(default=0, verbose_name="readings")),
                    ("journal", models.BigIntegerField(default=0)),
                    ("dump", models.BinaryField(default=b"")),
                    (
                        "changed_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="changed by",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "judge of a metric",
                    "verbose_name_plural": "judges of metrics",
                },
            ),
            migrations.CreateModel(
                name="Anomaly",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="since")),
                    ("last_at", models.DateTimeField(verbose_name="last strange reading")),
                    ("until", models.DateTimeField(verbose_name="until")),
                    ("peak_at", models.DateTimeField(verbose_name="at its strangest")),
                    (
                        "reason",
                        models.CharField(
                            choices=[
                                ("unusual", "unusual"),
                                ("stuck", "stuck"),
                                ("no-data", "no data"),
                            ],
                            max_length=10,
                            verbose_name="reason",
                        ),
                    ),
                    (
                        "view",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("value", "its value"),
                                ("drift", "its drift"),
                                ("hour", "this hour of the week"),
                                ("lasting", "its mean of late"),
                                ("day", "this time of day"),
                            ],
                            default="",
                            max_length=10,
                            verbose_name="seen by",
                        ),
                    ),
                    ("score", models.FloatField(verbose_name="score")),
                    ("bar", models.FloatField(verbose_name="where alarms began then")),
                    ("probability", models.FloatField(verbose_name="probability")),
                    (
                        "every",
                        models.DurationField(null=True, verbose_name="time between readings"),
                    ),
                    (
                        "known",
                        models.DurationField(null=True, verbose_name="length of the known past"),
                    ),
                    ("value", models.FloatField(null=True, verbose_name="reading")),
                    ("observed", models.FloatField(null=True, verbose_name="observed")),
                    ("low", models.FloatField(null=True, verbose_name="expected at least")),
                    ("high", models.FloatField(null=True, verbose_name="expected at most")),
                    (
                        "feedback",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("", "not judged"),
                                ("useful", "useful"),
                                ("noise", "false alarm"),
                            ],
                            default="",
                            max_length=10,
                            verbose_name="feedback",
                        ),
                    ),
                    (
                        "feedback_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="feedback at"),
                    ),
                    (
                        "feedback_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="feedback by",
                        ),
                    ),
                    (
                        "metric",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="anomalies",
                            to="monitoring.metric",
                            verbose_name="metric",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "anomaly",
                    "verbose_name_plural": "anomalies",
                    "ordering": ["-at", "-id"],
                    "indexes": [
                        models.Index(fields=["-at", "-id"], name="anomaly_newest"),
                        models.Index(fields=["metric", "-at"], name="anomaly_of_metric"),
                        models.Index(fields=["until"], name="anomaly_open"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("at__lte", models.F("last_at")), ("last_at__lt", models.F("until"))
                            ),
                            name="anomaly_lasts",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("feedback", ""), ("feedback_at__isnull", False), _connector="OR"
                            ),
                            name="feedback_has_a_time",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Payload",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("received_at", models.DateTimeField(verbose_name="received at")),
                    ("body", models.BinaryField(verbose_name="body")),
                    (
                        "error",
                        models.TextField(blank=True, default="", verbose_name="refused because"),
                    ),
                    (
                        "integration",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="payloads",
                            to="monitoring.integration",
                            verbose_name="integration",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "payload",
                    "verbose_name_plural": "payloads",
                    "indexes": [
                        django.contrib.postgres.indexes.BrinIndex(
                            fields=["received_at"], name="payload_by_age"
                        ),
                        models.Index(
                            condition=models.Q(("error", ""), _negated=True),
                            fields=["-id"],
                            name="payload_refused",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Ping",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="at")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                (
                                    monitoring.domain.heartbeats.Kind["SUCCESS"],
                                    monitoring.domain.heartbeats.Kind["SUCCESS"],
                                ),
                                (
                                    monitoring.domain.heartbeats.Kind["START"],
                                    monitoring.domain.heartbeats.Kind["START"],
                                ),
                                (
                                    monitoring.domain.heartbeats.Kind["FAIL"],
                                    monitoring.domain.heartbeats.Kind["FAIL"],
                                ),
                                (
                                    monitoring.domain.heartbeats.Kind["LOG"],
                                    monitoring.domain.heartbeats.Kind["LOG"],
                                ),
                            ],
                            max_length=10,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "exit_code",
                        models.PositiveSmallIntegerField(null=True, verbose_name="exit code"),
                    ),
                    ("took", models.DurationField(null=True, verbose_name="took")),
                    ("body", models.TextField(blank=True, default="", verbose_name="body")),
                    (
                        "sender",
                        models.CharField(
                            blank=True, default="", max_length=200, verbose_name="sender"
                        ),
                    ),
                    (
                        "monitor",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="pings",
                            to="monitoring.heartbeatmonitor",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "ping",
                    "verbose_name_plural": "pings",
                    "ordering": ["-id"],
                    "indexes": [models.Index(fields=["monitor", "-id"], name="ping_newest")],
                },
            ),
            migrations.CreateModel(
                name="Route",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "position",
                        models.PositiveSmallIntegerField(
                            default=100,
                            help_text="The first route that fits decides.",
                            verbose_name="position",
                        ),
                    ),
                    ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                    ("enabled", models.BooleanField(default=True, verbose_name="enabled")),
                    (
                        "matchers",
                        models.TextField(
                            help_text="A label a line: label=value, also != and, for regular expressions, =~ and !~. All of them must fit.",
                            verbose_name="matchers",
                        ),
                    ),
                    (
                        "severity",
                        models.CharField(
                            blank=True,
                            choices=monitoring.models.integration.severity_choices,
                            help_text="Empty: the sender's.",
                            max_length=4,
                            verbose_name="severity",
                        ),
                    ),
                    (
                        "how",
                        models.CharField(
                            choices=[
                                ("set", "exactly this"),
                                ("at_least", "at least this grave"),
                                ("at_most", "at most this grave"),
                            ],
                            default="set",
                            max_length=8,
                            verbose_name="and that means",
                        ),
                    ),
                    (
                        "group_by",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=100),
                            blank=True,
                            default=list,
                            help_text="Comma-separated: alerts that agree in all of them share an incident.",
                            size=None,
                            verbose_name="group by labels",
                        ),
                    ),
                    (
                        "integration",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="routes",
                            to="monitoring.integration",
                            verbose_name="only from this integration",
                        ),
                    ),
                    (
                        "service",
                        models.ForeignKey(
                            blank=True,
                            help_text="Empty: the one the sender names.",
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="teams.service",
                            verbose_name="service",
                        ),
                    ),
                    (
                        "team",
                        models.ForeignKey(
                            blank=True,
                            help_text="Called in place of the severity's team and the owners. Empty: those.",
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="teams.team",
                            verbose_name="team",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "route",
                    "verbose_name_plural": "routes",
                    "ordering": ["position", "pk"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("how__in", ("set", "at_least", "at_most"))),
                            name="route_knows_how",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Rule",
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
                        "kind",
                        models.CharField(
                            choices=[
                                ("threshold", "threshold"),
                                ("rate", "rate of change"),
                                ("change", "compared with earlier days"),
                                ("absence", "no data"),
                                ("ratio", "share of another metric"),
                                ("forecast", "forecast"),
                                ("anomaly", "anomaly"),
                                ("composite", "several rules together"),
                            ],
                            default="threshold",
                            max_length=12,
                            verbose_name="kind",
                        ),
                    ),
                    ("metric", models.CharField(blank=True, max_length=200, verbose_name="metric")),
                    (
                        "matchers",
                        models.TextField(
                            blank=True,
                            help_text="A label a line: label=value, also != and, for regular expressions, =~ and !~. Empty: all.",
                            max_length=8000,
                            verbose_name="labels",
                        ),
                    ),
                    ("params", models.JSONField(default=dict, verbose_name="parameters")),
                    (
                        "lasts",
                        models.DurationField(
                            default=datetime.timedelta(0), verbose_name="lasts for"
                        ),
                    ),
                    (
                        "clears",
                        models.DurationField(
                            default=datetime.timedelta(0), verbose_name="over after"
                        ),
                    ),
                    (
                        "severity",
                        models.CharField(
                            choices=[("P0", "P0"), ("P1", "P1"), ("P2", "P2"), ("P3", "P3")],
                            default="P2",
                            max_length=2,
                            verbose_name="severity",
                        ),
                    ),
                    (
                        "title_ko",
                        models.CharField(blank=True, max_length=200, verbose_name="title (Korean)"),
                    ),
                    (
                        "title_en",
                        models.CharField(
                            blank=True, max_length=200, verbose_name="title (English)"
                        ),
                    ),
                    (
                        "message_ko",
                        models.TextField(
                            blank=True, max_length=2000, verbose_name="message (Korean)"
                        ),
                    ),
                    (
                        "message_en",
                        models.TextField(
                            blank=True, max_length=2000, verbose_name="message (English)"
                        ),
                    ),
                    (
                        "runbook_url",
                        models.URLField(blank=True, max_length=500, verbose_name="runbook"),
                    ),
                    ("enabled", models.BooleanField(default=True, verbose_name="enabled")),
                    ("built_in", models.CharField(blank=True, editable=False, max_length=60)),
                    (
                        "edited",
                        models.BooleanField(
                            default=False, editable=False, verbose_name="changed by a person"
                        ),
                    ),
                    ("judged_at", models.DateTimeField(editable=False, null=True)),
                    (
                        "targets",
                        models.PositiveIntegerField(
                            default=0, editable=False, verbose_name="targets"
                        ),
                    ),
                    (
                        "service",
                        models.ForeignKey(
                            blank=True,
                            help_text="Empty: the metric's own.",
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="teams.service",
                            verbose_name="service",
                        ),
                    ),
                    ("awake_since", models.DateTimeField(editable=False, null=True)),
                ],
                options={
                    "verbose_name": "alert rule",
                    "verbose_name_plural": "alert rules",
                    "ordering": ["severity", "name_ko", "pk"],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("built_in", ""), _negated=True),
                            fields=("built_in",),
                            name="one_rule_of_a_built_in",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("clears__gte", datetime.timedelta(0)),
                                ("lasts__gte", datetime.timedelta(0)),
                            ),
                            name="rules_look_forward",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="RuleFiring",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("fired_at", models.DateTimeField(verbose_name="fired at")),
                    ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                    ("value", models.FloatField(null=True, verbose_name="value")),
                    (
                        "metric",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="monitoring.metric",
                        ),
                    ),
                    (
                        "rule",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="firings",
                            to="monitoring.rule",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "firing",
                    "verbose_name_plural": "firings",
                    "ordering": ["-fired_at", "-pk"],
                    "indexes": [
                        models.Index(
                            models.F("rule"),
                            models.OrderBy(models.F("fired_at"), descending=True),
                            name="firing_newest",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("ended_at", None)),
                            fields=("rule", "metric"),
                            name="one_firing_at_a_time",
                            nulls_distinct=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="RuleState",
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
                                ("ok", "ok"),
                                ("pending", "pending"),
                                ("firing", "firing"),
                                ("no-data", "no-data"),
                            ],
                            max_length=8,
                            verbose_name="state",
                        ),
                    ),
                    ("since", models.DateTimeField(verbose_name="since")),
                    ("value", models.FloatField(null=True, verbose_name="value")),
                    ("fired_at", models.DateTimeField(null=True)),
                    ("clear_since", models.DateTimeField(null=True)),
                    (
                        "metric",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="rule_states",
                            to="monitoring.metric",
                        ),
                    ),
                    (
                        "rule",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="states",
                            to="monitoring.rule",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "state of a rule",
                    "verbose_name_plural": "states of rules",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("rule", "metric"),
                            name="one_state_of_a_target",
                            nulls_distinct=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Silence",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("matchers", models.JSONField(verbose_name="matchers")),
                    ("starts_at", models.DateTimeField(verbose_name="starts at")),
                    ("ends_at", models.DateTimeField(verbose_name="ends at")),
                    ("expired_at", models.DateTimeField(null=True, verbose_name="ended early at")),
                    ("comment", models.TextField(blank=True, default="", verbose_name="why")),
                    ("created_by", models.CharField(max_length=150, verbose_name="made by")),
                    ("created_at", models.DateTimeField(verbose_name="created at")),
                    ("begun", models.BooleanField(default=False)),
                    (
                        "by",
                        models.ForeignKey(
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "integration",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="silences",
                            to="monitoring.integration",
                            verbose_name="integration",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "silence",
                    "verbose_name_plural": "silences",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("expired_at", None)),
                            fields=["ends_at"],
                            name="silence_in_force",
                        ),
                        models.Index(
                            condition=models.Q(("begun", False)),
                            fields=["starts_at"],
                            name="silence_to_begin",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                            name="silence_ends_after_it_starts",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Alert",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("key", models.CharField(max_length=255, verbose_name="dedup key")),
                    ("title", models.TextField(verbose_name="title")),
                    (
                        "description",
                        models.TextField(blank=True, default="", verbose_name="description"),
                    ),
                    (
                        "severity",
                        models.CharField(
                            choices=monitoring.models.integration.severity_choices,
                            max_length=4,
                            verbose_name="severity",
                        ),
                    ),
                    (
                        "service",
                        models.CharField(
                            blank=True, default="", max_length=80, verbose_name="service"
                        ),
                    ),
                    (
                        "group",
                        models.CharField(
                            blank=True, default="", max_length=255, verbose_name="group"
                        ),
                    ),
                    ("labels", models.JSONField(default=dict, verbose_name="labels")),
                    ("url", models.TextField(blank=True, default="", verbose_name="link")),
                    (
                        "runbook_url",
                        models.TextField(blank=True, default="", verbose_name="runbook"),
                    ),
                    ("started_at", models.DateTimeField(verbose_name="started at")),
                    ("received_at", models.DateTimeField(verbose_name="received at")),
                    ("last_seen_at", models.DateTimeField(verbose_name="last seen at")),
                    ("expires_at", models.DateTimeField(null=True, verbose_name="expires at")),
                    (
                        "acknowledged_at",
                        models.DateTimeField(
                            null=True, verbose_name="acknowledged by the sender at"
                        ),
                    ),
                    ("resolved_at", models.DateTimeField(null=True, verbose_name="resolved at")),
                    (
                        "expired",
                        models.BooleanField(default=False, verbose_name="expired, not resolved"),
                    ),
                    ("count", models.PositiveIntegerField(default=1, verbose_name="times")),
                    (
                        "unread",
                        models.BooleanField(default=True, verbose_name="not read by incidents yet"),
                    ),
                    (
                        "integration",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="alerts",
                            to="monitoring.integration",
                            verbose_name="integration",
                        ),
                    ),
                    (
                        "payload",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            to="monitoring.payload",
                            verbose_name="as it was sent",
                        ),
                    ),
                    ("muted_until", models.DateTimeField(null=True, verbose_name="silent until")),
                    (
                        "silence",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="monitoring.silence",
                            verbose_name="silence",
                        ),
                    ),
                    (
                        "window",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="monitoring.maintenancewindow",
                            verbose_name="maintenance window",
                        ),
                    ),
                    (
                        "route",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="monitoring.route",
                            verbose_name="route",
                        ),
                    ),
                    ("calm_at", models.DateTimeField(null=True, verbose_name="calm again at")),
                    (
                        "flaps",
                        models.PositiveSmallIntegerField(
                            db_default=0, default=0, verbose_name="came and went"
                        ),
                    ),
                    (
                        "because_of",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="monitoring.alert",
                            verbose_name="because of",
                        ),
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
                    "verbose_name": "alert",
                    "verbose_name_plural": "alerts",
                    "ordering": ["-id"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("unread", True)), fields=["id"], name="alert_unread"
                        ),
                        models.Index(
                            condition=models.Q(
                                ("expires_at__isnull", False), ("resolved_at", None)
                            ),
                            fields=["expires_at"],
                            name="alert_expiring",
                        ),
                        models.Index(
                            condition=models.Q(
                                ("muted_until__isnull", False), ("resolved_at", None)
                            ),
                            fields=["muted_until"],
                            name="alert_muted",
                        ),
                        models.Index(
                            condition=models.Q(("resolved_at__isnull", False)),
                            fields=["integration", "key", "resolved_at"],
                            name="alert_endings",
                        ),
                        models.Index(
                            condition=models.Q(("calm_at__isnull", False)),
                            fields=["calm_at"],
                            name="alert_to_calm",
                        ),
                        django.contrib.postgres.indexes.BrinIndex(
                            fields=["received_at"], name="alert_by_age"
                        ),
                        models.Index(
                            django.db.models.fields.json.KeyTextTransform("metric", "labels"),
                            models.OrderBy(models.F("started_at"), descending=True),
                            condition=models.Q(("labels__has_key", "metric")),
                            name="alert_of_metric",
                        ),
                        models.Index(
                            condition=models.Q(("muted_until", None), ("resolved_at", None)),
                            fields=["service"],
                            name="alert_calling",
                        ),
                        models.Index(
                            condition=models.Q(
                                ("because_of__isnull", False), ("resolved_at", None)
                            ),
                            fields=["because_of"],
                            name="alert_depending",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("resolved_at", None)),
                            fields=("integration", "key"),
                            name="one_open_alert",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Verdict",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "said",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("", "not judged"),
                                ("useful", "useful"),
                                ("noise", "false alarm"),
                            ],
                            max_length=10,
                            verbose_name="feedback",
                        ),
                    ),
                    ("at", models.DateTimeField(verbose_name="at")),
                    (
                        "anomaly",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="verdicts",
                            to="monitoring.anomaly",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "verdict",
                    "verbose_name_plural": "verdicts",
                    "ordering": ["-at", "-id"],
                },
            ),
            migrations.CreateModel(
                name="Check",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "name",
                        models.CharField(
                            help_text="Also the label of what it measures: another name begins new courses.",
                            max_length=120,
                            unique=True,
                            verbose_name="name",
                        ),
                    ),
                    (
                        "collector",
                        models.CharField(
                            choices=monitoring.registry.collector_choices,
                            max_length=40,
                            verbose_name="what is read",
                        ),
                    ),
                    ("settings", models.JSONField(default=dict, verbose_name="settings")),
                    (
                        "host",
                        models.CharField(
                            blank=True,
                            help_text="Whose it is: the label “host” of what it measures.",
                            max_length=200,
                            verbose_name="host label",
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("system", "system"),
                                ("application", "application"),
                                ("business", "business"),
                                ("security", "security"),
                            ],
                            default="system",
                            max_length=12,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "severity",
                        models.CharField(
                            choices=[("P0", "P0"), ("P1", "P1"), ("P2", "P2"), ("P3", "P3")],
                            default="P2",
                            help_text="When it gives no data for three intervals.",
                            max_length=2,
                            verbose_name="severity",
                        ),
                    ),
                    (
                        "interval",
                        models.DurationField(
                            default=datetime.timedelta(seconds=60), verbose_name="every"
                        ),
                    ),
                    (
                        "timeout",
                        models.DurationField(
                            default=datetime.timedelta(seconds=10), verbose_name="timeout"
                        ),
                    ),
                    ("enabled", models.BooleanField(default=True, verbose_name="enabled")),
                    (
                        "due_at",
                        models.DateTimeField(
                            default=django.utils.timezone.now,
                            editable=False,
                            verbose_name="next run",
                        ),
                    ),
                    ("held_until", models.DateTimeField(editable=False, null=True)),
                    (
                        "last_run_at",
                        models.DateTimeField(editable=False, null=True, verbose_name="last run"),
                    ),
                    (
                        "last_ok_at",
                        models.DateTimeField(editable=False, null=True, verbose_name="last data"),
                    ),
                    (
                        "last_error",
                        models.TextField(
                            blank=True, default="", editable=False, verbose_name="error"
                        ),
                    ),
                    ("took", models.FloatField(editable=False, null=True, verbose_name="took")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("new", "new"),
                                ("ok", "ok"),
                                ("failing", "failing"),
                                ("hanging", "hanging"),
                            ],
                            default="new",
                            editable=False,
                            max_length=8,
                            verbose_name="state",
                        ),
                    ),
                    ("readings", models.JSONField(default=list, editable=False)),
                    (
                        "since",
                        models.DateTimeField(default=django.utils.timezone.now, editable=False),
                    ),
                    ("silent", models.BooleanField(default=False, editable=False)),
                    (
                        "service",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="teams.service",
                            verbose_name="service",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "check",
                    "verbose_name_plural": "checks",
                    "ordering": ["name"],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("enabled", True)),
                            fields=["due_at"],
                            name="check_due",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("timeout__gt", datetime.timedelta(0)),
                                ("timeout__lte", models.F("interval")),
                            ),
                            name="check_ends_before_the_next",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("interval__gte", datetime.timedelta(seconds=5))),
                            name="check_takes_breath",
                        ),
                    ],
                },
            ),
        ),
        migrations.RunSQL(
            sql="""
CREATE TABLE monitoring_sample (
    metric_id bigint NOT NULL, at timestamptz NOT NULL, value double precision NOT NULL,
    PRIMARY KEY (metric_id, at)
) PARTITION BY RANGE (at);

-- Which buckets are to be rolled up, of which metrics. Written with the samples, in one transaction,
-- and never changed: writers do not wait for each other, and nothing is rolled up without them.
CREATE TABLE monitoring_unrolled (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    size text NOT NULL, bucket timestamptz NOT NULL, metrics bigint[] NOT NULL,
    due_at timestamptz NOT NULL
);
CREATE INDEX unrolled_due ON monitoring_unrolled (size, due_at);

CREATE TABLE monitoring_rollup_5m (
    metric_id bigint NOT NULL, at timestamptz NOT NULL,
    low double precision NOT NULL, mean double precision NOT NULL, high double precision NOT NULL,
    count integer NOT NULL,
    PRIMARY KEY (metric_id, at)
) PARTITION BY RANGE (at);

CREATE TABLE monitoring_rollup_1h (
    metric_id bigint NOT NULL, at timestamptz NOT NULL,
    low double precision NOT NULL, mean double precision NOT NULL, high double precision NOT NULL,
    count integer NOT NULL, keys smallint[] NOT NULL, counts integer[] NOT NULL,
    PRIMARY KEY (metric_id, at)
) PARTITION BY RANGE (at);

CREATE TABLE monitoring_rollup_1d (
    metric_id bigint NOT NULL, at timestamptz NOT NULL,
    low double precision NOT NULL, mean double precision NOT NULL, high double precision NOT NULL,
    count integer NOT NULL, keys smallint[] NOT NULL, counts integer[] NOT NULL,
    PRIMARY KEY (metric_id, at)
) PARTITION BY RANGE (at);
""",
            reverse_sql="""
DROP TABLE monitoring_sample, monitoring_unrolled,
    monitoring_rollup_5m, monitoring_rollup_1h, monitoring_rollup_1d
""",
        ),
        migrations.RunSQL(
            sql="ALTER TABLE monitoring_metricstate ALTER COLUMN dump SET STORAGE EXTERNAL",
            reverse_sql="",
        ),
        migrations.RunSQL(
            sql="""ALTER TABLE monitoring_rollup_5m ADD COLUMN slow double precision, ADD COLUMN speed double precision, ADD COLUMN fast double precision;
ALTER TABLE monitoring_rollup_1h ADD COLUMN slow double precision, ADD COLUMN speed double precision, ADD COLUMN fast double precision;
ALTER TABLE monitoring_rollup_1d ADD COLUMN slow double precision, ADD COLUMN speed double precision, ADD COLUMN fast double precision;
""",
            reverse_sql="""ALTER TABLE monitoring_rollup_5m DROP COLUMN slow, DROP COLUMN speed, DROP COLUMN fast;
ALTER TABLE monitoring_rollup_1h DROP COLUMN slow, DROP COLUMN speed, DROP COLUMN fast;
ALTER TABLE monitoring_rollup_1d DROP COLUMN slow, DROP COLUMN speed, DROP COLUMN fast;
""",
        ),
    ]
