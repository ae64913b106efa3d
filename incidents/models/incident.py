from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db import models
from django.db.models import F, Q, prefetch_related_objects
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.bilingual import Told
from core.severity import CHOICES, Severity
from incidents.domain.chain import GENESIS
from incidents.domain.escalation import AT_ONCE, Instead, Plan
from incidents.domain.lifecycle import OPEN, Status
from incidents.domain.roles import Role
from incidents.search import Letters
from teams.models import Service, Team, User

if TYPE_CHECKING:
    from incidents.models.role import RoleHeld


class StatusName(models.TextChoices):
    TRIGGERED = Status.TRIGGERED, _("Triggered")
    ACKNOWLEDGED = Status.ACKNOWLEDGED, _("Acknowledged")
    MITIGATED = Status.MITIGATED, _("Mitigated")
    RESOLVED = Status.RESOLVED, _("Resolved")


class IncidentQuerySet(models.QuerySet["Incident"]):
    def open(self) -> "IncidentQuerySet":
        return self.filter(status__in=OPEN)

    def resolved(self) -> "IncidentQuerySet":
        return self.filter(status=StatusName.RESOLVED)

    def counted(self) -> "IncidentQuerySet":
        """Those that figures speak of: no drills, and no trouble twice."""
        return self.filter(drill=False, merged_into=None)

    def touch(self) -> None:
        """Their rooms have changed in a way the timeline does not tell."""
        self.update(unsaid=F("unsaid") + 1)

    def for_list(self) -> "IncidentQuerySet":
        rows = self.select_related("acknowledged_by", "assembly", "routed_to")
        return rows.prefetch_related("services", "roles__user")


