from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0030_name_fields")]

    operations = [
        migrations.AddField(
            model_name="integration",
            name="drill",
            field=models.BooleanField(
                default=False,
                help_text="What it sends opens drills: people are paged with that word, no figure counts them, and nobody outside is told.",
                verbose_name="for drills",
            ),
        ),
    ]
