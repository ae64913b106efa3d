"""A new database gets here in one step; one that is on its way goes on by the single migrations."""

import datetime
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import energy.domain.measuring
import energy.domain.settlement
import energy.domain.states
import energy.models.policies
import energy.models.responses
import energy.models.wallets
from django.conf import settings
from django.db import migrations, models

from core.creating import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("energy", "0001_wallets_and_readings"),
        ("energy", "0002_chain_transactions"),
        ("energy", "0003_responses"),
        ("energy", "0004_wallet_caps"),
        ("energy", "0005_no_treasury"),
        ("energy", "0006_wallet_purchase_caps"),
        ("energy", "0007_purchases_cleared"),
        ("energy", "0008_what_never_came_is_lost"),
        ("energy", "0009_runways"),
        ("energy", "0010_offers"),
        ("energy", "0011_what_a_wallet_pays_for"),
        ("energy", "0012_rises"),
        ("energy", "0013_shown_before"),
        ("energy", "0014_rental_notice"),
        ("energy", "0015_stake_reviews"),
        ("energy", "0016_markets"),
        ("energy", "0017_words_of_fields"),
        ("energy", "0018_words_of_constraints"),
        ("energy", "0019_name_fields"),
    ]

    initial = True

    dependencies = [
        ("incidents", "0035_name_fields"),
        ("runbooks", "0004_name_fields"),
        ("teams", "0014_name_fields"),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="Market",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=40, unique=True, verbose_name="market")),
                    ("since", models.DateTimeField(verbose_name="set aside since")),
                    (
                        "good_quotes",
                        models.PositiveIntegerField(default=0, verbose_name="good prices in a row"),
                    ),
                    ("quoted_at", models.DateTimeField(null=True, verbose_name="last price at")),
                ],
                options={
                    "verbose_name": "market set aside",
                    "verbose_name_plural": "markets set aside",
                    "ordering": ["name"],
                    "default_permissions": ("view",),
                },
            ),
            migrations.CreateModel(
                name="EnergyPolicy",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "emergency",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(
                                choices=[
                                    ("PAUSE_WITHDRAWALS", "Pause withdrawals"),
                                    ("HOLD_WITHDRAWALS", "Hold withdrawals of low priority"),
                                    ("DELEGATE_ENERGY", "Delegate idle energy"),
                                    ("CANCEL_UNSTAKES", "Cancel pending unstakes"),
                                    ("BUY_ENERGY", "Buy energy"),
                                    ("EMERGENCY_STAKING", "Stake TRX"),
                                ],
                                max_length=20,
                            ),
                            blank=True,
                            default=energy.models.policies.default_emergency,
                            size=None,
                            verbose_name="levers in an emergency, in order",
                        ),
                    ),
                    (
                        "critical",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(
                                choices=[
                                    ("PAUSE_WITHDRAWALS", "Pause withdrawals"),
                                    ("HOLD_WITHDRAWALS", "Hold withdrawals of low priority"),
                                    ("DELEGATE_ENERGY", "Delegate idle energy"),
                                    ("CANCEL_UNSTAKES", "Cancel pending unstakes"),
                                    ("BUY_ENERGY", "Buy energy"),
                                    ("EMERGENCY_STAKING", "Stake TRX"),
                                ],
                                max_length=20,
                            ),
                            blank=True,
                            default=energy.models.policies.default_critical,
                            size=None,
                            verbose_name="levers when critical, in order",
                        ),
                    ),
                    (
                        "emergency_prepared",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(
                                choices=[
                                    ("PAUSE_WITHDRAWALS", "Pause withdrawals"),
                                    ("HOLD_WITHDRAWALS", "Hold withdrawals of low priority"),
                                    ("DELEGATE_ENERGY", "Delegate idle energy"),
                                    ("CANCEL_UNSTAKES", "Cancel pending unstakes"),
                                    ("BUY_ENERGY", "Buy energy"),
                                    ("EMERGENCY_STAKING", "Stake TRX"),
                                ],
                                max_length=20,
                            ),
                            blank=True,
                            default=energy.models.policies.default_prepared,
                            help_text="A person approves them before anything is done.",
                            size=None,
                            verbose_name="only prepared in an emergency",
                        ),
                    ),
                    (
                        "restore_percent",
                        models.PositiveSmallIntegerField(
                            default=20,
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(100),
                            ],
                            verbose_name="restore up to (%)",
                        ),
                    ),
                    (
                        "share_percent",
                        models.PositiveSmallIntegerField(
                            default=80,
                            validators=[django.core.validators.MaxValueValidator(80)],
                            verbose_name="of the TRX, a stake takes at most (%)",
                        ),
                    ),
                    (
                        "most_sun",
                        models.PositiveBigIntegerField(
                            default=1000000000000, verbose_name="a stake is at most (sun)"
                        ),
                    ),
                    (
                        "price_percent",
                        models.PositiveSmallIntegerField(
                            default=100,
                            validators=[django.core.validators.MaxValueValidator(100)],
                            verbose_name="energy costs at most (percent of burning)",
                        ),
                    ),
                    (
                        "rent_for",
                        models.DurationField(
                            default=datetime.timedelta(seconds=3600), verbose_name="rent for"
                        ),
                    ),
                    (
                        "resume_percent",
                        models.PositiveSmallIntegerField(
                            default=10,
                            validators=[django.core.validators.MaxValueValidator(100)],
                            verbose_name="withdrawals go on from (%)",
                        ),
                    ),
                    (
                        "resume_runway",
                        models.DurationField(
                            default=datetime.timedelta(seconds=7200),
                            verbose_name="and when it lasts for",
                        ),
                    ),
                    (
                        "paused_for",
                        models.DurationField(
                            default=datetime.timedelta(seconds=600),
                            verbose_name="and were held for",
                        ),
                    ),
                    ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="since")),
                    (
                        "made_by",
                        models.ForeignKey(
                            editable=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by",
                        ),
                    ),
                    (
                        "review_stakes_after",
                        models.DurationField(
                            default=datetime.timedelta(days=3),
                            help_text="From the end of the response: whoever led is reminded once. 0: nobody is.",
                            verbose_name="stakes are looked at again after",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "energy policy",
                    "verbose_name_plural": "energy policies",
                    "ordering": ["-id"],
                    "default_permissions": ("view", "add"),
                },
            ),
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
                                    "The node does not answer.",
                                ),
                                (
                                    energy.domain.measuring.Fault["NONSENSE"],
                                    "The node's answer makes no sense.",
                                ),
                                (
                                    energy.domain.measuring.Fault["NO_TOTALS"],
                                    "The node's answer is incomplete.",
                                ),
                                (
                                    energy.domain.measuring.Fault["STALE_HEAD"],
                                    "The node is behind the chain.",
                                ),
                                (
                                    energy.domain.measuring.Fault["LIMIT_DIFFERS"],
                                    "The energy limit does not agree with what is staked.",
                                ),
                                (
                                    energy.domain.measuring.Fault["NODES_DIFFER"],
                                    "Two nodes do not agree.",
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
                        models.BigIntegerField(
                            default=0, verbose_name="used since the last reading"
                        ),
                    ),
                    (
                        "burned_seconds",
                        models.FloatField(
                            default=0, verbose_name="seconds since the last valid reading"
                        ),
                    ),
                    (
                        "balance_sun",
                        models.BigIntegerField(default=0, verbose_name="balance (sun)"),
                    ),
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
                    (
                        "unfreezing_ends_at",
                        models.DateTimeField(null=True, verbose_name="first unfreezing ends at"),
                    ),
                    (
                        "total_limit",
                        models.BigIntegerField(
                            default=0, verbose_name="energy of the whole network"
                        ),
                    ),
                    (
                        "total_weight",
                        models.BigIntegerField(
                            default=0, verbose_name="staked on the whole network"
                        ),
                    ),
                    (
                        "energy_fee_sun",
                        models.BigIntegerField(
                            null=True, verbose_name="price of burning, per energy (sun)"
                        ),
                    ),
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
                            verbose_name="read every, in trouble",
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
                    (
                        "seen_at",
                        models.DateTimeField(auto_now_add=True, verbose_name="last valid reading"),
                    ),
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
                    (
                        "rails",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=60),
                            blank=True,
                            default=energy.models.wallets.default_rails,
                            help_text="What the wallet service calls the withdrawals that this wallet pays. Empty: all.",
                            size=None,
                            verbose_name="rails",
                        ),
                    ),
                    (
                        "action_cap_sun",
                        models.PositiveBigIntegerField(
                            blank=True,
                            help_text="Besides the limits of the kind of action, which hold for all wallets. Empty: those alone.",
                            null=True,
                            verbose_name="one stake is at most (sun)",
                        ),
                    ),
                    (
                        "day_cap_sun",
                        models.PositiveBigIntegerField(
                            blank=True, null=True, verbose_name="staked in 24 hours at most (sun)"
                        ),
                    ),
                    (
                        "lifetime_cap_sun",
                        models.PositiveBigIntegerField(
                            blank=True, null=True, verbose_name="staked in all at most (sun)"
                        ),
                    ),
                    (
                        "purchase_cap_sun",
                        models.PositiveBigIntegerField(
                            blank=True,
                            help_text="Of energy bought for it, besides the limits of the kind of action. Empty: those alone.",
                            null=True,
                            verbose_name="one purchase is at most (sun)",
                        ),
                    ),
                    (
                        "purchase_day_cap_sun",
                        models.PositiveBigIntegerField(
                            blank=True, null=True, verbose_name="bought in 24 hours at most (sun)"
                        ),
                    ),
                    (
                        "purchase_lifetime_cap_sun",
                        models.PositiveBigIntegerField(
                            blank=True, null=True, verbose_name="bought in all at most (sun)"
                        ),
                    ),
                    ("lasts_of", models.BigIntegerField(editable=False, null=True)),
                    ("lasts_short", models.BooleanField(default=False, editable=False)),
                    ("lasts_turning", models.PositiveSmallIntegerField(default=0, editable=False)),
                    (
                        "runway_below",
                        models.DurationField(
                            default=datetime.timedelta(seconds=3600),
                            help_text="At the usual pace (p50): an alert, also while the percentage is fine. 0: none.",
                            validators=[
                                django.core.validators.MinValueValidator(datetime.timedelta(0))
                            ],
                            verbose_name="lasts too short below",
                        ),
                    ),
                    (
                        "worst_runway_below",
                        models.DurationField(
                            default=datetime.timedelta(seconds=1800),
                            help_text="The same at the pace that one hour in ten exceeds (p90).",
                            validators=[
                                django.core.validators.MinValueValidator(datetime.timedelta(0))
                            ],
                            verbose_name="at worst too short below",
                        ),
                    ),
                    ("offers", models.JSONField(default=list, editable=False)),
                    ("offers_at", models.DateTimeField(editable=False, null=True)),
                    (
                        "pays",
                        models.ForeignKey(
                            blank=True,
                            help_text="The service whose withdrawals it pays: while all of them are held, customers feel it.",
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="teams.service",
                            verbose_name="pays for",
                        ),
                    ),
                    (
                        "rental_level",
                        models.PositiveSmallIntegerField(
                            default=energy.domain.states.Level["OK"], editable=False
                        ),
                    ),
                    (
                        "rental_notice",
                        models.DurationField(
                            default=datetime.timedelta(seconds=900),
                            help_text="An alert, if too little is left when it has gone. 0: none.",
                            validators=[
                                django.core.validators.MinValueValidator(datetime.timedelta(0))
                            ],
                            verbose_name="rental: told before it ends",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "wallet",
                    "verbose_name_plural": "wallets",
                    "ordering": ["role", "name"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("warning_until__gte", models.F("warning_below")),
                                ("emergency_until__gte", models.F("emergency_below")),
                                ("critical_until__gte", models.F("critical_below")),
                            ),
                            name="states_end_above_where_they_begin",
                            violation_error_message="A state ends at the percentage where it begins, or above it.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("warning_below__gte", models.F("emergency_below")),
                                ("emergency_below__gte", models.F("critical_below")),
                            ),
                            name="graver_states_begin_lower",
                            violation_error_message="A graver state begins lower: warning above emergency, emergency above critical.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("reserve_sun__lte", 100000000000000000)),
                            name="reserve_fits_the_chain",
                            violation_error_message="That is more TRX than there is.",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Response",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "code",
                        models.CharField(
                            default=energy.models.responses.new_code,
                            editable=False,
                            max_length=16,
                            unique=True,
                        ),
                    ),
                    ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("running", "responding"),
                                ("CRITICAL_RESPONSE_EXECUTED", "critical response executed"),
                                ("CRITICAL_RESPONSE_PARTIAL", "critical response executed in part"),
                                ("CRITICAL_RESPONSE_FAILED", "critical response failed"),
                                ("EMERGENCY_RESPONSE_EXECUTED", "emergency response executed"),
                                (
                                    "EMERGENCY_RESPONSE_PARTIAL",
                                    "emergency response executed in part",
                                ),
                                ("EMERGENCY_RESPONSE_FAILED", "emergency response failed"),
                            ],
                            default="running",
                            max_length=40,
                            verbose_name="status",
                        ),
                    ),
                    ("shadow", models.BooleanField(default=False, verbose_name="shadow")),
                    ("began_at", models.DateTimeField(verbose_name="began at")),
                    (
                        "left",
                        models.BigIntegerField(default=0, verbose_name="energy left at its begin"),
                    ),
                    ("limit", models.BigIntegerField(default=0, verbose_name="energy limit")),
                    ("missing", models.BigIntegerField(default=0, verbose_name="missing energy")),
                    (
                        "told_level",
                        models.PositiveSmallIntegerField(
                            default=0, verbose_name="gravest level that was told"
                        ),
                    ),
                    ("round", models.PositiveSmallIntegerField(default=0, verbose_name="round")),
                    ("planned_at", models.DateTimeField(null=True, verbose_name="planned at")),
                    ("reported_at", models.DateTimeField(null=True, verbose_name="reported at")),
                    (
                        "estimate_seconds",
                        models.PositiveIntegerField(
                            null=True, verbose_name="estimated recovery (s)"
                        ),
                    ),
                    ("recovered_at", models.DateTimeField(null=True, verbose_name="recovered at")),
                    ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                    (
                        "incident",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="energy_responses",
                            to="incidents.incident",
                            verbose_name="incident",
                        ),
                    ),
                    (
                        "policy",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="energy.energypolicy",
                            verbose_name="policy",
                        ),
                    ),
                    (
                        "wallet",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="responses",
                            to="energy.wallet",
                            verbose_name="wallet",
                        ),
                    ),
                    (
                        "affects",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="teams.service",
                            verbose_name="affected service",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "response to a shortage",
                    "verbose_name_plural": "responses to shortages",
                    "ordering": ["-id"],
                    "default_permissions": ("view",),
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("ended_at", None)),
                            fields=("wallet",),
                            name="one_response_a_wallet",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Pause",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("rail", models.CharField(max_length=60, verbose_name="rail")),
                    ("whole", models.BooleanField()),
                    ("tries", models.PositiveSmallIntegerField(default=0)),
                    ("lifted_at", models.DateTimeField(null=True, verbose_name="lifted at")),
                    (
                        "action",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="energy_pause",
                            to="runbooks.action",
                        ),
                    ),
                    (
                        "lift",
                        models.OneToOneField(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="energy_lift",
                            to="runbooks.action",
                        ),
                    ),
                    (
                        "response",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="pauses",
                            to="energy.response",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "hold on withdrawals",
                    "verbose_name_plural": "holds on withdrawals",
                    "ordering": ["id"],
                    "default_permissions": ("view",),
                },
            ),
            migrations.CreateModel(
                name="Step",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                    (
                        "lever",
                        models.CharField(
                            choices=[
                                ("PAUSE_WITHDRAWALS", "Pause withdrawals"),
                                ("HOLD_WITHDRAWALS", "Hold withdrawals of low priority"),
                                ("DELEGATE_ENERGY", "Delegate idle energy"),
                                ("CANCEL_UNSTAKES", "Cancel pending unstakes"),
                                ("BUY_ENERGY", "Buy energy"),
                                ("EMERGENCY_STAKING", "Stake TRX"),
                            ],
                            max_length=20,
                            verbose_name="lever",
                        ),
                    ),
                    (
                        "why",
                        models.CharField(
                            choices=[
                                ("short", "short"),
                                ("customers_wait", "customers_wait"),
                                ("enough", "enough"),
                                ("nothing_idle", "nothing_idle"),
                                ("no_unstakes", "no_unstakes"),
                                ("no_treasury", "no_treasury"),
                                ("no_offer", "no_offer"),
                                ("not_asked", "not_asked"),
                                ("no_rise", "no_rise"),
                                ("set_aside", "set_aside"),
                                ("too_dear", "too_dear"),
                                ("cap_reached", "cap_reached"),
                                ("reserve", "reserve"),
                                ("held_already", "held_already"),
                                ("waits", "waits"),
                                ("switched_off", "switched_off"),
                                ("no_rails", "no_rails"),
                            ],
                            max_length=20,
                            verbose_name="why",
                        ),
                    ),
                    ("level", models.PositiveSmallIntegerField()),
                    ("sun", models.PositiveBigIntegerField(default=0, verbose_name="amount (sun)")),
                    (
                        "energy",
                        models.PositiveBigIntegerField(default=0, verbose_name="expected energy"),
                    ),
                    (
                        "provider",
                        models.CharField(
                            blank=True, default="", max_length=40, verbose_name="market"
                        ),
                    ),
                    (
                        "rail",
                        models.CharField(
                            blank=True, default="", max_length=60, verbose_name="rail"
                        ),
                    ),
                    (
                        "action",
                        models.OneToOneField(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="energy_step",
                            to="runbooks.action",
                            verbose_name="action",
                        ),
                    ),
                    (
                        "helper",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="energy.wallet",
                            verbose_name="lending wallet",
                        ),
                    ),
                    (
                        "response",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="steps",
                            to="energy.response",
                        ),
                    ),
                    (
                        "risen_at",
                        models.DateTimeField(null=True, verbose_name="shown by the limit at"),
                    ),
                    (
                        "unrisen_at",
                        models.DateTimeField(null=True, verbose_name="found missing at"),
                    ),
                    (
                        "waived_at",
                        models.DateTimeField(null=True, verbose_name="gone on without it at"),
                    ),
                    (
                        "waived_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="gone on without it by",
                        ),
                    ),
                    ("reviewed_at", models.DateTimeField(null=True)),
                ],
                options={
                    "verbose_name": "step of a response",
                    "verbose_name_plural": "steps of a response",
                    "ordering": ["id"],
                    "default_permissions": ("view",),
                },
            ),
            migrations.CreateModel(
                name="Purchase",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("provider", models.CharField(max_length=40, verbose_name="market")),
                    ("energy", models.PositiveBigIntegerField(verbose_name="energy")),
                    ("seconds", models.PositiveIntegerField(verbose_name="for (s)")),
                    (
                        "quoted_sun",
                        models.PositiveBigIntegerField(default=0, verbose_name="quoted (sun)"),
                    ),
                    ("asked_at", models.DateTimeField(verbose_name="asked at")),
                    (
                        "before_sun",
                        models.PositiveBigIntegerField(
                            default=0, verbose_name="delegated before (sun)"
                        ),
                    ),
                    (
                        "expected_sun",
                        models.PositiveBigIntegerField(
                            default=0, verbose_name="expected delegation (sun)"
                        ),
                    ),
                    (
                        "apart",
                        models.JSONField(
                            default=list, verbose_name="our own delegations meanwhile"
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("asked", "asked"),
                                ("ordered", "ordered"),
                                ("late", "ordered, and nothing on the chain"),
                                ("no_rise", "on the chain, and the limit did not rise"),
                                ("arrived", "arrived"),
                                ("never_came", "paid, and never came"),
                                ("not_bought", "not bought"),
                            ],
                            default="asked",
                            max_length=10,
                            verbose_name="state",
                        ),
                    ),
                    (
                        "order_id",
                        models.CharField(
                            blank=True, default="", max_length=100, verbose_name="order"
                        ),
                    ),
                    (
                        "paid_sun",
                        models.PositiveBigIntegerField(default=0, verbose_name="paid (sun)"),
                    ),
                    (
                        "arrived_sun",
                        models.PositiveBigIntegerField(default=0, verbose_name="arrived (sun)"),
                    ),
                    ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                    (
                        "action",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="purchase",
                            to="runbooks.action",
                            verbose_name="action",
                        ),
                    ),
                    (
                        "wallet",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="purchases",
                            to="energy.wallet",
                            verbose_name="wallet",
                        ),
                    ),
                    ("cleared_at", models.DateTimeField(null=True, verbose_name="cleared at")),
                    (
                        "cleared_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="cleared by",
                        ),
                    ),
                    (
                        "cleared_note",
                        models.CharField(
                            blank=True, default="", max_length=300, verbose_name="what came of it"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "purchase of energy",
                    "verbose_name_plural": "purchases of energy",
                    "ordering": ["-id"],
                    "default_permissions": ("view",),
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ("asked", "ordered"))),
                            fields=("wallet",),
                            name="one_purchase_a_wallet",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="ChainTransaction",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("key", models.CharField(max_length=200, unique=True, verbose_name="key")),
                    ("contract", models.CharField(max_length=40, verbose_name="contract")),
                    ("value", models.JSONField(verbose_name="contents")),
                    ("sun", models.PositiveBigIntegerField(default=0, verbose_name="amount (sun)")),
                    ("permission_id", models.PositiveSmallIntegerField(verbose_name="permission")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("planned", "planned"),
                                ("signed", "signed"),
                                ("sent", "sent"),
                                ("done", "done"),
                                ("failed", "failed"),
                                ("dead", "never landed"),
                            ],
                            default=energy.domain.settlement.State["PLANNED"],
                            max_length=8,
                            verbose_name="state",
                        ),
                    ),
                    (
                        "txid",
                        models.CharField(
                            max_length=64, null=True, unique=True, verbose_name="id on the chain"
                        ),
                    ),
                    ("stored", models.JSONField(editable=False, null=True)),
                    ("planned_at", models.DateTimeField(verbose_name="planned at")),
                    ("signed_at", models.DateTimeField(null=True, verbose_name="signed at")),
                    ("expires_at", models.DateTimeField(null=True, verbose_name="expires at")),
                    ("sent_at", models.DateTimeField(null=True, verbose_name="sent at")),
                    ("settled_at", models.DateTimeField(null=True, verbose_name="settled at")),
                    ("block", models.BigIntegerField(null=True, verbose_name="block")),
                    ("fee_sun", models.BigIntegerField(default=0, verbose_name="fee (sun)")),
                    (
                        "error",
                        models.CharField(
                            blank=True, default="", max_length=300, verbose_name="error"
                        ),
                    ),
                    (
                        "wallet",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="transactions",
                            to="energy.wallet",
                            verbose_name="wallet",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "transaction",
                    "verbose_name_plural": "transactions",
                    "ordering": ["-id"],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(
                                (
                                    "state__in",
                                    [
                                        energy.domain.settlement.State["PLANNED"],
                                        energy.domain.settlement.State["SENT"],
                                        energy.domain.settlement.State["SIGNED"],
                                    ],
                                )
                            ),
                            fields=("wallet",),
                            name="one_open_a_wallet",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("state__in", ["signed", "sent", "done", "failed"]),
                                    _negated=True,
                                ),
                                models.Q(
                                    ("expires_at__isnull", False),
                                    ("stored__isnull", False),
                                    ("txid__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="what_is_sent_is_stored",
                        ),
                    ],
                },
            ),
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
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(fields=["wallet", "-at"], name="reading_newest"),
        ),
        migrations.RunSQL(
            sql="""
CREATE FUNCTION energy_reading_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'readings do not change' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE ON energy_reading
    FOR EACH ROW EXECUTE FUNCTION energy_reading_is_append_only();
""",
            reverse_sql="""
DROP TRIGGER append_only ON energy_reading;
DROP FUNCTION energy_reading_is_append_only();
""",
        ),
    ]
