"""Figures read the incidents of a time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0037_said")]

    operations = [
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["detected_at"], name="incident_detected"),
        ),
    ]
