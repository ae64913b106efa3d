"""What holds actions back: the limits of each kind, and the switch that halts them all."""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from runbooks.domain import actions as domain
from runbooks.domain.actions import Caps, Mode
from runbooks.registry import actions, label_of


class ModeName(models.TextChoices):
    OFF = Mode.OFF, _("off")
    SHADOW = Mode.SHADOW, _("shadow: decides and writes down, does nothing")
    ON = Mode.ON, _("on")


class Limits(models.Model):
    """One row a kind; its lock is the turn to begin an action of the kind. Amounts are int sun."""

    kind = models.CharField(_("kind"), max_length=60, unique=True)
    mode = models.CharField(_("mode"), max_length=6, choices=ModeName, default=ModeName.SHADOW)
    action_cap_sun = models.PositiveBigIntegerField(_("cap of one action (sun)"), default=0)
    day_cap_sun = models.PositiveBigIntegerField(_("cap of 24 hours (sun)"), default=0)
    lifetime_cap_sun = models.PositiveBigIntegerField(_("cap of all time (sun)"), default=0)
    cooldown = models.DurationField(_("pause between two"), default=timedelta(0))
    approval_above_sun = models.PositiveBigIntegerField(
        _("one person approves above (sun)"), null=True, blank=True,
        help_text=_("Empty: nobody has to."),
    )  # fmt: skip
    second_above_sun = models.PositiveBigIntegerField(
        _("two people approve above (sun)"), null=True, blank=True,
        help_text=_("Two different people, and never whoever proposed it. Empty: nobody has to."),
    )  # fmt: skip
    valid_for = models.DurationField(
        _("given up after"), default=timedelta(hours=1),
        validators=[MinValueValidator(timedelta(seconds=10))],
        help_text=_("From the proposal: an old decision is none."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("limits of a kind of action")
        verbose_name_plural = _("limits of actions")
        ordering = ["kind"]
        constraints = [
            models.CheckConstraint(condition=Q(mode__in=sorted(Mode)), name="action_mode"),
        ]

    def __str__(self) -> str:
        return self.kind_label

    def clean(self) -> None:
        if (self.action_cap_sun or 0) > (self.day_cap_sun or 0):
            told = _("One action could spend more than 24 hours allow.")
            raise ValidationError({"day_cap_sun": told})
        if (self.day_cap_sun or 0) > (self.lifetime_cap_sun or 0):
            told = _("24 hours could spend more than all time allows.")
            raise ValidationError({"lifetime_cap_sun": told})
        first, second = self.approval_above_sun, self.second_above_sun
        if first is not None and second is not None and second < first:
            told = _("Two people from less on than one makes no sense.")
            raise ValidationError({"second_above_sun": told})

    @classmethod
    def of(cls, kind: str) -> "Limits":
        """The row, made from what the kind itself proposes when nobody has looked at it yet."""
        given = actions[kind].limits
        caps = given.caps or Caps(0, 0, 0)
        row, _made = cls.objects.get_or_create(
            kind=kind,
            defaults={
                "action_cap_sun": caps.action,
                "day_cap_sun": caps.day,
                "lifetime_cap_sun": caps.lifetime,
                "cooldown": given.cooldown,
                "approval_above_sun": given.approval_above_sun,
                "second_above_sun": given.second_above_sun,
                "valid_for": given.valid_for,
                "mode": given.begins_in,
            },
        )
        return row

    @classmethod
    def of_each(cls, kinds: Collection[str]) -> "dict[str, Limits]":
        """By kind: one question, but for those that nobody has looked at yet."""
        known = {row.kind: row for row in cls.objects.filter(kind__in=kinds)}
        return {kind: known.get(kind) or cls.of(kind) for kind in kinds}

    @property
    def kind_label(self) -> str:
        return label_of(self.kind)

    @property
    def plain(self) -> domain.Limits:
        """Without caps an amount above 0 is never begun: nothing is unlimited by omission."""
        return domain.Limits(
            Caps(self.action_cap_sun, self.day_cap_sun, self.lifetime_cap_sun),
            self.cooldown,
            self.approval_above_sun,
            self.second_above_sun,
            self.valid_for,
        )


class Halt(models.Model):
    """The kill switch, pulled: nothing begins until somebody lifts it. At most one at a time."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    reason = models.CharField(_("reason"), max_length=300)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("lifted by"),
    )  # fmt: skip
    lifted_at = models.DateTimeField(_("lifted at"), null=True)

    class Meta:
        verbose_name = _("halt of all actions")
        verbose_name_plural = _("halts of all actions")
        ordering = ["-id"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["lifted_at"],
                condition=Q(lifted_at__isnull=True),
                nulls_distinct=False,
                name="one_halt_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
