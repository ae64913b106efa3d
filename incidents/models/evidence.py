from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident


class Evidence(models.Model):
    """A file that belongs to an incident. What it is and its hash stay, even when its content is removed."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="evidence")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=40)  # by its content
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    removed_at = models.DateTimeField(_("removed at"), null=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            # The same file twice is a second click, not a second piece of evidence.
            models.UniqueConstraint(
                fields=["incident", "sha256"],
                condition=models.Q(removed_at=None),
                name="one_evidence_a_content",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("incidents:evidence", args=[self.incident_id, self.pk])


class EvidenceContent(models.Model):
    """The bytes, apart: whoever lists evidence does not read them. In the database, for every web host has it."""

    evidence = models.OneToOneField(
        Evidence, models.CASCADE, primary_key=True, related_name="content"
    )
    body = models.BinaryField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.evidence_id)
