from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("energy", "0019_name_fields")]

    operations = [
        migrations.AddField(
            model_name="wallet",
            name="drill_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
