"""Energy that is bought: written down before the market is asked, so that it is never asked twice."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from energy.models.wallets import Wallet
from runbooks.models import Action


class PurchaseState(models.TextChoices):
    ASKED = "asked", _("asked")  # the market may have taken it
    ORDERED = "ordered", _("ordered")
    LATE = "late", _("ordered, and nothing on the chain")
    NO_RISE = "no_rise", _("on the chain, and the limit did not rise")
    ARRIVED = "arrived", _("arrived")
    NEVER_CAME = "never_came", _("paid, and never came")
    NOT_BOUGHT = "not_bought", _("not bought")


PENDING: Final = (PurchaseState.ASKED, PurchaseState.ORDERED)


class PurchaseQuerySet(models.QuerySet["Purchase"]):
    def running(self, at: datetime) -> "PurchaseQuerySet":
        """What came and has not gone yet, with when it goes, the next one first."""
        lasts = models.F("seconds") * models.Value(timedelta(seconds=1))
        goes = models.ExpressionWrapper(models.F("asked_at") + lasts, models.DateTimeField())
        rows = self.filter(state=PurchaseState.ARRIVED).annotate(goes_at=goes)
        return rows.filter(goes_at__gt=at).order_by("goes_at")

    def owed(self) -> "PurchaseQuerySet":
        """Paid for nothing, and nobody has cleared it with the market."""
        return self.filter(state=PurchaseState.NEVER_CAME, cleared_at=None)

    def untrusted(self) -> "PurchaseQuerySet":
        """Owed, or paid for what has not come so far."""
        return self.filter(state__in=[PurchaseState.LATE, PurchaseState.NO_RISE]) | self.owed()

    def distrusted(self) -> set[str]:
        """Markets that nothing is bought from now: they have money, and it is not known what for."""
        return set(self.untrusted().values_list("provider", flat=True))


class Purchase(models.Model):
    """What came is told by the chain: what is delegated to the wallet, above what was there before."""

    action = models.OneToOneField(
        Action, models.PROTECT, related_name="purchase", verbose_name=_("action")
    )
    wallet = models.ForeignKey(
        Wallet, models.PROTECT, related_name="purchases", verbose_name=_("wallet")
    )
    provider = models.CharField(_("market"), max_length=40)
    energy = models.PositiveBigIntegerField(_("energy"))
    seconds = models.PositiveIntegerField(_("for (s)"))
    quoted_sun = models.PositiveBigIntegerField(_("quoted (sun)"), default=0)
    asked_at = models.DateTimeField(_("asked at"))
    before_sun = models.PositiveBigIntegerField(_("delegated before (sun)"), default=0)
    expected_sun = models.PositiveBigIntegerField(_("expected delegation (sun)"), default=0)
    apart = models.JSONField(_("our own delegations meanwhile"), default=list)
    state = models.CharField(
        _("state"), max_length=10, choices=PurchaseState, default=PurchaseState.ASKED
    )
    order_id = models.CharField(_("order"), max_length=100, blank=True, default="")
    paid_sun = models.PositiveBigIntegerField(_("paid (sun)"), default=0)
    arrived_sun = models.PositiveBigIntegerField(_("arrived (sun)"), default=0)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    cleared_at = models.DateTimeField(_("cleared at"), null=True)  # what never came, by a person
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("cleared by"),
    )  # fmt: skip
    cleared_note = models.CharField(_("what came of it"), max_length=300, blank=True, default="")

    objects = PurchaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase of energy")
        verbose_name_plural = _("purchases of energy")
        ordering = ["-id"]
        default_permissions = ("view",)
        constraints = [
            # Two at once could not be told apart on the chain, or in a market's list of orders.
            models.UniqueConstraint(
                fields=["wallet"], condition=Q(state__in=PENDING), name="one_purchase_a_wallet"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.energy:,}"

    @property
    def ends_at(self) -> datetime:
        """Rented until then."""
        return self.asked_at + timedelta(seconds=self.seconds)
