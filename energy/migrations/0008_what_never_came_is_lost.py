"""What was paid and never came had counted as done."""

from typing import Any

from django.db import migrations


def rename(apps: Any, _schema: Any) -> None:
    actions = apps.get_model("runbooks", "Action")
    lost = apps.get_model("energy", "Purchase").objects.filter(state="never_came")
    actions.objects.filter(state="confirmed", pk__in=lost.values("action")).update(state="lost")


class Migration(migrations.Migration):
    dependencies = [
        ("energy", "0007_purchases_cleared"),
        ("runbooks", "0002_paid_and_nothing_came"),
    ]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
