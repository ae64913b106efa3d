from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from monitoring.domain.matching import BadMatcher, choosy, read_lines
from monitoring.domain.routing import HOW, RouteRule
from monitoring.models.integration import Integration, severity_choices
from teams.models import Service, Team


class How(models.TextChoices):
    SET = "set", _("exactly this")
    AT_LEAST = "at_least", _("at least this grave")
    AT_MOST = "at_most", _("at most this grave")


class Route(models.Model):
    """Alerts with these labels go to this service and team, with this severity, in these groups."""

    position = models.PositiveSmallIntegerField(
        pgettext_lazy("in a list", "position"),
        default=100,
        help_text=_("The first route that fits decides."),
    )
    name = models.CharField(_("name"), max_length=120, unique=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    matchers = models.TextField(
        _("matchers"),
        help_text=_("A label a line: label=value, also != and, for regular expressions, =~ and !~. "
                    "All of them must fit."),
    )  # fmt: skip
    integration = models.ForeignKey(
        Integration, models.CASCADE, null=True, blank=True, related_name="routes",
        verbose_name=_("only from this integration"),
    )  # fmt: skip
    service = models.ForeignKey(
        Service, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("service"), help_text=_("Empty: the one the sender names."),
    )  # fmt: skip
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("team"),
        help_text=_("Called in place of the severity's team and the owners. Empty: those."),
    )  # fmt: skip
    severity = models.CharField(
        _("severity"), max_length=4, blank=True, choices=severity_choices,
        help_text=_("Empty: the sender's."),
    )  # fmt: skip
    how = models.CharField(_("and that means"), max_length=8, choices=How, default=How.SET)
    group_by = ArrayField(
        models.CharField(max_length=100), default=list, blank=True,
        verbose_name=_("group by labels"),
        help_text=_("Comma-separated: alerts that agree in all of them share an incident."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(how__in=HOW), name="route_knows_how"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        try:
            choosy(read_lines(self.matchers))
        except BadMatcher as bad:
            reason = _now(bad.reason)
            text = f"{bad.part}: {reason}" if bad.part else reason
            raise ValidationError({"matchers": text}) from bad

    def rule(self) -> RouteRule:
        return RouteRule(
            key=self.pk,
            matchers=read_lines(self.matchers),
            integration=self.integration_id,
            service=self.service.slug if self.service else "",
            severity=self.severity,
            how=self.how,
            group_by=self.group_by,
            team=self.team_id,
        )
