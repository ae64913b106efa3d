from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from postmortems.models.postmortem import Postmortem, State


class Version(models.Model):
    """All that a postmortem said at one time. Append-only: a trigger in the database sees to it."""

    postmortem = models.ForeignKey(
        Postmortem, models.CASCADE, related_name="versions", verbose_name=_("postmortem")
    )
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=State)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_constraint=False,
        verbose_name=_("by"),
    )  # fmt: skip
    by_name = models.CharField(_("name"), max_length=150, blank=True)
    content = models.JSONField(_("content"), default=dict)
    hash = models.CharField(
        _("hash"), max_length=64
    )  # of the content: postmortems.domain.content.digest

    class Meta:
        verbose_name = _("version of a postmortem")
        verbose_name_plural = _("versions of postmortems")
        ordering = ["-number"]
        default_permissions = ("view",)
        constraints = [
            # Of two who save the same version, the slower finds that it is taken.
            models.UniqueConstraint(
                fields=["postmortem", "number"], name="one_postmortem_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.postmortem} · {self.number}"
