"""By which way a person wants to be paged first, and what follows if they do not answer."""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.stakeholders import Way

GRAVE_WAIT, MOST_WAIT = 5, 60  # minutes


class NotificationRules(models.QuerySet["NotificationRule"]):
    def waits(self) -> Mapping[tuple[int, bool], dict[str, timedelta]]:
        """By person and whether it is grave: how long each channel waits."""
        found: dict[tuple[int, bool], dict[str, timedelta]] = {}
        for rule in self.filter(user__is_active=True).order_by("minutes", "pk"):
            wait = timedelta(minutes=rule.minutes)
            found.setdefault((rule.user_id, rule.grave), {})[rule.channel] = wait
        return found


class NotificationRule(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_rules"
    )
    grave = models.BooleanField(
        _("when it is grave"), choices=[(True, _("P0 and P1")), (False, _("P2 and P3"))]
    )
    channel = models.CharField(
        _("channel"), max_length=20,
        choices=[way for way in Way.choices if way[0] != Way.WEBHOOK],
    )  # fmt: skip
    minutes = models.PositiveSmallIntegerField(_("after minutes"), default=0)

    objects = NotificationRules.as_manager()

    class Meta:
        verbose_name = _("notification rule")
        verbose_name_plural = _("notification rules")
        ordering = ["-grave", "minutes", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "grave", "channel"], name="one_rule_a_channel",
                violation_error_message=_("There is a rule for this channel already."),
            ),
            # Or a wish could keep somebody from hearing of what is grave until it is too late.
            models.CheckConstraint(
                condition=Q(minutes__lte=GRAVE_WAIT) | Q(grave=False, minutes__lte=MOST_WAIT),
                name="no_rule_waits_too_long",
                violation_error_message=_(
                    "At most five minutes for P0 and P1, and an hour for P2 and P3."
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.channel} +{self.minutes} min"
