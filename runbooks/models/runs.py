"""Runs of runbooks and their steps: the rows are the truth, and whoever carries them out may die at any line."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.bilingual import in_language
from runbooks.domain import runs as domain
from runbooks.domain.runs import RunState, State


class Purpose(models.TextChoices):
    INCIDENT = "incident", _("incident")
    MAINTENANCE = "maintenance", _("maintenance")
    DRILL = "drill", _("drill")


class RunStateName(models.TextChoices):
    RUNNING = RunState.RUNNING, _("running")
    PAUSED = RunState.PAUSED, _("paused")
    STOPPED = RunState.STOPPED, _("stopped, needs you")
    DONE = RunState.DONE, _("done")
    ABORTED = RunState.ABORTED, _("aborted")


class StepStateName(models.TextChoices):
    PENDING = State.PENDING, _("to do")
    RUNNING = State.RUNNING, _("running")
    WAITING = State.WAITING, _("waits for a person")
    DONE = State.DONE, _("done")
    FAILED = State.FAILED, _("failed")
    UNKNOWN = State.UNKNOWN, _("not known whether it was done")
    SKIPPED = State.SKIPPED, _("skipped")
    CANCELLED = State.CANCELLED, _("not done, aborted")


class RunQuerySet(models.QuerySet["Run"]):
    def open(self) -> "RunQuerySet":
        return self.exclude(state__in=domain.OVER)


class Run(models.Model):
    version = models.ForeignKey(
        "runbooks.Version", models.PROTECT, related_name="runs", verbose_name=_("version")
    )
    incident = models.ForeignKey(
        "incidents.Incident", models.PROTECT, null=True, related_name="runs",
        verbose_name=_("incident"),
    )  # fmt: skip
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    inputs = models.JSONField(_("inputs"), default=dict)
    state = models.CharField(
        _("state"), max_length=8, choices=RunStateName, default=RunStateName.RUNNING
    )
    undoes = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="undone_by", verbose_name=_("takes back")
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("started by"), help_text=_("Nobody: Bongsu itself."),
    )  # fmt: skip
    itself = models.ForeignKey(
        "runbooks.Runbook", models.PROTECT, null=True, editable=False, related_name="+"
    )  # its runbook, where the machine started it for an incident
    driver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("in charge"),
    )  # fmt: skip
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    revision = models.PositiveIntegerField(default=0, editable=False)  # of what its page shows

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run of a runbook")
        verbose_name_plural = _("runs of runbooks")
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["state"], name="run_open", condition=~Q(state__in=["done", "aborted"])
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=sorted(RunState)), name="run_state"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "aborted"], ended_at__isnull=False)
                | Q(~Q(state__in=["done", "aborted"]), ended_at__isnull=True),
                name="a_run_that_is_over_ended",
            ),
            models.UniqueConstraint(
                fields=["incident", "itself"],
                name="once_by_itself_for_an_incident",
                condition=Q(itself__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version.title} · {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("runbooks:run", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return self.state in domain.OVER


class Looked(models.Model):
    """Up to where an incident's timeline was read for what may start by itself."""

    incident = models.OneToOneField(
        "incidents.Incident", models.CASCADE, primary_key=True, related_name="+"
    )
    length = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.length}"


class RunStepQuerySet(models.QuerySet["RunStep"]):
    def move(self, step: "RunStep", *before: State, to: State, **facts: Any) -> bool:
        """Compare and set; False when somebody else was faster. Its run's page has changed."""
        if not self.filter(pk=step.pk, state__in=before).update(state=to, **facts):
            return False
        Run.objects.filter(pk=step.run_id).update(revision=F("revision") + 1)
        step.state = to
        for name, value in facts.items():
            setattr(step, name, value)
        return True


class RunStep(models.Model):
    """State changes by compare-and-set only (`move`)."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="steps", db_index=False)
    position = models.PositiveIntegerField(_("position"))
    path = models.CharField(_("path"), max_length=400)  # as in `domain.runs`, joined by /
    name = models.CharField(_("name"), max_length=200)
    title_ko = models.CharField(_("title (Korean)"), max_length=300)
    title_en = models.CharField(_("title (English)"), max_length=300)
    kind = models.CharField(_("kind"), max_length=40)
    given = models.JSONField(_("settings"), default=dict)  # of its kind, with placeholders
    scope = models.JSONField(_("scope"), default=dict)  # what they stand for
    findings = models.JSONField(default=list)  # how to read its output: as in the document
    timeout = models.DurationField(_("timeout"))
    retries = models.PositiveSmallIntegerField(_("retries"), default=0)
    repeatable = models.BooleanField(default=False)  # done twice it does no harm
    dangerous = models.BooleanField(_("dangerous"), default=False)
    keep_going = models.BooleanField(_("goes on after a failure"), default=False)
    holds = models.BooleanField(default=False)  # others; then its own state says nothing
    at_once = models.PositiveSmallIntegerField(default=1)
    undo = models.JSONField(null=True)  # {kind, settings}
    state = models.CharField(
        _("state"), max_length=9, choices=StepStateName, default=StepStateName.PENDING
    )
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    due_at = models.DateTimeField(_("due at"), null=True)  # not before
    lease = models.UUIDField(null=True, editable=False)  # who runs it
    lease_until = models.DateTimeField(null=True, editable=False)
    lost = models.BooleanField(default=False, editable=False)  # whoever ran this attempt died
    began_at = models.DateTimeField(_("began at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    text_ko = models.CharField(
        _("what came of it (Korean)"), max_length=500, blank=True, default="", db_default=""
    )
    text_en = models.CharField(
        _("what came of it (English)"), max_length=500, blank=True, default="", db_column="text"
    )
    output = models.TextField(_("output"), blank=True, default="")
    rows = models.JSONField(_("rows"), default=list)
    facts = models.JSONField(_("facts"), default=dict)
    remembered = models.JSONField(default=dict)  # before it went on
    said = models.JSONField(_("findings"), default=list)  # [{ko, en, grave}]
    action = models.ForeignKey(
        "runbooks.Action", models.PROTECT, null=True, related_name="+", verbose_name=_("action")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip

    objects = RunStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a run")
        verbose_name_plural = _("steps of runs")
        ordering = ["run", "position"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["lease_until"], name="step_leased", condition=Q(state="running")),
            models.Index(
                fields=["name", "-ended_at"], name="step_usual", condition=Q(state="done")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["run", "path"], name="one_step_a_path"),
            models.CheckConstraint(condition=Q(state__in=sorted(State)), name="step_state"),
            models.CheckConstraint(
                condition=Q(state="running", lease__isnull=False, lease_until__isnull=False)
                | Q(~Q(state="running"), lease__isnull=True, lease_until__isnull=True),
                name="running_under_a_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.title}"

    @property
    def title(self) -> str:
        return in_language(self.title_ko, self.title_en)

    @property
    def text(self) -> str:
        """What came of it, in a line."""
        return in_language(self.text_ko, self.text_en)

    @property
    def told(self) -> dict[str, str]:
        return {"ko": self.text_ko, "en": self.text_en} if self.text_ko or self.text_en else {}

    @property
    def key(self) -> str:
        """The same whenever this attempt is made again, in this installation and no other."""
        return f"bongsu-{self.run_id}-{self.pk}-{self.attempt}"

    @property
    def row(self) -> domain.Row:
        return domain.Row(
            tuple(self.path.split("/")),
            State(self.state),
            self.keep_going,
            self.at_once,
            self.holds,
            begun=self.began_at is not None or self.attempt > 0,
        )
