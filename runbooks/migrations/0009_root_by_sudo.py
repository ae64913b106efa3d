from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runbooks", "0008_said_in_both")]

    operations = [
        migrations.AddField(
            model_name="host",
            name="sudo",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="What changes something is done as root, by sudo -n, which asks for no password.",
                verbose_name="root by sudo",
            ),
        ),
    ]
