"""Which incidents have notes, without the other lines of their timelines: noise and search ask it of thousands."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0035_name_fields")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("kind", "note")), fields=["incident"], name="event_notes"
            ),
        ),
    ]
