"""What was said for good of months that are over, and what was put right afterwards."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from statuspage.models.interval import Interval
from statuspage.models.page import StateName


class Entry(models.Model):
    """A frozen month, or an erratum of one. Nothing of it is ever changed: its digest is in the next one."""

    number = models.PositiveIntegerField(_("number"), primary_key=True)
    month = models.CharField(_("month"), max_length=7)  # 2026-10
    kind = models.CharField(
        _("kind"), max_length=7, choices=[("month", _("Frozen month")), ("erratum", _("Erratum"))]
    )
    said = models.JSONField(_("as published"), editable=False)  # all of it, as it is published
    # Nothing is followed by two: the chain cannot fork.
    before = models.CharField(
        _("digest of the one before"), max_length=64, unique=True, editable=False
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger of months")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["month"], condition=models.Q(kind="month"), name="a_month_is_frozen_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.month}"

    @classmethod
    def of(cls, said: dict[str, Any], at: Any) -> "Entry":
        return cls(
            number=said["number"], month=said["month"], kind=said["kind"], said=said,
            before=said["before"], at=at,
        )  # fmt: skip


class Correction(models.Model):
    """Somebody put a recorded time right: what it was before, and why, in words that the public reads."""

    interval = models.ForeignKey(Interval, models.CASCADE, related_name="corrections")
    state = models.CharField(_("state before"), max_length=20, choices=StateName)
    began_at = models.DateTimeField(_("from, before"))
    ended_at = models.DateTimeField(_("until, before"))
    why_ko = models.TextField(_("why (Korean)"), blank=True)
    why_en = models.TextField(_("why (English)"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(why_ko="", why_en=""), name="a_correction_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"{self.interval} {self.at:%F %R}"
