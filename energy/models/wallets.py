"""Wallets whose energy is watched, and how each of them stands."""

from datetime import datetime, timedelta
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from energy.domain.lasting import Bounds, Lasting
from energy.domain.measuring import SUN
from energy.domain.states import Level, Standing, State, Thresholds
from integrations.tron import is_address
from runbooks.domain.actions import Caps

MOST_SUN: Final = 10**17  # there are fewer
UNSEEN_AFTER: Final = 3  # periods without a valid reading
NONE: Final = timedelta(0)
PERCENT: Final = (MinValueValidator(0), MaxValueValidator(100))


def validate_address(address: str) -> None:
    if not is_address(address):
        raise ValidationError(_("This is no address of TRON."))


def _caps(*given: int | None) -> Caps:
    """What is left empty is bounded by what the chain can count."""
    return Caps(*(MOST_SUN if cap is None else cap for cap in given))


def default_rails() -> list[str]:
    return ["trc20-usdt"]


class Role(models.TextChoices):
    HOT = "hot", _("hot wallet")
    TREASURY = "treasury", _("treasury")


class WalletQuerySet(models.QuerySet["Wallet"]):
    def due(self, at: datetime) -> "WalletQuerySet":
        """To be read now, and not being read by somebody else."""
        free = Q(held_until=None) | Q(held_until__lte=at)
        return self.filter(free, enabled=True, due_at__lte=at)

    def gone_unseen(self, at: datetime, *, watched_since: datetime) -> "WalletQuerySet":
        """Nothing valid for three periods, whether the nodes or the watching itself are to blame.

        A night in which nothing ran is no fault of theirs: the periods count from when it began.
        """
        late = models.Value(at) - F("period") * UNSEEN_AFTER
        began = models.ExpressionWrapper(
            models.Value(watched_since) + F("period") * UNSEEN_AFTER, models.DateTimeField()
        )
        rows = self.alias(patient_until=began)
        return rows.filter(enabled=True, unseen=False, seen_at__lte=late, patient_until__lte=at)

    def seen_again(self, at: datetime) -> "WalletQuerySet":
        late = models.Value(at) - F("period") * UNSEEN_AFTER
        return self.filter(Q(enabled=False) | Q(seen_at__gt=late), unseen=True)


