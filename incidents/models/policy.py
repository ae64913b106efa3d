from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.bilingual import Named, in_language
from core.severity import CHOICES
from incidents.domain import clocks
from incidents.domain.escalation import AT_ONCE, Plan
from incidents.domain.roles import Role
from teams.models import Team

if TYPE_CHECKING:
    from incidents.models.escalation import PolicyVersion

NONE: Final = timedelta(0)
AT_LEAST: Final = MinValueValidator(timedelta(minutes=1), _("At least one minute: 00:01:00."))


class RoleName(models.TextChoices):
    COMMANDER = Role.COMMANDER, _("Incident commander")
    DEPUTY = Role.DEPUTY, _("Deputy")
    SCRIBE = Role.SCRIBE, _("Scribe")
    COMMUNICATIONS = Role.COMMUNICATIONS, _("Communications")
    EXPERT = Role.EXPERT, _("Expert")


class PublicImpact(models.TextChoices):
    """What a status page can say of a service, in Statuspage's words."""

    OPERATIONAL = "operational", _("Operational")
    DEGRADED = "degraded_performance", _("Degraded performance")
    PARTIAL = "partial_outage", _("Partial outage")
    MAJOR = "major_outage", _("Major outage")


class SeverityPolicy(Named):
    """Severity is the policy: everything that follows from P0 … P3, one row each (M1.1, M1.2, M3.2)."""

    severity = models.CharField(_("severity"), max_length=2, choices=CHOICES, primary_key=True)
    meaning_ko = models.TextField(_("meaning (Korean)"), blank=True)
    meaning_en = models.TextField(_("meaning (English)"), blank=True)
    examples_ko = models.TextField(_("examples (Korean)"), blank=True)
    examples_en = models.TextField(_("examples (English)"), blank=True)
    respond_within = models.DurationField(
        _("respond within"),
        validators=[AT_LEAST],
        help_text=_("Nobody answers in time: one severity up. Half an hour is 00:30:00."),
    )
    resolve_within = models.DurationField(
        _("resolve within"),
        validators=[AT_LEAST],
        help_text=_("Counted from detection. A day is 1 00:00:00."),
    )
    warn_at = models.PositiveSmallIntegerField(
        _("warn at (%)"),
        default=75,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("Per cent of the time used. Holds for clocks that are set from now on."),
    )
    channels = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("channels, the loudest first"),
        help_text=_("Comma-separated: voice, sms, slack, email, webhook."),
    )
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, verbose_name=_("response team")
    )
    escalation = models.ForeignKey(
        "EscalationPolicy",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("escalation policy"),
        help_text=_("Empty: the response team, at once."),
    )
    assembles = models.BooleanField(
        _("opens a channel at once"),
        default=False,
        help_text=_("In Slack, with everybody who was paged. Otherwise a commander opens it."),
    )
    required_roles = ArrayField(
        models.CharField(max_length=20, choices=RoleName),
        verbose_name=_("required roles"),
        default=list,
        blank=True,
        help_text=_("The room shows which of them nobody holds yet."),
    )
    tells_leaders = models.BooleanField(
        _("tells team leaders at once"),
        default=False,
        help_text=_(
            "Whoever leads the response team, or a team that owns an affected service, and is not paged."
        ),
    )
    update_every = models.DurationField(
        _("update stakeholders every"),
        null=True,
        blank=True,
        validators=[AT_LEAST],
        help_text=_("Half an hour is 00:30:00. Empty: no update is ever due."),
    )
    public_impact = models.CharField(
        _("on the status page"),
        max_length=20,
        choices=PublicImpact,
        default=PublicImpact.OPERATIONAL,
        help_text=_("What an affected service is shown as, until a person says otherwise."),
    )
    postmortem_due = models.DurationField(
        _("postmortem due within"),
        null=True,
        blank=True,
        validators=[AT_LEAST],
        help_text=_("Counted from the resolution. Three days are 3 00:00:00. Empty: none is due."),
    )

    class Meta:
        verbose_name = _("severity")
        verbose_name_plural = _("severities")
        ordering = ["severity"]
        constraints = [
            # A clock that is over when it starts would send everything up at once, for ever.
            models.CheckConstraint(
                condition=Q(
                    respond_within__gt=NONE, resolve_within__gt=NONE, warn_at__range=(1, 99)
                ),
                name="clocks_take_time",
                violation_error_message=_(
                    "Both clocks take some time, and the warning comes between 1 and 99 per cent of it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(update_every=None) | Q(update_every__gt=NONE),
                name="updates_take_time",
                violation_error_message=_("It has to be longer than no time; empty for none."),
            ),
            models.CheckConstraint(
                condition=Q(postmortem_due=None) | Q(postmortem_due__gt=NONE),
                name="postmortems_take_time",
                violation_error_message=_("It has to be longer than no time; empty for none."),
            ),
        ]

    @property
    def meaning(self) -> str:
        return in_language(self.meaning_ko, self.meaning_en)

    @property
    def targets(self) -> clocks.Targets:
        return clocks.Targets(self.respond_within, self.resolve_within, self.warn_at)

    @property
    def version(self) -> "PolicyVersion | None":
        """Of its escalation policy, from now on."""
        return self.escalation.current if self.escalation else None

    @property
    def plan(self) -> Plan:
        """Who is called in which order, from now on."""
        return self.version.read() if self.version else AT_ONCE

    def response_clock(self, *, since: datetime) -> dict[str, Any]:
        """The response clock and the calls set anew, as fields of an incident."""
        due = clocks.respond_by(self.targets, response_since=since)
        warn = clocks.warn_at(self.targets, since=since, due=due)
        return {
            "response_since": since,
            "respond_by": due,
            "response_warn_at": warn,
            "response_warned": False,
            "escalation": self.version,
            "escalation_place": 0,
            "escalate_at": self.plan.next_at(0, called_at=since),
        }

    def resolution_clock(self, *, since: datetime) -> dict[str, Any]:
        due = clocks.resolve_by(self.targets, clock_since=since)
        warn = clocks.warn_at(self.targets, since=since, due=due)
        return {"resolve_by": due, "resolution_warn_at": warn, "resolution_warned": False}

    def postmortem_by(self, *, resolved_at: datetime | None) -> datetime | None:
        """Nothing is due of an incident that goes on, or where the severity asks for none."""
        if resolved_at is None or self.postmortem_due is None:
            return None
        return resolved_at + self.postmortem_due
