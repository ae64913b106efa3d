"""What was measured, tick by tick. The database refuses to change a reading."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from energy.domain.recovery import Usage
from energy.models.wallets import Wallet
from energy.words import FAULTS


class ReadingQuerySet(models.QuerySet["Reading"]):
    def valid(self) -> "ReadingQuerySet":
        return self.filter(fault="")


class Reading(models.Model):
    """Amounts are int sun and plain energy; of a failed one only the fault and its detail count."""

    wallet = models.ForeignKey(
        Wallet, models.CASCADE, related_name="readings", db_index=False, verbose_name=_("wallet")
    )
    at = models.DateTimeField(_("at"))
    fault = models.CharField(_("fault"), max_length=20, blank=True, choices=list(FAULTS.items()))
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    head_number = models.BigIntegerField(_("block"), default=0)
    head_at = models.DateTimeField(_("time of the block"), null=True)
    used = models.BigIntegerField(_("energy used"), default=0)
    limit = models.BigIntegerField(_("energy limit"), default=0)
    window = models.PositiveIntegerField(_("window (s)"), default=0)
    burned = models.BigIntegerField(_("used since the last reading"), default=0)
    burned_seconds = models.FloatField(
        _("seconds since the last valid reading"), default=0
    )  # 0 when that is too old
    balance_sun = models.BigIntegerField(_("balance (sun)"), default=0)
    staked_sun = models.BigIntegerField(_("staked (sun)"), default=0)
    delegated_out_sun = models.BigIntegerField(_("delegated to others (sun)"), default=0)
    delegated_in_sun = models.BigIntegerField(_("delegated by others (sun)"), default=0)
    unfreezing_sun = models.BigIntegerField(_("unfreezing (sun)"), default=0)
    unfreezing_ends_at = models.DateTimeField(_("first unfreezing ends at"), null=True)
    total_limit = models.BigIntegerField(_("energy of the whole network"), default=0)
    total_weight = models.BigIntegerField(_("staked on the whole network"), default=0)
    energy_fee_sun = models.BigIntegerField(_("price of burning, per energy (sun)"), null=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("energy reading")
        verbose_name_plural = _("energy readings")
        ordering = ["-id"]
        indexes = [models.Index(fields=["wallet", "-at"], name="reading_newest")]

    def __str__(self) -> str:
        return f"{self.wallet_id} {self.at:%Y-%m-%d %H:%M:%S}"

    @property
    def valid(self) -> bool:
        return not self.fault

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def percent(self) -> float | None:
        """None: no capacity or no measurement, and never 0 for either."""
        return None if self.fault or self.limit <= 0 else self.left * 100 / self.limit

    @property
    def usage(self) -> Usage:
        return Usage(self.used, self.window or 1)
