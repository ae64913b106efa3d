from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


def five_empty() -> list[str]:
    return [""] * 5


class Postmortem(models.Model):
    """What happened and what we change. Facts are filled in; what is blank is asked for (M5.1)."""

    incident = models.OneToOneField(
        Incident, models.PROTECT, related_name="postmortem", verbose_name=_("incident")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    summary = models.TextField(_("summary"), blank=True, default="")
    users_affected = models.PositiveIntegerField(_("users affected"), null=True, blank=True)
    withdrawals_delayed = models.PositiveIntegerField(
        _("withdrawals delayed"), null=True, blank=True
    )
    revenue_impact = models.CharField(_("revenue impact"), max_length=200, blank=True, default="")
    whys = models.JSONField(_("five whys"), default=five_empty)
    contributing_factors = models.TextField(_("contributing factors"), blank=True, default="")
    lessons = models.TextField(_("lessons learned"), blank=True, default="")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("author"),
    )  # fmt: skip
    version = models.PositiveIntegerField(_("version"), default=1)
    created_at = models.DateTimeField(_("created at"))
    updated_at = models.DateTimeField(_("updated at"))

    class Meta:
        verbose_name = _("postmortem")
        verbose_name_plural = _("postmortems")
        ordering = ["-incident_id"]

    def __str__(self) -> str:
        return str(self.incident)

    def get_absolute_url(self) -> str:
        return reverse("postmortems:edit", args=[self.incident_id])


class ActionItem(models.Model):
    class Kind(models.TextChoices):
        IMMEDIATE = "IMMEDIATE", _("Immediate")
        SHORT_TERM = "SHORT_TERM", _("Short term")
        LONG_TERM = "LONG_TERM", _("Long term")

    class Priority(models.TextChoices):
        HIGH = "HIGH", _("High")
        MEDIUM = "MEDIUM", _("Medium")
        LOW = "LOW", _("Low")

    class Progress(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="actions")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    description = models.CharField(_("description"), max_length=300)
    owner = models.CharField(_("owner"), max_length=120)
    due_date = models.DateField(_("due"))
    priority = models.CharField(_("priority"), max_length=6, choices=Priority)
    status = models.CharField(_("status"), max_length=4, choices=Progress, default=Progress.OPEN)

    class Meta:
        verbose_name = _("action item")
        verbose_name_plural = _("action items")
        ordering = ["due_date", "id"]

    def __str__(self) -> str:
        return self.description


class Rendering(models.Model):
    """A PDF asked for: made by the worker, kept until the text behind it changes."""

    postmortem = models.OneToOneField(Postmortem, models.CASCADE, related_name="rendering")
    digest = models.CharField(max_length=64)  # of the facts and texts it shows
    pdf = models.BinaryField(null=True)
    requested_at = models.DateTimeField()
    error = models.TextField(blank=True, default="")

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["requested_at"], condition=Q(pdf=None, error=""), name="rendering_due"
            )
        ]

    def __str__(self) -> str:
        return f"PDF {self.postmortem_id}"
