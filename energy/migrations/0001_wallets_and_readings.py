import datetime
import django.core.validators
import django.db.models.deletion
import energy.domain.measuring
import energy.domain.states
import energy.models.wallets
from django.db import migrations, models


# Readings are facts: old ones may go, none may change.
FENCE = """
CREATE FUNCTION energy_reading_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'readings do not change' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE ON energy_reading
    FOR EACH ROW EXECUTE FUNCTION energy_reading_is_append_only();
"""

OPEN = """
DROP TRIGGER append_only ON energy_reading;
DROP FUNCTION energy_reading_is_append_only();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("teams", "0010_dependences"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "fault",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                energy.domain.measuring.Fault["UNREACHABLE"],
                                energy.domain.measuring.Fault["UNREACHABLE"],
                            ),
                            (
                                energy.domain.measuring.Fault["NONSENSE"],
                                energy.domain.measuring.Fault["NONSENSE"],
                            ),
                            (
                                energy.domain.measuring.Fault["NO_TOTALS"],
                                energy.domain.measuring.Fault["NO_TOTALS"],
                            ),
                            (
                                energy.domain.measuring.Fault["STALE_HEAD"],
                                energy.domain.measuring.Fault["STALE_HEAD"],
                            ),
                            (
                                energy.domain.measuring.Fault["LIMIT_DIFFERS"],
                                energy.domain.measuring.Fault["LIMIT_DIFFERS"],
                            ),
                            (
                                energy.domain.measuring.Fault["NODES_DIFFER"],
                                energy.domain.measuring.Fault["NODES_DIFFER"],
                            ),
                        ],
                        max_length=20,
                        verbose_name="fault",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=300, verbose_name="detail")),
                ("head_number", models.BigIntegerField(default=0, verbose_name="block")),
                ("head_at", models.DateTimeField(null=True, verbose_name="time of the block")),
                ("used", models.BigIntegerField(default=0, verbose_name="energy used")),
                ("limit", models.BigIntegerField(default=0, verbose_name="energy limit")),
                ("window", models.PositiveIntegerField(default=0, verbose_name="window (s)")),
                (
                    "burned",
                    models.BigIntegerField(default=0, verbose_name="used since the last reading"),
                ),
                ("burned_seconds", models.FloatField(default=0)),
                ("balance_sun", models.BigIntegerField(default=0, verbose_name="balance (sun)")),
                ("staked_sun", models.BigIntegerField(default=0, verbose_name="staked (sun)")),
                (
                    "delegated_out_sun",
                    models.BigIntegerField(default=0, verbose_name="delegated to others (sun)"),
                ),
                (
                    "delegated_in_sun",
                    models.BigIntegerField(default=0, verbose_name="delegated by others (sun)"),
                ),
                (
                    "unfreezing_sun",
                    models.BigIntegerField(default=0, verbose_name="unfreezing (sun)"),
                ),
                ("unfreezing_ends_at", models.DateTimeField(null=True)),
                ("total_limit", models.BigIntegerField(default=0)),
                ("total_weight", models.BigIntegerField(default=0)),
                ("energy_fee_sun", models.BigIntegerField(null=True)),
            ],
            options={
                "verbose_name": "energy reading",
                "verbose_name_plural": "energy readings",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Wallet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                (
                    "address",
                    models.CharField(
                        max_length=34,
                        unique=True,
                        validators=[energy.models.wallets.validate_address],
                        verbose_name="address",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("hot", "hot wallet"), ("treasury", "treasury")],
                        default="hot",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                ("enabled", models.BooleanField(default=True, verbose_name="watched")),
                (
                    "period",
                    models.DurationField(
                        default=datetime.timedelta(seconds=30), verbose_name="read every"
                    ),
                ),
                (
                    "hasty_period",
                    models.DurationField(
                        default=datetime.timedelta(seconds=10),
                        verbose_name="read every, when short",
                    ),
                ),
                (
                    "transfer_energy",
                    models.PositiveIntegerField(
                        default=65000,
                        help_text="A USDT transfer takes about 65,000 to a holder, 131,000 to whoever holds none.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="energy of a transfer",
                    ),
                ),
                (
                    "warning_below",
                    models.PositiveSmallIntegerField(
                        default=20,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="warning below (%)",
                    ),
                ),
                (
                    "warning_until",
                    models.PositiveSmallIntegerField(
                        default=25,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="warning until (%)",
                    ),
                ),
                (
                    "emergency_below",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="emergency below (%)",
                    ),
                ),
                (
                    "emergency_until",
                    models.PositiveSmallIntegerField(
                        default=8,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="emergency until (%)",
                    ),
                ),
                (
                    "critical_below",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="critical below (%)",
                    ),
                ),
                (
                    "critical_until",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="critical until (%)",
                    ),
                ),
                (
                    "action_cap_sun",
                    models.PositiveBigIntegerField(
                        default=1000000000000, verbose_name="cap of one action (sun)"
                    ),
                ),
                (
                    "day_cap_sun",
                    models.PositiveBigIntegerField(
                        default=1000000000000, verbose_name="cap of 24 hours (sun)"
                    ),
                ),
                (
                    "lifetime_cap_sun",
                    models.PositiveBigIntegerField(
                        default=10000000000000, verbose_name="cap of all time (sun)"
                    ),
                ),
                (
                    "reserve_sun",
                    models.PositiveBigIntegerField(
                        default=1000000000,
                        help_text="Without it, transfers fail when the energy is used up.",
                        verbose_name="never staked or spent (sun)",
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        default=energy.domain.states.Level["OK"], editable=False
                    ),
                ),
                (
                    "confirmed",
                    models.PositiveSmallIntegerField(
                        default=energy.domain.states.Level["OK"], editable=False
                    ),
                ),
                (
                    "last_level",
                    models.PositiveSmallIntegerField(default=None, editable=False, null=True),
                ),
                ("calmer", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("failures", models.PositiveIntegerField(default=0, editable=False)),
                ("capacity", models.BooleanField(default=True, editable=False)),
                ("measured", models.BooleanField(default=False, editable=False)),
                ("told", models.JSONField(default=list, editable=False)),
                ("unseen", models.BooleanField(default=False, editable=False)),
                ("seen_at", models.DateTimeField(auto_now_add=True)),
                ("due_at", models.DateTimeField(auto_now_add=True)),
                ("held_until", models.DateTimeField(editable=False, null=True)),
                (
                    "last",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="energy.reading",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="teams.service",
                        verbose_name="service",
                    ),
                ),
            ],
            options={
                "verbose_name": "wallet",
                "verbose_name_plural": "wallets",
                "ordering": ["role", "name"],
            },
        ),
        migrations.AddField(
            model_name="reading",
            name="wallet",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="readings",
                to="energy.wallet",
                verbose_name="wallet",
            ),
        ),
        migrations.AddConstraint(
            model_name="wallet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("warning_until__gte", models.F("warning_below")),
                    ("emergency_until__gte", models.F("emergency_below")),
                    ("critical_until__gte", models.F("critical_below")),
                ),
                name="states_end_above_where_they_begin",
            ),
        ),
        migrations.AddConstraint(
            model_name="wallet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("warning_below__gte", models.F("emergency_below")),
                    ("emergency_below__gte", models.F("critical_below")),
                ),
                name="graver_states_begin_lower",
            ),
        ),
        migrations.AddConstraint(
            model_name="wallet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("action_cap_sun__lte", 100000000000000000),
                    ("reserve_sun__lte", 100000000000000000),
                ),
                name="caps_fit_the_chain",
            ),
        ),
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(fields=["wallet", "-at"], name="reading_newest"),
        ),
        migrations.RunSQL(FENCE, OPEN),
    ]
