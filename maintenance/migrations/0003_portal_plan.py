from django.db import migrations


def plan(apps, schema_editor):
    """The portal's own database is backed up from the next night on."""
    apps.get_model("maintenance", "BackupPlan").objects.get_or_create(name="portal")


class Migration(migrations.Migration):
    dependencies = [("maintenance", "0002_backups")]

    operations = [migrations.RunPython(plan, migrations.RunPython.noop)]
