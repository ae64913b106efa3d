from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0010_stakeholder_messages"),
    ]

    operations = [
        migrations.RenameField("incident", "severity_since", "response_since"),
        migrations.AlterField(
            model_name="incident",
            name="response_since",
            field=models.DateTimeField(verbose_name="response clock runs since"),
        ),
    ]
