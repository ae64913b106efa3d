"""Sites, and what runs and is kept at each: what people record of them, and what was promised."""

from datetime import timedelta
from typing import Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.bilingual import Named
from maintenance.domain.continuity.readiness import Targets
from maintenance.models.backups import BackupPlan
from monitoring.models import Metric
from runbooks.models import Database, Host, Pool
from teams.models import Service

USUAL: Final = Targets()
MOST: Final = 200  # per cent of the usual site: more is a slip of the hand
SOME_TIME: Final = MinValueValidator(
    timedelta(seconds=1), message=_("Give a length of time, such as 04:00:00 for four hours.")
)
NOT_BEFORE: Final = MinValueValidator(
    timedelta(0), message=_("It cannot take over before it is needed: give 0 or more.")
)
CARRIES: Final = [
    MinValueValidator(1, message=_("A site that carries nothing cannot take over: give 1 or more, or delete it.")),
    MaxValueValidator(MOST, message=_("100 is what the usual site carries: give at most 200.")),
]  # fmt: skip


class ContinuityTargets(models.Model):
    """One row: what was promised, and for how long each kind of evidence counts."""

    rto = models.DurationField(
        _("RTO"), default=USUAL.rto, validators=[SOME_TIME],
        help_text=_("From the loss of a site until everything works again.")
    )  # fmt: skip
    rpo = models.DurationField(
        _("RPO"),
        default=USUAL.rpo,
        validators=[SOME_TIME],
        help_text=_("At most so much of what was written may be lost."),
    )
    look = models.DurationField(
        _("a measurement counts for"), default=USUAL.look, validators=[SOME_TIME]
    )
    backup = models.DurationField(
        _("a backup may be this old"), default=USUAL.backup, validators=[SOME_TIME]
    )
    restore = models.DurationField(
        _("a restore test counts for"), default=USUAL.restore, validators=[SOME_TIME]
    )
    trial = models.DurationField(
        _("a failover counts for"), default=USUAL.trial, validators=[SOME_TIME]
    )

    class Meta:
        verbose_name = _("targets of recovery")
        verbose_name_plural = _("targets of recovery")
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1), name="one_row_of_targets",
                violation_error_message=_("There is one row of targets: change that one."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"RTO {self.rto}, RPO {self.rpo}"

    @classmethod
    def now(cls) -> Targets:
        row = cls.objects.filter(pk=1).first()
        names = ("rto", "rpo", "look", "backup", "restore", "trial")
        return Targets(**{name: getattr(row, name) for name in names}) if row else USUAL


class SiteQuerySet(models.QuerySet["Site"]):
    def whole(self) -> "SiteQuerySet":
        """With all that is drawn of each."""
        return self.select_related("pool").prefetch_related(
            "hosts", "services__depends_on", "copies__data", "copies__database"
        )


class Site(Named):
    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    place = models.PositiveSmallIntegerField(
        _("place"), default=0, help_text=_("In which order sites take over; 0 is the usual one.")
    )
    capacity_percent = models.PositiveSmallIntegerField(
        _("capacity (%)"), default=100, validators=CARRIES,
        help_text=_("Of the load that the usual site can carry."),
    )  # fmt: skip
    ready_within = models.DurationField(
        _("takes over within"),
        default=timedelta(0),
        validators=[NOT_BEFORE],
        help_text=_("00:30:00 is half an hour."),
    )
    serves = models.BooleanField(
        _("serves now"), default=False, help_text=_("Changed by a failover; at most one site does.")
    )
    hosts = models.ManyToManyField(Host, related_name="+", verbose_name=_("hosts"), blank=True)
    pool = models.ForeignKey(
        Pool, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("pool"),
        help_text=_("Of the load balancer, in which its hosts stand."),
    )  # fmt: skip
    services = models.ManyToManyField(
        Service, related_name="+", verbose_name=_("services"), blank=True,
        help_text=_("Which can run there."),
    )  # fmt: skip

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["place", "id"]
        constraints = [
            # Two that serve would be two truths about every balance.
            models.UniqueConstraint(
                fields=["serves"], name="one_site_serves", condition=Q(serves=True),
                violation_error_message=_("Another site serves already: fail over to this one instead."),
            ),
        ]  # fmt: skip

    def get_absolute_url(self) -> str:
        return f"{reverse('maintenance:recovery')}#{self.slug}"


class ServiceLoad(models.Model):
    """How important a service is when there is not room for all, and how much it takes."""

    service = models.OneToOneField(
        Service, models.CASCADE, related_name="+", verbose_name=_("service")
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=5, validators=[MinValueValidator(1), MaxValueValidator(9)],
        help_text=_("1 is shed last, 9 first."),
    )  # fmt: skip
    essential = models.BooleanField(_("never shed"), default=False)
    percent = models.DecimalField(
        _("share of the load (%)"), max_digits=6, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Of what the usual site can carry; where a metric shows it, that counts."),
    )  # fmt: skip
    metric = models.ForeignKey(
        Metric, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("metric"),
        help_text=_("Its highest of the last hour is the present load."),
    )  # fmt: skip
    full_at = models.FloatField(
        _("full at"), null=True, blank=True,
        help_text=_("The value of the metric at which this service alone would fill the usual site."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("load of a service")
        verbose_name_plural = _("loads of services")
        ordering = ["priority", "service__slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(metric=None) | Q(full_at__gt=0), name="a_metric_of_load_has_a_full",
                violation_error_message=_("Say at which value of the metric the site would be full."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.service)


class KeptData(Named):
    """What must survive, whichever databases hold it."""

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    plan = models.ForeignKey(
        BackupPlan, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("backup plan"), help_text=_("Of its backups; empty: none are made."),
    )  # fmt: skip
    backups_away = models.BooleanField(
        _("backups lie elsewhere"), default=False,
        help_text=_("They would survive the loss of the site that serves."),
    )  # fmt: skip

    # Of a game day: nobody's readiness stands or falls with it, and no site serves by it.
    exercise = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("data that must survive")
        verbose_name_plural = _("data that must survive")
        ordering = ["slug"]


class DataCopy(models.Model):
    """A database at a site. Which copy is the primary is never written down: it is asked."""

    data = models.ForeignKey(
        KeptData, models.CASCADE, related_name="copies", verbose_name=_("data")
    )
    site = models.ForeignKey(Site, models.CASCADE, related_name="copies", verbose_name=_("site"))
    database = models.OneToOneField(
        Database, models.CASCADE, related_name="+", verbose_name=_("database")
    )

    class Meta:
        verbose_name = _("copy of data")
        verbose_name_plural = _("copies of data")
        ordering = ["data__slug", "site__place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["data", "site"], name="one_copy_a_site"),
        ]

    def __str__(self) -> str:
        return f"{self.data} · {self.site}"
