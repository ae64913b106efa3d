from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0014_name_fields"),
        ("runbooks", "0009_root_by_sudo"),
    ]

    operations = [
        migrations.AddField(
            model_name="database",
            name="services",
            field=models.ManyToManyField(
                blank=True,
                help_text="Whose data it holds: a diagnosis of an incident of theirs that starts by itself looks here.",
                related_name="+",
                to="teams.service",
                verbose_name="services",
            ),
        ),
        migrations.AddField(
            model_name="pool",
            name="services",
            field=models.ManyToManyField(
                blank=True,
                help_text="Which it serves: a diagnosis of an incident of theirs that starts by itself looks here.",
                related_name="+",
                to="teams.service",
                verbose_name="services",
            ),
        ),
    ]
