"""What is done about a shortage, as people have set it. A change is a new version; none is overwritten."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from energy.domain.measuring import SUN
from energy.domain.policy import KINDS, ORDER, Lever, Policy
from energy.domain.states import Level
from runbooks.models import Limits


class LeverName(models.TextChoices):
    PAUSE_WITHDRAWALS = Lever.PAUSE_WITHDRAWALS, _("Pause withdrawals")
    HOLD_WITHDRAWALS = Lever.HOLD_WITHDRAWALS, _("Hold withdrawals of low priority")
    DELEGATE_ENERGY = Lever.DELEGATE_ENERGY, _("Delegate idle energy")
    CANCEL_UNSTAKES = Lever.CANCEL_UNSTAKES, _("Cancel pending unstakes")
    BUY_ENERGY = Lever.BUY_ENERGY, _("Buy energy")
    EMERGENCY_STAKING = Lever.EMERGENCY_STAKING, _("Stake TRX")


def default_emergency() -> list[str]:
    return [*ORDER[Level.EMERGENCY]]


def default_critical() -> list[str]:
    return [*ORDER[Level.CRITICAL]]


def default_prepared() -> list[str]:
    return [Lever.EMERGENCY_STAKING]


class EnergyPolicy(models.Model):
    """The newest row holds. Budgets are those of the kinds of action, and the reserve is the wallet's."""

    emergency = ArrayField(
        models.CharField(max_length=20, choices=LeverName), default=default_emergency, blank=True,
        verbose_name=_("levers in an emergency, in order"),
    )  # fmt: skip
    critical = ArrayField(
        models.CharField(max_length=20, choices=LeverName), default=default_critical, blank=True,
        verbose_name=_("levers when critical, in order"),
    )  # fmt: skip
    emergency_prepared = ArrayField(
        models.CharField(max_length=20, choices=LeverName), default=default_prepared, blank=True,
        verbose_name=_("only prepared in an emergency"),
        help_text=_("A person approves them before anything is done."),
    )  # fmt: skip
    restore_percent = models.PositiveSmallIntegerField(
        _("restore up to (%)"), default=20,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )  # fmt: skip
    share_percent = models.PositiveSmallIntegerField(
        _("of the TRX, a stake takes at most (%)"), default=80, validators=[MaxValueValidator(80)]
    )
    most_sun = models.PositiveBigIntegerField(
        _("a stake is at most (sun)"), default=1_000_000 * SUN
    )
    price_percent = models.PositiveSmallIntegerField(
        _("energy costs at most (percent of burning)"), default=100,
        validators=[MaxValueValidator(100)],
    )  # fmt: skip
    rent_for = models.DurationField(_("rent for"), default=timedelta(hours=1))
    resume_percent = models.PositiveSmallIntegerField(
        _("withdrawals go on from (%)"), default=10, validators=[MaxValueValidator(100)]
    )
    resume_runway = models.DurationField(_("and when it lasts for"), default=timedelta(hours=2))
    paused_for = models.DurationField(_("and were held for"), default=timedelta(minutes=10))
    review_stakes_after = models.DurationField(
        _("stakes are looked at again after"), default=timedelta(days=3),
        help_text=_("From the end of the response: whoever led is reminded once. 0: nobody is."),
    )  # fmt: skip
    made_at = models.DateTimeField(_("since"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("energy policy")
        verbose_name_plural = _("energy policies")
        ordering = ["-id"]
        default_permissions = ("view", "add")

    def __str__(self) -> str:
        return _("version %(number)s") % {"number": self.pk}

    @classmethod
    def now(cls) -> "EnergyPolicy":
        """The one that holds; the manual's, before anybody has looked at it."""
        return cls.objects.order_by("pk").last() or cls.objects.create()

    def clean(self) -> None:
        try:
            self.plain()
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def plain(self) -> Policy:
        """With the limits of the kinds of action as they are now. Raises ValueError."""
        limits = Limits.of_each(KINDS.values())
        return Policy(
            levers={
                Level.EMERGENCY: tuple(map(Lever, self.emergency)),
                Level.CRITICAL: tuple(map(Lever, self.critical)),
            },
            limits={lever: limits[kind].plain for lever, kind in KINDS.items()},
            restore_percent=self.restore_percent,
            share_percent=self.share_percent,
            most_sun=self.most_sun,
            price_percent=self.price_percent,
            prepared=frozenset(
                (Level.EMERGENCY, Lever(lever)) for lever in self.emergency_prepared
            ),
        )