class Wallet(models.Model):
    """An account on TRON. Thresholds are percent of its energy limit, caps are int sun."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    address = models.CharField(
        _("address"), max_length=34, unique=True, validators=[validate_address]
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.HOT)
    service = models.ForeignKey(
        "teams.Service", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("service"),
    )  # fmt: skip
    pays = models.ForeignKey(
        "teams.Service", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("pays for"),
        help_text=_("The service whose withdrawals it pays: while all of them are held, customers feel it."),
    )  # fmt: skip
    enabled = models.BooleanField(_("watched"), default=True)
    period = models.DurationField(_("read every"), default=timedelta(seconds=30))
    hasty_period = models.DurationField(_("read every, in trouble"), default=timedelta(seconds=10))
    transfer_energy = models.PositiveIntegerField(
        _("energy of a transfer"), default=65_000, validators=[MinValueValidator(1)],
        help_text=_("A USDT transfer takes about 65,000 to a holder, 131,000 to whoever holds none."),
    )  # fmt: skip

    warning_below = models.PositiveSmallIntegerField(
        _("warning below (%)"), default=20, validators=PERCENT
    )
    warning_until = models.PositiveSmallIntegerField(
        _("warning until (%)"), default=25, validators=PERCENT
    )
    emergency_below = models.PositiveSmallIntegerField(
        _("emergency below (%)"), default=5, validators=PERCENT
    )
    emergency_until = models.PositiveSmallIntegerField(
        _("emergency until (%)"), default=8, validators=PERCENT
    )
    critical_below = models.PositiveSmallIntegerField(
        _("critical below (%)"), default=1, validators=PERCENT
    )
    critical_until = models.PositiveSmallIntegerField(
        _("critical until (%)"), default=10, validators=PERCENT
    )

    runway_below = models.DurationField(
        _("lasts too short below"), default=Bounds.usual, validators=[MinValueValidator(NONE)],
        help_text=_("At the usual pace (p50): an alert, also while the percentage is fine. 0: none."),
    )  # fmt: skip
    worst_runway_below = models.DurationField(
        _("at worst too short below"), default=Bounds.worst, validators=[MinValueValidator(NONE)],
        help_text=_("The same at the pace that one hour in ten exceeds (p90)."),
    )  # fmt: skip

    rental_notice = models.DurationField(
        _("rental: told before it ends"), default=timedelta(minutes=15),
        validators=[MinValueValidator(NONE)],
        help_text=_("An alert, if too little is left when it has gone. 0: none."),
    )  # fmt: skip

    rails = ArrayField(
        models.CharField(max_length=60), default=default_rails, blank=True, verbose_name=_("rails"),
        help_text=_("What the wallet service calls the withdrawals that this wallet pays. Empty: all."),
    )  # fmt: skip
    action_cap_sun = models.PositiveBigIntegerField(
        _("one stake is at most (sun)"), null=True, blank=True,
        help_text=_("Besides the limits of the kind of action, which hold for all wallets. Empty: those alone."),
    )  # fmt: skip
    day_cap_sun = models.PositiveBigIntegerField(
        _("staked in 24 hours at most (sun)"), null=True, blank=True
    )
    lifetime_cap_sun = models.PositiveBigIntegerField(
        _("staked in all at most (sun)"), null=True, blank=True
    )
    purchase_cap_sun = models.PositiveBigIntegerField(
        _("one purchase is at most (sun)"), null=True, blank=True,
        help_text=_("Of energy bought for it, besides the limits of the kind of action. Empty: those alone."),
    )  # fmt: skip
    purchase_day_cap_sun = models.PositiveBigIntegerField(
        _("bought in 24 hours at most (sun)"), null=True, blank=True
    )
    purchase_lifetime_cap_sun = models.PositiveBigIntegerField(
        _("bought in all at most (sun)"), null=True, blank=True
    )
    reserve_sun = models.PositiveBigIntegerField(
        _("never staked or spent (sun)"), default=1_000 * SUN,
        help_text=_("Without it, transfers fail when the energy is used up."),
    )  # fmt: skip

    # How it stands: written by the watching alone.
    level = models.PositiveSmallIntegerField(default=Level.OK, editable=False)
    confirmed = models.PositiveSmallIntegerField(default=Level.OK, editable=False)
    last_level = models.PositiveSmallIntegerField(null=True, default=None, editable=False)
    calmer = models.PositiveSmallIntegerField(default=0, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    capacity = models.BooleanField(default=True, editable=False)
    measured = models.BooleanField(default=False, editable=False)
    told = models.JSONField(default=list, editable=False)  # the alerts that are open
    lasts_short = models.BooleanField(default=False, editable=False)
    lasts_turning = models.PositiveSmallIntegerField(default=0, editable=False)
    lasts_of = models.BigIntegerField(null=True, editable=False)  # the reading that was judged
    rental_level = models.PositiveSmallIntegerField(default=Level.OK, editable=False)  # told
    unseen = models.BooleanField(default=False, editable=False)
    seen_at = models.DateTimeField(_("last valid reading"), auto_now_add=True)  # or the beginning
    offers = models.JSONField(default=list, editable=False)  # of markets, for the pages alone
    offers_at = models.DateTimeField(null=True, editable=False)  # when they were asked
    due_at = models.DateTimeField(auto_now_add=True)
    held_until = models.DateTimeField(null=True, editable=False)  # somebody reads it
    drill_until = models.DateTimeField(
        null=True, editable=False
    )  # till then its alerts are a drill's
    last = models.ForeignKey(
        "energy.Reading", models.SET_NULL, null=True, editable=False, related_name="+",
        db_constraint=False,
    )  # fmt: skip

    objects = WalletQuerySet.as_manager()

    class Meta:
        verbose_name = _("wallet")
        verbose_name_plural = _("wallets")
        ordering = ["role", "name"]
        constraints = [
            # Else it would be over before it began, and tell its state anew with each reading.
            models.CheckConstraint(
                condition=Q(warning_until__gte=F("warning_below"))
                & Q(emergency_until__gte=F("emergency_below"))
                & Q(critical_until__gte=F("critical_below")),
                name="states_end_above_where_they_begin",
                violation_error_message=_(
                    "A state ends at the percentage where it begins, or above it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(warning_below__gte=F("emergency_below"))
                & Q(emergency_below__gte=F("critical_below")),
                name="graver_states_begin_lower",
                violation_error_message=_(
                    "A graver state begins lower: warning above emergency, emergency above critical."
                ),
            ),
            # Money is bounded by what the chain can count.
            models.CheckConstraint(
                condition=Q(reserve_sun__lte=MOST_SUN),
                name="reserve_fits_the_chain",
                violation_error_message=_("That is more TRX than there is."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("energy:wallet", args=[self.pk])

    def in_drill(self, at: datetime) -> bool:
        return self.drill_until is not None and at < self.drill_until

    @property
    def caps(self) -> Caps:
        """Of what is staked from it."""
        return _caps(self.action_cap_sun, self.day_cap_sun, self.lifetime_cap_sun)

    @property
    def purchase_caps(self) -> Caps:
        """Of what is bought for it."""
        return _caps(
            self.purchase_cap_sun, self.purchase_day_cap_sun, self.purchase_lifetime_cap_sun
        )

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(
            (self.warning_below, self.warning_until),
            (self.emergency_below, self.emergency_until),
            (self.critical_below, self.critical_until),
        )

    @property
    def lasting(self) -> Lasting:
        return Lasting(self.lasts_short, self.lasts_turning)

    @property
    def lasting_bounds(self) -> Bounds:
        return Bounds(self.runway_below, self.worst_runway_below)

    @property
    def standing(self) -> Standing:
        return Standing(
            level=Level(self.level),
            confirmed=Level(self.confirmed),
            last=None if self.last_level is None else Level(self.last_level),
            calmer=self.calmer,
            failures=self.failures,
            capacity=self.capacity,
            measured=self.measured,
        )

    def stands(self, standing: Standing) -> None:
        """Into the fields; whoever calls saves."""
        self.level, self.confirmed, self.last_level = (
            standing.level,
            standing.confirmed,
            standing.last,
        )
        self.calmer, self.failures = standing.calmer, standing.failures
        self.capacity, self.measured = standing.capacity, standing.measured

    @property
    def state(self) -> State:
        return self.standing.state
