import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("postmortems", "0005_words_moved")]

    # What was printed so far is printed anew when somebody asks: its rows know no language.
    operations = [
        migrations.DeleteModel("Rendering"),
        migrations.CreateModel(
            name="Rendering",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("ko", "Korean"),
                            ("en", "English"),
                            ("both", "Korean and English"),
                        ],
                        max_length=4,
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("frozen", models.BooleanField(default=False)),
                ("patient", models.BooleanField(default=False)),
                ("pdf", models.BinaryField(null=True)),
                ("requested_at", models.DateTimeField()),
                ("held_until", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("pages", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField(null=True)),
                ("error", models.TextField(blank=True, default="")),
                (
                    "postmortem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="renderings",
                        to="postmortems.postmortem",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("postmortem", "language", "digest"), name="one_rendering_of_a_kind"
                    )
                ],
                "indexes": [
                    models.Index(
                        fields=["patient", "requested_at"],
                        condition=models.Q(("error", ""), ("made_at", None)),
                        name="rendering_due",
                    )
                ],
            },
        ),
    ]