class Incident(Told):
    number = models.BigAutoField(_("number"), primary_key=True)
    title = models.TextField(_("title"))
    description = models.TextField(_("description"), blank=True, default="")
    severity = models.CharField(_("severity"), max_length=2, choices=CHOICES)
    severity_by_person = models.BooleanField(_("severity chosen by a person"), default=False)
    status = models.CharField(
        _("status"), max_length=12, choices=StatusName, default=StatusName.TRIGGERED
    )
    customer_impact = models.BooleanField(_("customers feel it"), default=False)
    services = models.ManyToManyField(Service, blank=True, verbose_name=_("services"))
    group = models.CharField(_("group"), max_length=360, blank=True, default="")
    # Called in place of the severity's team and the owners, because a route says so.
    routed_to = models.ForeignKey(
        Team, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("team of its route"),
    )  # fmt: skip
    last_alert_at = models.DateTimeField(_("last alert at"), null=True)

    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    detected_at = models.DateTimeField(_("detected at"))
    clock_since = models.DateTimeField(_("clock runs since"))  # detection, or the reopening
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    mitigated_at = models.DateTimeField(_("mitigated at"), null=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True)
    resolution_proposed_at = models.DateTimeField(_("resolution proposed at"), null=True)

    response_since = models.DateTimeField(_("response clock runs since"))  # people were told
    respond_by = models.DateTimeField(_("respond by"))
    resolve_by = models.DateTimeField(_("resolve by"))
    response_warn_at = models.DateTimeField(_("response warning at"), null=True, editable=False)
    response_warned = models.BooleanField(default=False, editable=False)
    resolution_warn_at = models.DateTimeField(_("resolution warning at"), null=True, editable=False)
    resolution_warned = models.BooleanField(default=False, editable=False)
    response_breached = models.BooleanField(_("nobody answered in time"), default=False)
    resolution_breached = models.BooleanField(_("resolution target missed"), default=False)
    page_round = models.PositiveSmallIntegerField(_("page round"), default=0)
    # The policy it opened under, the call it is at, and when the next one is due.
    escalation = models.ForeignKey(
        "PolicyVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )
    escalation_place = models.PositiveSmallIntegerField(default=0, editable=False)
    escalate_at = models.DateTimeField(_("next call at"), null=True, editable=False)
    answer_lapses_at = models.DateTimeField(_("answer lapses at"), null=True, editable=False)

    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("acknowledged by"),
    )  # fmt: skip

    runbook_url = models.TextField(_("runbook"), blank=True, default="")

    drill = models.BooleanField(_("drill"), default=False)  # for ever: figures rely on it
    # The incident that this one turned out to be.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False,
        verbose_name=_("merged into"),
    )  # fmt: skip

    # The end of the timeline's hash chain: kept here so that a cut-off tail shows too.
    timeline_length = models.PositiveIntegerField(default=0)
    timeline_head = models.CharField(max_length=64, default=GENESIS)
    # Changes of the room that the timeline does not tell, such as a pin.
    unsaid = models.PositiveIntegerField(default=0, editable=False)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=StatusName.RESOLVED, resolved_at__isnull=False)
                | (~Q(status=StatusName.RESOLVED) & Q(resolved_at=None)),
                name="resolved_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=StatusName.ACKNOWLEDGED) | Q(acknowledged_at__isnull=False),
                name="acknowledged_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None)
                | (Q(status=StatusName.RESOLVED) & ~Q(merged_into=F("number"))),
                name="merged_is_over",
            ),
        ]
        indexes = [
            # Ticks look only at what is open: their cost does not grow with history.
            models.Index(
                fields=["respond_by"], condition=Q(status=StatusName.TRIGGERED), name="incident_unanswered"
            ),
            models.Index(
                fields=["escalate_at"], condition=Q(status=StatusName.TRIGGERED), name="incident_next_call"
            ),
            models.Index(
                fields=["answer_lapses_at"], condition=Q(status=StatusName.ACKNOWLEDGED),
                name="incident_answer_lapses",
            ),
            models.Index(
                fields=["resolve_by"],
                condition=~Q(status=StatusName.RESOLVED) & Q(resolution_breached=False),
                name="incident_unresolved",
            ),
            models.Index(
                fields=["response_warn_at"],
                condition=Q(status=StatusName.TRIGGERED, response_warned=False),
                name="incident_response_warning",
            ),
            models.Index(
                fields=["resolution_warn_at"],
                condition=~Q(status=StatusName.RESOLVED)
                & Q(resolution_warned=False, resolution_breached=False),
                name="incident_resolution_warning",
            ),
            models.Index(fields=["group"], condition=~Q(status=StatusName.RESOLVED), name="incident_open"),
            models.Index(
                fields=["severity", "-number"], condition=~Q(status=StatusName.RESOLVED),
                name="incident_open_list",
            ),
            # With what figures ask beside it: which began before a time and ended in it are few.
            models.Index(
                fields=["-resolved_at", "detected_at"], condition=Q(status=StatusName.RESOLVED),
                name="incident_over",
            ),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="incident_title_words"),
            # The nearest titles first, which the other two cannot tell. On the bare title, which no
            # search asks for: it would be taken for words that it finds only by reading everything.
            GistIndex(
                OpClass("title", name="gist_trgm_ops(siglen=64)"), name="incident_title_nearest"
            ),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="incident_merged"
            ),
            models.Index(
                fields=["group"], condition=Q(merged_into__isnull=False), name="incident_moved_group"
            ),
            models.Index(fields=["group", "-number"], condition=~Q(group=""), name="incident_kin"),
            GinIndex(Letters(Upper("title")), name="incident_title_letters"),
            # Figures read a time of them, however long the past is.
            models.Index(fields=["detected_at"], name="incident_detected"),
            models.Index(fields=["detected_at"], condition=Q(drill=True), name="incident_drills"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.number} {self.heading}"

    def get_absolute_url(self) -> str:
        return reverse("incidents:room", args=[self.number])

    @property
    def came_back(self) -> bool:
        """It was over and is reopened: its clocks started anew."""
        return self.clock_since > self.detected_at

    @property
    def status_name(self) -> str:
        if self.status == Status.TRIGGERED and self.came_back:
            return gettext("Reopened")
        return str(StatusName(self.status).label)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def version(self) -> str:
        """Changes whenever the room does: what a reader who polls has seen."""
        return f"{self.timeline_length}.{self.unsaid}"

    @property
    def pinned(self) -> set[int]:
        """The places of its key moments."""
        return set(self.pins.values_list("seq", flat=True))

    @property
    def topic(self) -> str:
        """What deliveries about this incident carry."""
        return f"{TOPIC}:{self.number}"

    @property
    def roles_now(self) -> "list[RoleHeld]":
        prefetch_related_objects([self], "roles__user")  # once, unless `for_list` has read them
        return [held for held in self.roles.all() if held.until is None]

    @property
    def commander(self) -> User | None:
        leads = (held.user for held in self.roles_now if held.role == Role.COMMANDER)
        return next(leads, None)

    @property
    def instead(self) -> Instead | None:
        """Sent up, or made graver by a person, it calls the severity's team too."""
        if self.routed_to_id is None:
            return None
        return Instead(
            self.routed_to_id, alone=not self.response_breached and not self.severity_by_person
        )

    @property
    def plan(self) -> Plan:
        """Who is called in which order, as it was said when this incident opened."""
        return self.escalation.read() if self.escalation else AT_ONCE

    @property
    def level(self) -> Severity:
        return Severity(self.severity)


TOPIC = "incident"
VERSIONED = (
    "timeline_length",
    "timeline_head",
    "unsaid",
)  # what tells one state of a room from another
