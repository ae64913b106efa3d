from datetime import timedelta
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.bilingual import Named
from core.fields import WebAddress
from incidents.domain import escalation
from incidents.models.policy import AT_LEAST
from teams.models import Team, User
from teams.rotations import Rotation

NONE: Final = timedelta(0)


class PolicyVersion(models.Model):
    """What a policy said from some moment on; an incident keeps the one it opened under."""

    policy = models.ForeignKey("EscalationPolicy", models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    plan = models.JSONField()  # incidents.domain.escalation.as_json
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("version of an escalation policy")
        verbose_name_plural = _("versions of escalation policies")
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="one_version_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} v{self.number}"

    def read(self) -> escalation.Plan:
        return escalation.from_json(self.plan)


class EscalationPolicy(Named):
    """Who is called in which order; its steps are edited here, and published as versions."""

    slug = models.SlugField(_("slug"), unique=True)
    repeats = models.PositiveSmallIntegerField(
        _("repeats"),
        default=0,
        validators=[MaxValueValidator(9)],
        help_text=_("How often the steps are gone through again while nobody answers."),
    )
    answers = models.PositiveSmallIntegerField(
        _("answers needed"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("So many people must acknowledge before the calls stop."),
    )
    lasts = models.DurationField(
        _("an acknowledgement lasts"),
        null=True,
        blank=True,
        validators=[AT_LEAST],
        help_text=_(
            "If nothing is done for so long after it, the incident calls again."
            " Half an hour is 00:30:00. Empty: for ever."
        ),
    )
    current = models.ForeignKey(
        PolicyVersion, models.RESTRICT, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("escalation policy")
        verbose_name_plural = _("escalation policies")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answers__gte=1) & (Q(lasts=None) | Q(lasts__gt=NONE)),
                name="an_answer_lasts",
                violation_error_message=_(
                    "At least one answer is needed, and an acknowledgement lasts longer than no time."
                ),
            ),
        ]

    @property
    def plan(self) -> escalation.Plan:
        """As its rows are now; what runs is the current version."""
        steps = tuple(step.read() for step in self.steps.all())
        return escalation.Plan(steps, self.repeats, self.answers, self.lasts)


class EscalationStep(models.Model):
    policy = models.ForeignKey(EscalationPolicy, models.CASCADE, related_name="steps")
    place = models.PositiveSmallIntegerField(_("place"), default=0)
    wait = models.DurationField(
        _("wait for an answer"),
        default=timedelta(minutes=5),
        help_text=_("Before the next step. Five minutes are 00:05:00."),
    )
    severity_team = models.BooleanField(_("the severity's team"), default=False)
    owners = models.BooleanField(_("owners of the services"), default=False)
    contact = models.BooleanField(_("escalation contact"), default=False)
    people = models.ManyToManyField(User, blank=True, related_name="+", verbose_name=_("people"))
    teams = models.ManyToManyField(Team, blank=True, related_name="+", verbose_name=_("teams"))
    rotations = models.ManyToManyField(
        Rotation, blank=True, related_name="+", verbose_name=_("whoever is on call in")
    )
    slack = ArrayField(
        models.CharField(max_length=40), verbose_name=_("Slack channels"), default=list, blank=True,
        help_text=_("Their ids, comma-separated: C0123456789."),
    )  # fmt: skip
    webhooks = ArrayField(
        WebAddress(max_length=300), verbose_name=_("webhooks"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["policy_id", "place", "pk"]
        constraints = [
            # Without a pause, all the repetitions would call at one instant.
            models.CheckConstraint(condition=Q(wait__gt=NONE), name="a_step_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.place}"

    def read(self) -> escalation.Step:
        return escalation.Step(
            self.wait,
            self.severity_team,
            self.owners,
            self.contact,
            tuple(sorted(person.pk for person in self.people.all())),
            tuple(sorted(team.pk for team in self.teams.all())),
            tuple(sorted(rotation.pk for rotation in self.rotations.all())),
            tuple(self.slack),
            tuple(self.webhooks),
        )


class Answer(models.Model):
    """Somebody has answered; with a policy that needs several, the others are still called."""

    incident = models.ForeignKey("Incident", models.CASCADE, related_name="answers")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["incident", "user"], name="one_answer_a_person"),
        ]

    def __str__(self) -> str:
        return f"#{self.incident_id} {self.user}"
