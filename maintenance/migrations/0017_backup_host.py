from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("maintenance", "0016_sites_of_sense")]

    operations = [
        migrations.AddField(
            model_name="backup",
            name="host",
            field=models.CharField(blank=True, default="", max_length=255, verbose_name="host"),
        ),
    ]
