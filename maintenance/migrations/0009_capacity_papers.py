"""The capacities as PDFs, made by the worker and kept."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("maintenance", "0008_checklists")]

    operations = [
        migrations.CreateModel(
            name="CapacityPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pdf", models.BinaryField(null=True)),
                ("requested_at", models.DateTimeField()),
                ("held_until", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("pages", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField(null=True)),
                ("error", models.TextField(blank=True, default="")),
                (
                    "language",
                    models.CharField(
                        choices=settings.LANGUAGES, max_length=5, verbose_name="language"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("language", "digest"), name="one_paper_of_a_kind"
                    )
                ],
            },
        )
    ]
