from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("maintenance", "0013_backup_asked")]

    operations = [
        migrations.AddField(
            model_name="drill",
            name="asked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="to be played since"),
        ),
        migrations.AddField(
            model_name="drill",
            name="stop_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="to be stopped since"),
        ),
    ]
