"""What an administrator decides of stakeholder communication: the texts, and when they are sent."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.bilingual import Named
from core.severity import CHOICES
from incidents.domain import wording
from incidents.domain.stakeholders import Happened, Rule, Urgency
from teams.models import Service
from teams.stakeholders import StakeholderGroup


class HappenedName(models.TextChoices):
    OPENED = Happened.OPENED, _("Opened or reopened")
    SEVERITY = Happened.SEVERITY, _("Severity changed")
    IMPACT = Happened.IMPACT, _("Customers began to feel it")
    UPDATE_DUE = Happened.UPDATE_DUE, _("Update due")
    RESOLVED = Happened.RESOLVED, _("Resolved")


class UrgencyName(models.TextChoices):
    IMMEDIATE = Urgency.IMMEDIATE, _("Immediate")
    HIGH = Urgency.HIGH, _("High")
    NORMAL = Urgency.NORMAL, _("Normal")
    LOW = Urgency.LOW, _("Low")


def validate_placeholders(text: str) -> None:
    if wrong := wording.faults(text):
        known = " ".join(f"{{{name}}}" for name in wording.PLACEHOLDERS)
        raise ValidationError(
            _("%(wrong)s is not a placeholder. These can be used: %(known)s."),
            params={"wrong": " ".join(wrong), "known": known},
        )


class MessageTemplate(Named):
    slug = models.SlugField(_("slug"), unique=True)
    subject_ko = models.CharField(
        _("subject (Korean)"), max_length=200, validators=[validate_placeholders]
    )
    body_ko = models.TextField(
        _("text (Korean)"), max_length=5000, validators=[validate_placeholders]
    )
    subject_en = models.CharField(
        _("subject (English)"), max_length=200, validators=[validate_placeholders]
    )
    body_en = models.TextField(
        _("text (English)"), max_length=5000, validators=[validate_placeholders]
    )

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        ordering = ["slug"]


class StakeholderRule(models.Model):
    group = models.ForeignKey(
        StakeholderGroup, models.CASCADE, related_name="rules", verbose_name=_("stakeholder group")
    )
    events = ArrayField(
        models.CharField(max_length=12, choices=HappenedName), verbose_name=_("when")
    )
    at_least = models.CharField(
        _("this severity or graver"), max_length=2, choices=CHOICES, blank=True, default=""
    )
    services = models.ManyToManyField(
        Service,
        blank=True,
        verbose_name=_("only these services"),
        help_text=_("Empty: any service."),
    )
    customer_impact = models.BooleanField(_("only if customers feel it"), default=False)
    urgency = models.CharField(
        _("urgency"),
        max_length=10,
        choices=UrgencyName,
        default=UrgencyName.HIGH,
        help_text=_(
            "Immediate: at once by the loudest channel. High: within a minute."
            " Others: one message an hour with all incidents in it."
        ),
    )
    template = models.ForeignKey(
        MessageTemplate, models.PROTECT, related_name="rules", verbose_name=_("message template")
    )
    automatic = models.BooleanField(
        _("goes without approval"), default=False, help_text=_("Only for internal groups.")
    )
    second_person = models.BooleanField(
        _("a second person approves"),
        default=False,
        help_text=_("Whoever wrote or changed the text may not approve it."),
    )
    enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        verbose_name = _("stakeholder rule")
        verbose_name_plural = _("stakeholder rules")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(automatic=True, second_person=True),
                name="nobody_approves_what_goes_by_itself",
                violation_error_message=_(
                    "What goes without approval has nobody to approve it: choose one of both."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.group} · {self.template}"

    def clean(self) -> None:
        if self.automatic and self.group_id and self.group.is_external:
            raise ValidationError(
                {"automatic": _("What leaves the company is approved by a person first.")}
            )

    @property
    def plain(self) -> Rule:
        return Rule(
            self.pk,
            self.group.slug,
            frozenset(self.events),
            self.at_least,
            frozenset(service.slug for service in self.services.all()),
            self.customer_impact,
        )
