from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.bilingual import in_language
from postmortems.models.postmortem import Postmortem


class Why(models.Model):
    """One answer of the tree of causes: what led to the answer above it, or to the incident."""

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="whys")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="causes",
        verbose_name=_("led to"),
    )  # fmt: skip
    answer = models.CharField(_("answer"), max_length=500)
    revision = models.PositiveIntegerField(default=1, editable=False)  # that an editor has seen
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("answer to a why")
        verbose_name_plural = _("answers to whys")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="no_cause_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.answer


class Evidence(models.Model):
    """What an answer rests on. Its words are kept, so that it still says what it was when its source is gone."""

    class Kind(models.TextChoices):
        EVENT = "event", _("Timeline")
        METRIC = "metric", _("Metric")
        CHANGE = "change", _("Change")
        STEP = "step", _("Runbook step")

    why = models.ForeignKey(Why, models.CASCADE, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    # An event's place on the timeline, or the key of the other's row.
    ref = models.PositiveBigIntegerField(_("number"))
    said_ko = models.CharField(max_length=300)
    said_en = models.CharField(max_length=300)
    url = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["why", "kind", "ref"], name="cited_once"),
        ]

    def __str__(self) -> str:
        return self.said

    @property
    def said(self) -> str:
        return in_language(self.said_ko, self.said_en)
