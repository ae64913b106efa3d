"""What came of an action in both languages: the column that stood alone is the English one now."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runbooks", "0011_who_steered")]

    operations = [
        migrations.AlterField(
            model_name="action",
            name="text",
            field=models.CharField(
                blank=True,
                db_column="text",
                default="",
                max_length=500,
                verbose_name="what came of it",
            ),
        ),
        migrations.RenameField(model_name="action", old_name="text", new_name="text_en"),
        migrations.AlterField(
            model_name="action",
            name="text_en",
            field=models.CharField(
                blank=True,
                db_column="text",
                default="",
                max_length=500,
                verbose_name="what came of it (English)",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="text_ko",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=500,
                verbose_name="what came of it (Korean)",
            ),
        ),
    ]
