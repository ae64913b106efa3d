"""Improvement reports as they were printed and sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("postmortems", "0006_kept_pdfs")]

    operations = [
        migrations.CreateModel(
            name="ImprovementReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        choices=[(30, "monthly"), (90, "quarterly")], verbose_name="of days"
                    ),
                ),
                ("until", models.DateField(verbose_name="until")),
                (
                    "language",
                    models.CharField(
                        choices=[("ko", "Korean"), ("en", "English")],
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("pdf", models.BinaryField()),
            ],
            options={
                "verbose_name": "improvement report",
                "verbose_name_plural": "improvement reports",
                "ordering": ["-until", "days", "language"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("days", "until", "language"), name="one_report_a_time"
                    )
                ],
            },
        ),
    ]
