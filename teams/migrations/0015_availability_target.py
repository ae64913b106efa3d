"""What a service promises: its availability is read against it."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("teams", "0014_name_fields")]

    operations = [
        migrations.AddField(
            model_name="service",
            name="availability_target",
            field=models.DecimalField(
                verbose_name="availability promised (%)",
                max_digits=6,
                decimal_places=3,
                default=Decimal("99.9"),
                validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(100))],
                help_text="99.9 leaves 43 minutes of a month to be down.",
            ),
        ),
    ]
