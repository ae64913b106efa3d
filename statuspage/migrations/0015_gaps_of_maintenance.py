from django.db import migrations, models

from statuspage.models.prepared import validate_gaps


class Migration(migrations.Migration):
    dependencies = [("statuspage", "0014_prepared_words")]

    operations = [
        migrations.AlterField(
            model_name="prepared",
            name="body_ko",
            field=models.TextField(
                help_text="{components} becomes the names of what is affected; in words for a maintenance"
                " {times} becomes its times, {begin} and {end} either of them.",
                validators=[validate_gaps],
                verbose_name="text (Korean)",
            ),
        ),
    ]
