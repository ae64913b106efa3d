"""Who paused, aborted, took over or decided, and why: kept beside the run."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("runbooks", "0010_of_services"),
    ]

    operations = [
        migrations.CreateModel(
            name="Steering",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("paused", "paused"),
                            ("running", "goes on"),
                            ("aborted", "aborted"),
                            ("taken_over", "taken over"),
                            ("retry", "tried again"),
                            ("skip", "skipped"),
                            ("done", "a person says it was done"),
                            ("answer", "answered"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("reason", models.TextField(blank=True, default="", verbose_name="reason")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steered",
                        to="runbooks.run",
                        verbose_name="run",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="runbooks.runstep",
                        verbose_name="step",
                    ),
                ),
            ],
            options={
                "verbose_name": "steering of a run",
                "verbose_name_plural": "steerings of runs",
                "ordering": ["pk"],
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "what__in",
                                [
                                    "aborted",
                                    "answer",
                                    "done",
                                    "paused",
                                    "retry",
                                    "running",
                                    "skip",
                                    "taken_over",
                                ],
                            )
                        ),
                        name="steering_what",
                    )
                ],
            },
        ),
    ]
