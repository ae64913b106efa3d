"""A new database gets here in one step; one that is on its way goes on by the single migrations."""

import core.zones
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import teams.models
import uuid
from django.conf import settings
from django.db import migrations, models

from core.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("teams", "0001_initial"),
        ("teams", "0002_stakeholders"),
        ("teams", "0003_on_call_rotations"),
        ("teams", "0004_swaps_are_told"),
        ("teams", "0005_contact_codes"),
        ("teams", "0006_layers_keep_their_past"),
        ("teams", "0007_names_have_labels"),
        ("teams", "0008_notification_rules"),
        ("teams", "0009_access_events"),
        ("teams", "0010_dependences"),
        ("teams", "0011_kept_answers"),
        ("teams", "0012_names_in_the_console"),
        ("teams", "0013_words_of_constraints"),
        ("teams", "0014_name_fields"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="User",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("password", models.CharField(max_length=128, verbose_name="password")),
                    (
                        "last_login",
                        models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                    ),
                    (
                        "is_superuser",
                        models.BooleanField(
                            default=False,
                            help_text="Designates that this user has all permissions without explicitly assigning them.",
                            verbose_name="superuser status",
                        ),
                    ),
                    (
                        "username",
                        models.CharField(
                            error_messages={"unique": "A user with that username already exists."},
                            help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                            max_length=150,
                            unique=True,
                            validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                            verbose_name="username",
                        ),
                    ),
                    (
                        "first_name",
                        models.CharField(blank=True, max_length=150, verbose_name="first name"),
                    ),
                    (
                        "last_name",
                        models.CharField(blank=True, max_length=150, verbose_name="last name"),
                    ),
                    (
                        "email",
                        models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                    ),
                    (
                        "is_staff",
                        models.BooleanField(
                            default=False,
                            help_text="Designates whether the user can log into this admin site.",
                            verbose_name="staff status",
                        ),
                    ),
                    (
                        "is_active",
                        models.BooleanField(
                            default=True,
                            help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                            verbose_name="active",
                        ),
                    ),
                    (
                        "date_joined",
                        models.DateTimeField(
                            default=django.utils.timezone.now, verbose_name="date joined"
                        ),
                    ),
                    (
                        "display_name",
                        models.CharField(blank=True, max_length=120, verbose_name="name"),
                    ),
                    (
                        "title",
                        models.CharField(blank=True, max_length=120, verbose_name="position"),
                    ),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("viewer", "Viewer"),
                                ("responder", "Responder"),
                                ("commander", "Incident commander"),
                                ("manager", "Manager"),
                                ("administrator", "Administrator"),
                            ],
                            default="viewer",
                            max_length=20,
                            verbose_name="role",
                        ),
                    ),
                    (
                        "language",
                        models.CharField(
                            choices=[("ko", "Korean"), ("en", "English")],
                            default="ko",
                            max_length=5,
                            verbose_name="language",
                        ),
                    ),
                    (
                        "time_zone",
                        models.CharField(
                            default="Asia/Seoul",
                            max_length=60,
                            validators=[core.zones.validate_time_zone],
                            verbose_name="time zone",
                        ),
                    ),
                    (
                        "groups",
                        models.ManyToManyField(
                            blank=True,
                            help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                            related_name="user_set",
                            related_query_name="user",
                            to="auth.group",
                            verbose_name="groups",
                        ),
                    ),
                    (
                        "user_permissions",
                        models.ManyToManyField(
                            blank=True,
                            help_text="Specific permissions for this user.",
                            related_name="user_set",
                            related_query_name="user",
                            to="auth.permission",
                            verbose_name="user permissions",
                        ),
                    ),
                    ("calendar_generation", models.PositiveIntegerField(default=1, editable=False)),
                    (
                        "quiet_from",
                        models.TimeField(blank=True, null=True, verbose_name="quiet from"),
                    ),
                    (
                        "quiet_to",
                        models.TimeField(blank=True, null=True, verbose_name="quiet until"),
                    ),
                ],
                options={
                    "verbose_name": "person",
                    "verbose_name_plural": "people",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("quiet_from", None), ("quiet_to", None)),
                                models.Q(
                                    ("quiet_from__isnull", False),
                                    ("quiet_to__isnull", False),
                                    models.Q(("quiet_from", models.F("quiet_to")), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="quiet_hours_begin_and_end",
                            violation_error_message="Quiet hours need a beginning and a later end.",
                        )
                    ],
                },
                managers=[
                    ("objects", teams.models.People()),
                ],
            ),
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
                        models.DateTimeField(
                            default=django.utils.timezone.now, verbose_name="time"
                        ),
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
            migrations.CreateModel(
                name="ApiToken",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                    (
                        "prefix",
                        models.CharField(editable=False, max_length=8, verbose_name="begins with"),
                    ),
                    ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                    (
                        "scope",
                        models.CharField(
                            choices=[("read", "read"), ("write", "write")],
                            default="write",
                            max_length=10,
                            verbose_name="scope",
                        ),
                    ),
                    (
                        "created_at",
                        models.DateTimeField(auto_now_add=True, verbose_name="created at"),
                    ),
                    (
                        "expires_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="expires at"),
                    ),
                    (
                        "last_used_at",
                        models.DateTimeField(
                            editable=False, null=True, verbose_name="last used at"
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="api_tokens",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="user",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "API token",
                    "verbose_name_plural": "API tokens",
                },
            ),
            migrations.CreateModel(
                name="ContactCode",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("channel", models.CharField(max_length=20)),
                    ("address", models.CharField(max_length=300)),
                    ("made_at", models.DateTimeField()),
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
                    "indexes": [models.Index(fields=["user", "made_at"], name="code_by_person")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("tries__lte", 5)), name="few_tries_a_code"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="ContactMethod",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("channel", models.CharField(max_length=20, verbose_name="channel")),
                    ("address", models.CharField(max_length=300, verbose_name="address")),
                    ("enabled", models.BooleanField(default=True, verbose_name="enabled")),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="contacts",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "verified_at",
                        models.DateTimeField(editable=False, null=True, verbose_name="verified at"),
                    ),
                ],
                options={
                    "verbose_name": "contact method",
                    "verbose_name_plural": "contact methods",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("enabled", True)),
                            fields=("user", "channel"),
                            name="one_address_a_channel",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="KeptAnswer",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("key", models.CharField(max_length=255)),
                    ("digest", models.CharField(max_length=64)),
                    ("made_at", models.DateTimeField()),
                    ("status", models.PositiveSmallIntegerField(default=0)),
                    ("body", models.TextField(default="")),
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
                    "indexes": [models.Index(fields=["made_at"], name="answer_by_age")],
                    "constraints": [
                        models.UniqueConstraint(fields=("user", "key"), name="one_answer_a_key")
                    ],
                },
            ),
            migrations.CreateModel(
                name="NotificationRule",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "grave",
                        models.BooleanField(
                            choices=[(True, "P0 and P1"), (False, "P2 and P3")],
                            verbose_name="when it is grave",
                        ),
                    ),
                    (
                        "channel",
                        models.CharField(
                            choices=[
                                ("email", "email"),
                                ("sms", "SMS"),
                                ("slack", "Slack"),
                                ("voice", "voice"),
                            ],
                            max_length=20,
                            verbose_name="channel",
                        ),
                    ),
                    (
                        "minutes",
                        models.PositiveSmallIntegerField(default=0, verbose_name="after minutes"),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="notification_rules",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "notification rule",
                    "verbose_name_plural": "notification rules",
                    "ordering": ["-grave", "minutes", "pk"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("user", "grave", "channel"),
                            name="one_rule_a_channel",
                            violation_error_message="There is a rule for this channel already.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("minutes__lte", 5),
                                models.Q(("grave", False), ("minutes__lte", 60)),
                                _connector="OR",
                            ),
                            name="no_rule_waits_too_long",
                            violation_error_message="At most five minutes for P0 and P1, and an hour for P2 and P3.",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="StakeholderGroup",
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
                        "kind",
                        models.CharField(
                            choices=[("internal", "Internal"), ("external", "External")],
                            max_length=8,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "people",
                        models.ManyToManyField(
                            blank=True,
                            help_text="Told by the contact methods each of them has.",
                            related_name="stakeholder_groups",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="people",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "stakeholder group",
                    "verbose_name_plural": "stakeholder groups",
                    "ordering": ["-kind", "slug"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("kind__in", ["internal", "external"])),
                            name="inside_or_outside",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="StakeholderContact",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=120, verbose_name="name")),
                    (
                        "language",
                        models.CharField(
                            choices=[("ko", "Korean"), ("en", "English")],
                            default="ko",
                            max_length=5,
                            verbose_name="language",
                        ),
                    ),
                    (
                        "channel",
                        models.CharField(
                            choices=[
                                ("email", "email"),
                                ("sms", "SMS"),
                                ("slack", "Slack"),
                                ("webhook", "webhook"),
                                ("voice", "voice"),
                            ],
                            default="email",
                            max_length=20,
                            verbose_name="channel",
                        ),
                    ),
                    ("address", models.CharField(max_length=300, verbose_name="address")),
                    ("enabled", models.BooleanField(default=True, verbose_name="enabled")),
                    (
                        "group",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="contacts",
                            to="teams.stakeholdergroup",
                            verbose_name="stakeholder group",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "stakeholder contact",
                    "verbose_name_plural": "stakeholder contacts",
                    "ordering": ["name"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("group", "channel", "address"), name="one_address_a_group"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Team",
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
                        "webhook_url",
                        models.URLField(
                            blank=True,
                            help_text="A machine that is told of every page of this team, signed (Standard Webhooks).",
                            verbose_name="webhook",
                        ),
                    ),
                    (
                        "escalation",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="escalated_teams",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="escalation contact",
                        ),
                    ),
                    (
                        "lead",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="leads",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="lead",
                        ),
                    ),
                    (
                        "members",
                        models.ManyToManyField(
                            blank=True,
                            related_name="teams",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="members",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "team",
                    "verbose_name_plural": "teams",
                    "ordering": ["slug"],
                },
            ),
            migrations.CreateModel(
                name="Rotation",
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
                        "place",
                        models.PositiveSmallIntegerField(
                            default=0,
                            help_text="Lowest first. The first one is named at the top of every page.",
                            verbose_name="place",
                        ),
                    ),
                    (
                        "time_zone",
                        models.CharField(
                            default="Asia/Seoul",
                            max_length=60,
                            validators=[core.zones.validate_time_zone],
                            verbose_name="time zone",
                        ),
                    ),
                    (
                        "team",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="rotations",
                            to="teams.team",
                            verbose_name="team",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "on-call rotation",
                    "verbose_name_plural": "on-call rotations",
                    "ordering": ["place", "slug"],
                },
            ),
            migrations.CreateModel(
                name="Layer",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "place",
                        models.PositiveSmallIntegerField(
                            default=0,
                            help_text="A higher layer covers those below.",
                            verbose_name="place",
                        ),
                    ),
                    ("first_day", models.DateField(verbose_name="first handover")),
                    (
                        "handover",
                        models.TimeField(
                            help_text="In the rotation's time zone.", verbose_name="handover at"
                        ),
                    ),
                    (
                        "every",
                        models.PositiveSmallIntegerField(default=1, verbose_name="a turn lasts"),
                    ),
                    (
                        "unit",
                        models.CharField(
                            choices=[("hours", "hours"), ("days", "days"), ("weeks", "weeks")],
                            default="weeks",
                            max_length=5,
                            verbose_name="unit",
                        ),
                    ),
                    (
                        "rotation",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="layers",
                            to="teams.rotation",
                            verbose_name="rotation",
                        ),
                    ),
                    ("since", models.DateTimeField(editable=False, null=True)),
                    (
                        "time_zone",
                        models.CharField(blank=True, default="", editable=False, max_length=60),
                    ),
                    ("until", models.DateTimeField(editable=False, null=True)),
                ],
                options={
                    "verbose_name": "layer",
                    "verbose_name_plural": "layers",
                    "ordering": ["rotation_id", "place"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("every__gte", 1)),
                            name="a_turn_lasts",
                            violation_error_message="A turn lasts at least one.",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("until", None)),
                            fields=("rotation", "place"),
                            name="one_layer_a_place",
                            violation_error_message="Another layer of this rotation has this place.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("since", None),
                                ("until", None),
                                ("until__gte", models.F("since")),
                                _connector="OR",
                            ),
                            name="a_layer_ends_later",
                            violation_error_message="It has to end after it starts.",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="LayerMember",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("place", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                    (
                        "layer",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="members",
                            to="teams.layer",
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
                    ("left", models.BooleanField(default=False, editable=False)),
                ],
                options={
                    "verbose_name": "person in turn",
                    "verbose_name_plural": "people in turn",
                    "ordering": ["layer_id", "place"],
                    "constraints": [
                        models.UniqueConstraint(fields=("layer", "place"), name="one_person_a_turn")
                    ],
                },
            ),
            migrations.CreateModel(
                name="LayerWindow",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "weekday",
                        models.PositiveSmallIntegerField(
                            choices=[
                                (0, "Monday"),
                                (1, "Tuesday"),
                                (2, "Wednesday"),
                                (3, "Thursday"),
                                (4, "Friday"),
                                (5, "Saturday"),
                                (6, "Sunday"),
                            ],
                            verbose_name="weekday",
                        ),
                    ),
                    ("start", models.TimeField(verbose_name="from")),
                    (
                        "end",
                        models.TimeField(
                            help_text="Not after the start: into the next day.",
                            verbose_name="until",
                        ),
                    ),
                    (
                        "layer",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="windows",
                            to="teams.layer",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "window",
                    "verbose_name_plural": "windows",
                    "ordering": ["layer_id", "weekday", "start"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("weekday__lte", 6)), name="a_day_of_the_week"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Override",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("starts_at", models.DateTimeField(verbose_name="from")),
                    ("ends_at", models.DateTimeField(verbose_name="until")),
                    ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                    ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                    (
                        "made_by",
                        models.ForeignKey(
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="made by",
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
                    (
                        "rotation",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="overrides",
                            to="teams.rotation",
                            verbose_name="rotation",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "override",
                    "verbose_name_plural": "overrides",
                    "ordering": ["pk"],
                    "indexes": [
                        models.Index(fields=["rotation", "ends_at"], name="override_by_end")
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                            name="an_override_ends_later",
                            violation_error_message="It has to end after it starts.",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Swap",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("starts_at", models.DateTimeField(verbose_name="from")),
                    ("ends_at", models.DateTimeField(verbose_name="until")),
                    ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                    ("asked_at", models.DateTimeField(verbose_name="asked at")),
                    ("closed_at", models.DateTimeField(null=True, verbose_name="closed at")),
                    (
                        "asked_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "override",
                        models.OneToOneField(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="swap",
                            to="teams.override",
                        ),
                    ),
                    (
                        "rotation",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="swaps",
                            to="teams.rotation",
                        ),
                    ),
                    ("told_at", models.DateTimeField(editable=False, null=True)),
                ],
                options={
                    "verbose_name": "swap",
                    "verbose_name_plural": "swaps",
                    "ordering": ["starts_at", "pk"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                            name="a_swap_ends_later",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("closed_at", None)),
                            fields=("rotation", "asked_by", "starts_at"),
                            name="one_open_swap_a_turn",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Service",
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
                        "slug",
                        models.SlugField(
                            allow_unicode=True, max_length=80, unique=True, verbose_name="slug"
                        ),
                    ),
                    (
                        "discovered",
                        models.BooleanField(
                            default=False,
                            help_text="Named by an alert, not yet described by a person.",
                            verbose_name="discovered",
                        ),
                    ),
                    (
                        "owner",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="services",
                            to="teams.team",
                            verbose_name="owner",
                        ),
                    ),
                    (
                        "customer_facing",
                        models.BooleanField(
                            default=False,
                            help_text="An incident of this service counts as felt by customers.",
                            verbose_name="customers use it",
                        ),
                    ),
                    (
                        "depends_on",
                        models.ManyToManyField(
                            blank=True,
                            help_text="While one of these is down, alerts of this service call nobody a second time.",
                            related_name="carries",
                            to="teams.service",
                            verbose_name="depends on",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "service",
                    "verbose_name_plural": "services",
                    "ordering": ["slug"],
                },
            ),
        ),
        migrations.RunSQL(
            sql="""
CREATE FUNCTION teams_note_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO teams_accessevent (kind, at, user_id) VALUES ('administrator', now(), NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER note_made_administrator AFTER INSERT ON teams_user
    FOR EACH ROW WHEN ((NEW.is_active AND (NEW.is_superuser OR NEW.role = 'administrator'))) EXECUTE FUNCTION teams_note_administrator();
CREATE TRIGGER note_new_administrator AFTER UPDATE ON teams_user
    FOR EACH ROW WHEN ((NEW.is_active AND (NEW.is_superuser OR NEW.role = 'administrator')) AND NOT (OLD.is_active AND (OLD.is_superuser OR OLD.role = 'administrator')))
    EXECUTE FUNCTION teams_note_administrator();
""",
            reverse_sql="""
DROP TRIGGER note_made_administrator ON teams_user;
DROP TRIGGER note_new_administrator ON teams_user;
DROP FUNCTION teams_note_administrator();
""",
        ),
    ]
