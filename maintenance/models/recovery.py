"""What was measured of sites and of the copies of data: the evidence that a disaster recovery stands on."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from maintenance.domain.continuity import times
from maintenance.models.sites import DataCopy, KeptData, Site
from runbooks.models import Run


class CopyRole(models.TextChoices):
    LEADS = "leads", _("takes writes")
    FOLLOWS = "follows", _("replica")
    FENCED = "fenced", _("takes no writes")
    SILENT = "silent", _("does not answer")


class CopySample(models.Model):
    """What one look at a copy found."""

    copy = models.ForeignKey(
        DataCopy, models.CASCADE, related_name="samples", verbose_name=_("copy of data")
    )
    at = models.DateTimeField(_("at"))  # just before it was asked
    role = models.CharField(_("role"), max_length=8, choices=CopyRole)
    place = models.BigIntegerField(_("place in the log"), null=True)
    replayed_at = models.DateTimeField(_("last commit replayed"), null=True)  # by our clock
    ahead = models.DurationField(_("its clock is ahead by"), default=timedelta(0))
    safe_until = models.DateTimeField(_("has all until"), null=True)
    detail = models.CharField(_("detail"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("look at a copy")
        verbose_name_plural = _("looks at copies")
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["copy", "-at"], name="copy_sampled")]

    def __str__(self) -> str:
        return f"{self.copy_id} {self.role} {self.at:%H:%M:%S}"


class SiteSample(models.Model):
    """How many of a site's servers answered at the last look."""

    site = models.OneToOneField(Site, models.CASCADE, primary_key=True, related_name="seen")
    at = models.DateTimeField(_("at"))
    hosts = models.PositiveIntegerField(default=0)
    answering = models.PositiveIntegerField(default=0)
    silent: "models.JSONField[Any, Any]" = models.JSONField(default=list)  # names

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.site_id}: {self.answering} / {self.hosts}"


class Failover(models.Model):
    """One that happened, in earnest or as a drill: what recovery times are known from."""

    data = models.ForeignKey(
        KeptData, models.SET_NULL, null=True, related_name="+", verbose_name=_("data")
    )
    left = models.ForeignKey(
        Site, models.CASCADE, null=True, related_name="+", verbose_name=_("site that was left")
    )
    to = models.ForeignKey(
        Site, models.CASCADE, related_name="failovers", verbose_name=_("site that took over")
    )
    run = models.OneToOneField(
        Run, models.PROTECT, null=True, related_name="+", verbose_name=_("run")
    )
    drill = models.BooleanField(_("drill"), default=False)
    planned = models.BooleanField(_("planned"), default=False)
    well_at = models.DateTimeField(_("last seen taking writes"))
    ill_at = models.DateTimeField(_("first seen not to"))
    writes_at = models.DateTimeField(_("writes again"))
    kept_until = models.DateTimeField(_("has all until"), null=True)
    at = models.DateTimeField(_("verified at"))

    class Meta:
        verbose_name = _("failover")
        verbose_name_plural = _("failovers")
        ordering = ["-at"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.to} {self.at:%Y-%m-%d %H:%M}"

    @property
    def known(self) -> times.Failover:
        """What it says about times."""
        return times.Failover(
            self.to.slug, self.at, self.well_at, self.ill_at, self.writes_at, self.kept_until,
            self.drill, self.planned,
        )  # fmt: skip
