"""A new database gets here in one step; one that is on its way goes on by the single migrations."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from core.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("notifications", "0001_initial"),
        ("notifications", "0002_receipts"),
        ("notifications", "0003_attempt_provider"),
        ("notifications", "0004_rewriting"),
        ("notifications", "0005_who_leases"),
        ("notifications", "0006_by_age"),
        ("notifications", "0007_name_fields"),
    ]

    initial = True

    dependencies = [
        ("teams", "0014_name_fields"),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="Delivery",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "lane",
                        models.PositiveSmallIntegerField(
                            choices=[(0, "page"), (1, "notice"), (2, "bulk")],
                            default=0,
                            verbose_name="lane",
                        ),
                    ),
                    ("topic", models.CharField(max_length=80, verbose_name="about")),
                    ("step", models.CharField(max_length=40, verbose_name="step")),
                    ("recipient_name", models.CharField(max_length=120, verbose_name="recipient")),
                    ("language", models.CharField(max_length=5, verbose_name="language")),
                    ("channel", models.CharField(max_length=20, verbose_name="channel")),
                    ("address", models.CharField(max_length=500, verbose_name="address")),
                    ("template", models.CharField(max_length=60, verbose_name="template")),
                    ("context", models.JSONField(default=dict, verbose_name="context")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("pending", "waiting"),
                                ("leased", "sending"),
                                ("sent", "sent"),
                                ("failed", "failed"),
                                ("cancelled", "cancelled"),
                            ],
                            default="pending",
                            max_length=10,
                            verbose_name="state",
                        ),
                    ),
                    (
                        "attempts",
                        models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                    ),
                    ("created_at", models.DateTimeField(verbose_name="created at")),
                    ("due_at", models.DateTimeField(verbose_name="due at")),
                    ("lease_token", models.UUIDField(editable=False, null=True)),
                    ("lease_until", models.DateTimeField(editable=False, null=True)),
                    ("sent_at", models.DateTimeField(null=True, verbose_name="sent at")),
                    (
                        "provider_id",
                        models.CharField(
                            blank=True, default="", max_length=200, verbose_name="provider id"
                        ),
                    ),
                    (
                        "error",
                        models.CharField(
                            blank=True, default="", max_length=500, verbose_name="error"
                        ),
                    ),
                    ("noted", models.BooleanField(default=False, verbose_name="outcome noted")),
                    (
                        "recipient",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="recipient",
                        ),
                    ),
                    ("answered_at", models.DateTimeField(null=True, verbose_name="answered at")),
                    ("delivered_at", models.DateTimeField(null=True, verbose_name="delivered at")),
                    ("opened_at", models.DateTimeField(null=True, verbose_name="opened at")),
                    (
                        "rewrites",
                        models.ForeignKey(
                            db_index=False,
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="notifications.delivery",
                        ),
                    ),
                    ("leased_by", models.TextField(db_default="", default="", editable=False)),
                ],
                options={
                    "verbose_name": "delivery",
                    "verbose_name_plural": "deliveries",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state__in", ("pending", "leased"))),
                            fields=["channel", "lane", "due_at"],
                            name="delivery_due",
                        ),
                        models.Index(
                            condition=models.Q(("noted", False), ("state__in", ["sent", "failed"])),
                            fields=["topic"],
                            name="delivery_unnoted",
                        ),
                        django.contrib.postgres.indexes.BrinIndex(
                            fields=["created_at"], name="delivery_by_age"
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("topic", "step", "recipient", "channel", "address"),
                            name="one_delivery",
                            nulls_distinct=False,
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "leased"), _negated=True),
                                models.Q(
                                    ("lease_token__isnull", False), ("lease_until__isnull", False)
                                ),
                                _connector="OR",
                            ),
                            name="sending_has_a_deadline",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "sent"), _negated=True),
                                ("sent_at__isnull", False),
                                _connector="OR",
                            ),
                            name="sent_has_a_time",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("rewrites__isnull", False)),
                            fields=("rewrites",),
                            name="one_rewriting",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Attempt",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.PositiveSmallIntegerField(verbose_name="attempt")),
                    ("started_at", models.DateTimeField(verbose_name="started at")),
                    ("ended_at", models.DateTimeField(verbose_name="ended at")),
                    (
                        "outcome",
                        models.CharField(
                            choices=[
                                ("sent", "sent"),
                                ("retry", "to be tried again"),
                                ("failed", "failed"),
                                ("cancelled", "not wanted any more"),
                                ("lost", "the sender died on the way"),
                            ],
                            max_length=10,
                            verbose_name="outcome",
                        ),
                    ),
                    (
                        "provider_id",
                        models.CharField(
                            blank=True, default="", max_length=200, verbose_name="provider id"
                        ),
                    ),
                    (
                        "error",
                        models.CharField(
                            blank=True, default="", max_length=500, verbose_name="error"
                        ),
                    ),
                    (
                        "delivery",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="history",
                            to="notifications.delivery",
                        ),
                    ),
                    (
                        "provider",
                        models.CharField(
                            blank=True, default="", max_length=40, verbose_name="provider"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "attempt",
                    "verbose_name_plural": "attempts",
                    "ordering": ["number"],
                },
            ),
        ),
    ]
