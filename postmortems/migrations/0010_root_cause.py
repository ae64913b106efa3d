"""The kind of root cause, by which figures tell incidents apart."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("postmortems", "0009_names_of_versions")]

    operations = [
        migrations.AddField(
            model_name="postmortem",
            name="root_cause",
            field=models.CharField(
                blank=True,
                choices=[
                    ("change", "a change of ours"),
                    ("defect", "a defect of our software"),
                    ("capacity", "too little capacity"),
                    ("chain", "energy, bandwidth or the chain"),
                    ("party", "another company’s service"),
                    ("hardware", "hardware or network"),
                    ("procedure", "how we work"),
                    ("attack", "an attack"),
                ],
                default="",
                max_length=12,
                verbose_name="kind of root cause",
            ),
        ),
    ]
