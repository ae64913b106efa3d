"""Figures count a year of pages without reading what each of them said."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_name_fields")]

    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["created_at"],
                include=["recipient", "topic", "step", "sent_at"],
                condition=Q(lane=0, state="sent", recipient__isnull=False),
                name="delivery_woke",
            ),
        ),
    ]
