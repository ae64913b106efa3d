"""What was done about a shortage: one response a wallet at a time, its steps, and what it holds."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from energy.domain.planning import Why
from energy.domain.responses import Result, Status, result_of
from energy.domain.rising import Rise
from energy.domain.states import Level
from energy.domain.turns import CHAIN
from energy.models.policies import EnergyPolicy, LeverName
from energy.models.purchases import PurchaseState
from energy.models.wallets import Wallet
from incidents.models import Incident
from runbooks.domain.actions import PAID, State
from runbooks.models import Action


class StatusName(models.TextChoices):
    """As the manual names them, and as people read them."""

    RUNNING = Status.RUNNING, _("responding")
    CRITICAL_EXECUTED = Status.CRITICAL_EXECUTED, _("critical response executed")
    CRITICAL_PARTIAL = Status.CRITICAL_PARTIAL, _("critical response executed in part")
    CRITICAL_FAILED = Status.CRITICAL_FAILED, _("critical response failed")
    EMERGENCY_EXECUTED = Status.EMERGENCY_EXECUTED, _("emergency response executed")
    EMERGENCY_PARTIAL = Status.EMERGENCY_PARTIAL, _("emergency response executed in part")
    EMERGENCY_FAILED = Status.EMERGENCY_FAILED, _("emergency response failed")


def new_code() -> str:
    """Names its actions towards markets and the wallet service, which know other installations too."""
    return uuid.uuid4().hex[:16]


class ResponseQuerySet(models.QuerySet["Response"]):
    def open(self) -> "ResponseQuerySet":
        return self.filter(ended_at=None)


class Response(models.Model):
    """From the shortage until the energy is back and nothing is held any more."""

    wallet = models.ForeignKey(
        Wallet, models.PROTECT, related_name="responses", verbose_name=_("wallet")
    )
    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    policy = models.ForeignKey(
        EnergyPolicy, models.PROTECT, related_name="+", verbose_name=_("policy")
    )
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, related_name="energy_responses",
        verbose_name=_("incident"),
    )  # fmt: skip
    level = models.PositiveSmallIntegerField(_("level"))  # the gravest so far
    status = models.CharField(
        _("status"), max_length=40, choices=StatusName, default=StatusName.RUNNING
    )
    shadow = models.BooleanField(_("shadow"), default=False)  # decided, and on purpose not done
    began_at = models.DateTimeField(_("began at"))
    left = models.BigIntegerField(_("energy left at its begin"), default=0)
    limit = models.BigIntegerField(_("energy limit"), default=0)
    missing = models.BigIntegerField(_("missing energy"), default=0)  # by the last plan
    told_level = models.PositiveSmallIntegerField(_("gravest level that was told"), default=0)
    round = models.PositiveSmallIntegerField(_("round"), default=0)
    planned_at = models.DateTimeField(_("planned at"), null=True)
    reported_at = models.DateTimeField(_("reported at"), null=True)
    estimate_seconds = models.PositiveIntegerField(
        _("estimated recovery (s)"), null=True
    )  # from the report
    affects = models.ForeignKey(  # while it holds all withdrawals, and nobody said so before
        "teams.Service",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("affected service"),
    )
    recovered_at = models.DateTimeField(_("recovered at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response to a shortage")
        verbose_name_plural = _("responses to shortages")
        ordering = ["-id"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["wallet"], condition=Q(ended_at=None), name="one_response_a_wallet"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wallet} {self.began_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def name(self) -> str:
        """CRITICAL or EMERGENCY."""
        return Level(self.level).name

    @property
    def cost_sun(self) -> int:
        """Paid to markets, whatever came. What is staked is bound, and not spent."""
        return self._paid(PAID)

    @property
    def lost_sun(self) -> int:
        """Of that, paid for what never came."""
        return self._paid([State.LOST])

    def _paid(self, states: Iterable[State]) -> int:
        bought = self.steps.filter(lever=LeverName.BUY_ENERGY, action__state__in=states)
        return int(bought.aggregate(sun=models.Sum("action__sun"))["sun"] or 0)


class StepQuerySet(models.QuerySet["Step"]):
    def with_results(self) -> "StepQuerySet":
        return self.select_related("action", "action__purchase", "helper").order_by("pk")

    def missing(self) -> "StepQuerySet":
        """The chain has confirmed it, and the limit has not risen so far."""
        return self.filter(unrisen_at__isnull=False, risen_at=None)


class Step(models.Model):
    """A lever that was pulled, or that was not, and why. What came of it is its action's to say."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="steps")
    round = models.PositiveSmallIntegerField(_("round"))
    lever = models.CharField(_("lever"), max_length=20, choices=LeverName)
    why = models.CharField(_("why"), max_length=20, choices=[(one, one) for one in Why])
    level = models.PositiveSmallIntegerField()
    sun = models.PositiveBigIntegerField(_("amount (sun)"), default=0)
    energy = models.PositiveBigIntegerField(_("expected energy"), default=0)
    provider = models.CharField(_("market"), max_length=40, blank=True, default="")
    rail = models.CharField(_("rail"), max_length=60, blank=True, default="")
    helper = models.ForeignKey(
        Wallet, models.PROTECT, null=True, related_name="+", verbose_name=_("lending wallet")
    )
    action = models.OneToOneField(
        Action, models.PROTECT, null=True, related_name="energy_step", verbose_name=_("action")
    )
    unrisen_at = models.DateTimeField(_("found missing at"), null=True)  # confirmed, yet not there
    risen_at = models.DateTimeField(_("shown by the limit at"), null=True)
    reviewed_at = models.DateTimeField(null=True)  # whoever led was reminded of a stake
    waived_at = models.DateTimeField(_("gone on without it at"), null=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("gone on without it by"),
    )  # fmt: skip

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a response")
        verbose_name_plural = _("steps of a response")
        ordering = ["id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.lever} {self.rail or self.provider}".strip()

    @property
    def result(self) -> Result:
        if self.action is None:
            return Result.UNUSED
        return result_of(
            State(self.action.state),
            held_back=bool(self.action.waits_for),
            late=self.bought_as == PurchaseState.LATE,
            rise=self.rise,
        )

    @property
    def bought_as(self) -> str:
        bought: Any = getattr(self.action, "purchase", None)
        return bought.state if bought else ""

    @property
    def rise(self) -> Rise:
        """Of a purchase the chain was asked while it was bought; holds raise nothing."""
        if self.risen_at is not None:
            return Rise.ROSE
        if self.unrisen_at is not None or self.bought_as == PurchaseState.NO_RISE:
            return Rise.MISSING
        return Rise.WAITS if self.lever in CHAIN else Rise.ROSE

    @property
    def holds_back(self) -> bool:
        """Nothing else is paid for while what is confirmed may still show, unless a person says so."""
        return self.rise is Rise.MISSING and self.waived_at is None


class PauseQuerySet(models.QuerySet["Pause"]):
    def open(self) -> "PauseQuerySet":
        return self.filter(lifted_at=None)


class Pause(models.Model):
    """A hold on a rail that is ours, until we have lifted it. Written before it is asked for."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="pauses")
    action = models.OneToOneField(Action, models.PROTECT, related_name="energy_pause")
    rail = models.CharField(_("rail"), max_length=60)
    whole = models.BooleanField()  # everything, or only what is of low priority
    lift = models.OneToOneField(Action, models.PROTECT, null=True, related_name="energy_lift")
    tries = models.PositiveSmallIntegerField(default=0)  # to lift it
    lifted_at = models.DateTimeField(_("lifted at"), null=True)  # or it never was

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold on withdrawals")
        verbose_name_plural = _("holds on withdrawals")
        ordering = ["id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.rail

    @property
    def lifted_by_people(self) -> bool:
        """Two of them, earlier than it would have been: it is not put back against their will."""
        return self.lift is not None and self.lift.at_least > 0
