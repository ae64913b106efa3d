"""What figures read of a time is found by indexes alone: what reached into it, and the drills."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("incidents", "0038_incident_detected")]

    operations = [
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                fields=["-resolved_at", "detected_at"],
                condition=Q(status="resolved"),
                name="incident_over",
            ),
        ),
        migrations.RemoveIndex(model_name="incident", name="incident_resolved"),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                fields=["detected_at"], condition=Q(drill=True), name="incident_drills"
            ),
        ),
    ]
