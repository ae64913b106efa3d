import django.contrib.postgres.fields
import django.db.models.deletion
import incidents.models.suggestion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0007_key_moments"),
        ("teams", "0002_stakeholders"),
    ]

    operations = [
        migrations.CreateModel(
            name="SuggestionRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_ko", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=120)),
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
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="agreed"),
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
        migrations.AddConstraint(
            model_name="suggestionrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("words", ""), _negated=True),
                    ("service__isnull", False),
                    models.Q(("label", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_rule_asks_for_something",
                violation_error_message="Name words, a service or a label.",
            ),
        ),
    ]
