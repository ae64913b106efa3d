"""What was confirmed before anybody looked whether it shows is taken as shown."""

from django.db import migrations

SHOWN = """
UPDATE energy_step AS step SET risen_at = action.ended_at
FROM runbooks_action AS action
WHERE action.id = step.action_id AND action.state = 'confirmed'
  AND step.lever IN ('DELEGATE_ENERGY', 'CANCEL_UNSTAKES', 'EMERGENCY_STAKING')
"""


class Migration(migrations.Migration):
    dependencies = [("energy", "0012_rises"), ("runbooks", "0002_paid_and_nothing_came")]
    operations = [migrations.RunSQL(SHOWN, migrations.RunSQL.noop)]
