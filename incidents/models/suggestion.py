from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.bilingual import Named
from core.severity import CHOICES
from incidents.domain import suggestion
from incidents.models.incident import Incident
from teams.models import Service


def a_label(text: str) -> None:
    if suggestion.read_label(text) is None:
        raise ValidationError(_("Write a label as key=value."))


class SuggestionRuleQuerySet(models.QuerySet["SuggestionRule"]):
    def judge(self, key: int, *, agreed: int = 0, disagreed: int = 0) -> None:
        """Add to what people said of a rule, or take it back; two at once both count."""
        self.filter(pk=key).update(
            agreed=F("agreed") + agreed, disagreed=F("disagreed") + disagreed
        )


class SuggestionRule(Named):
    """What makes an incident look like a severity. People's decisions say how good it is."""

    severity = models.CharField(_("severity"), max_length=2, choices=CHOICES)
    words = models.TextField(
        _("words"),
        blank=True,
        help_text=_(
            "Of every line one word must be found; commas between words of one meaning, Korean and"
            " English together. A Korean verb ending in 다 is found in all its forms: 멈추다 in 멈췄어요."
        ),
    )
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, verbose_name=_("service"),
        help_text=_("Only when it is among the affected services."),
    )  # fmt: skip
    label = models.CharField(
        _("label of an alert"), max_length=200, blank=True, validators=[a_label],
        help_text=_("As key=value, such as team=core."),
    )  # fmt: skip
    agreed = models.PositiveIntegerField(_("agreed"), default=0, editable=False)
    disagreed = models.PositiveIntegerField(_("disagreed"), default=0, editable=False)

    objects = SuggestionRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion rule")
        verbose_name_plural = _("suggestion rules")
        ordering = ["severity", "id"]
        constraints = [
            # One that asks for nothing would fit every incident.
            models.CheckConstraint(
                condition=~Q(words="") | Q(service__isnull=False) | ~Q(label=""),
                name="a_rule_asks_for_something",
                violation_error_message=_("Name words, a service or a label."),
            ),
        ]

    @property
    def judged(self) -> int:
        return self.agreed + self.disagreed

    def as_rule(self) -> suggestion.Rule:
        """For `domain.suggestion`; the service is read along with the row."""
        return suggestion.Rule(
            self.pk,
            self.severity,
            suggestion.read_words(self.words),
            self.service.slug if self.service else "",
            suggestion.read_label(self.label),
            self.agreed,
            self.disagreed,
        )


class SuggestionMade(models.Model):
    """What a rule suggested for an incident and what a person decided: the rule learns from it."""

    incident = models.OneToOneField(
        Incident, models.CASCADE, primary_key=True, related_name="suggestion"
    )
    rule = models.ForeignKey(SuggestionRule, models.SET_NULL, null=True, related_name="made")
    found = ArrayField(models.TextField(), default=list)
    suggested = models.CharField(_("suggested"), max_length=2, choices=CHOICES)
    decided = models.CharField(_("decided"), max_length=2, choices=CHOICES)
    at = models.DateTimeField(_("at"))
    final = models.BooleanField(default=False)  # a later change was the last word: it counts once

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.incident_id} {self.suggested} → {self.decided}"

    @property
    def agreed(self) -> bool:
        return self.suggested == self.decided
