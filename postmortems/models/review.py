from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.bilingual import in_language
from postmortems.models.postmortem import Postmortem


class Section(models.TextChoices):
    """The places of a postmortem that somebody can speak of."""

    SUMMARY = "summary", _("Summary")
    TIMELINE = "timeline", _("Timeline")
    IMPACT = "impact", _("Impact")
    RESPONSE = "response", _("Response")
    CAUSES = "causes", _("Causes")
    FACTORS = "factors", _("Contributing factors")
    LESSONS = "lessons", _("Lessons")
    ACTIONS = "actions", _("Action items")
    PUBLIC = "public", _("For the status page")


class Comment(models.Model):
    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="comments")
    section = models.CharField(_("place"), max_length=10, choices=Section)
    text = models.TextField(_("comment"), max_length=4000)
    version = models.PositiveIntegerField(_("version"))  # that was spoken of
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    resolved_at = models.DateTimeField(_("resolved at"), null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("resolved by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_by=None) | Q(resolved_at__isnull=False),
                name="resolved_comment_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Suggestion(models.Model):
    """A contributing factor that the record suggests; it says nothing until a person accepts it."""

    class Kind(models.TextChoices):
        ALERT = "alert", _("Alert before it")
        CHANGE = "change", _("Change before it")
        SIMILAR = "similar", _("Similar incident")
        ACTION = "action", _("Open action item")

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="suggestions")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    ref = models.PositiveBigIntegerField(_("number"))  # of the row it comes from
    said_ko = models.CharField(max_length=500)
    said_en = models.CharField(max_length=500)
    url = models.CharField(max_length=300)
    accepted = models.BooleanField(_("accepted"), null=True)  # blank until a person decides
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["kind", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["postmortem", "kind", "ref"], name="suggested_once"
            ),
            models.CheckConstraint(
                condition=Q(accepted=None) | Q(decided_at__isnull=False),
                name="decided_has_a_time",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.said

    @property
    def said(self) -> str:
        return in_language(self.said_ko, self.said_en)
