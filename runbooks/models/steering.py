"""What people did with runs: kept beside them, since a run without an incident has no timeline."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from runbooks.models.runs import Run, RunStep


class Steer(models.TextChoices):
    PAUSED = "paused", _("paused")
    WENT_ON = "running", _("goes on")
    ABORTED = "aborted", _("aborted")
    TAKEN_OVER = "taken_over", _("taken over")
    RETRY = "retry", _("tried again")
    SKIP = "skip", _("skipped")
    DONE = "done", _("a person says it was done")
    ANSWER = "answer", _("answered")


class Steering(models.Model):
    """One press of a person, as it was; rows are only added."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="steered", verbose_name=_("run"))
    step = models.ForeignKey(
        RunStep, models.CASCADE, null=True, related_name="+", verbose_name=_("step")
    )
    what = models.CharField(_("what"), max_length=10, choices=Steer)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    at = models.DateTimeField(_("at"))
    reason = models.TextField(_("reason"), blank=True, default="")

    class Meta:
        verbose_name = _("steering of a run")
        verbose_name_plural = _("steerings of runs")
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(condition=Q(what__in=sorted(Steer.values)), name="steering_what")
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.what}"
