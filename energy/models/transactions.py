"""Transactions on the chain: the row is the intent, and the only place where its bytes are kept."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from energy.domain.settlement import OPEN, State
from energy.models.wallets import Wallet


class StateName(models.TextChoices):
    PLANNED = State.PLANNED, _("planned")
    SIGNED = State.SIGNED, _("signed")
    SENT = State.SENT, _("sent")
    DONE = State.DONE, _("done")
    FAILED = State.FAILED, _("failed")
    DEAD = State.DEAD, _("never landed")


class TransactionQuerySet(models.QuerySet["ChainTransaction"]):
    def open(self) -> "TransactionQuerySet":
        return self.filter(state__in=OPEN)

    def move(self, row: "ChainTransaction", *before: State, to: State, **facts: Any) -> bool:
        """Compare and set: False when somebody else was faster, whose word then holds."""
        return bool(self.filter(pk=row.pk, state__in=before).update(state=to, **facts))


class ChainTransaction(models.Model):
    """One of a wallet is open at a time, by the database: a second cannot even be planned.

    Amounts are int sun. `stored` is the signed transaction; it is written once, before it is first sent.
    """

    key = models.CharField(_("key"), max_length=200, unique=True)  # of what asked for it
    wallet = models.ForeignKey(
        Wallet, models.PROTECT, related_name="transactions", verbose_name=_("wallet")
    )
    contract = models.CharField(_("contract"), max_length=40)
    value = models.JSONField(_("contents"))  # of the contract, as a node writes them
    sun = models.PositiveBigIntegerField(_("amount (sun)"), default=0)
    permission_id = models.PositiveSmallIntegerField(_("permission"))
    state = models.CharField(_("state"), max_length=8, default=State.PLANNED, choices=StateName)
    txid = models.CharField(_("id on the chain"), max_length=64, null=True, unique=True)
    stored = models.JSONField(null=True, editable=False)
    planned_at = models.DateTimeField(_("planned at"))
    signed_at = models.DateTimeField(_("signed at"), null=True)
    expires_at = models.DateTimeField(_("expires at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    settled_at = models.DateTimeField(_("settled at"), null=True)
    block = models.BigIntegerField(_("block"), null=True)
    fee_sun = models.BigIntegerField(_("fee (sun)"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True, default="")

    objects = TransactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["wallet"], condition=Q(state__in=sorted(OPEN)), name="one_open_a_wallet"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "sent", "done", "failed"])
                | Q(txid__isnull=False, stored__isnull=False, expires_at__isnull=False),
                name="what_is_sent_is_stored",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.txid or self.key}"
