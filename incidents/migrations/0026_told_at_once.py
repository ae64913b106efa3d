from django.db import migrations, models

# As a new installation is seeded. Who else is told stands in the stakeholder rules, and is read from there.
FILL = "UPDATE incidents_severitypolicy SET tells_leaders = true WHERE severity = 'P2'"


class Migration(migrations.Migration):
    dependencies = [("incidents", "0025_events_as_they_happened")]

    operations = [
        migrations.AddField(
            model_name="severitypolicy",
            name="tells_leaders",
            field=models.BooleanField(
                default=False,
                help_text="Whoever leads the response team, or a team that owns an affected service, and is not paged.",
                verbose_name="tells team leaders at once",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="severitypolicy", name="told_en"),
        migrations.RemoveField(model_name="severitypolicy", name="told_ko"),
    ]
