"""Who is to be forgotten is found by an index of each standing, not by reading everybody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("statuspage", "0021_touched")]

    operations = [
        migrations.AddIndex(
            model_name="subscriber",
            index=models.Index(
                condition=models.Q(("standing", "gone")),
                fields=["ended_at"],
                name="subscriber_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="subscriber",
            index=models.Index(
                condition=models.Q(("standing", "unconfirmed")),
                fields=["letter_at"],
                name="subscriber_unconfirmed",
            ),
        ),
    ]
