from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import clock
from maintenance.domain.flaws import AHEAD, Flaw
from runbooks.domain.recovery import least_rows
from runbooks.domain.writing import Wrong
from runbooks.models import Database
from runbooks.models.hosts import NAME

PORTAL: Final = "portal"
EVERY: Final = [(hours, str(hours)) for hours in (1, 2, 3, 4, 6, 8, 12, 24)]


class BackupPlan(models.Model):
    """Of which database backups are made, when, where to, and what a restore of them has to show."""

    name = models.CharField(_("name"), max_length=80, unique=True, validators=[NAME])
    enabled = models.BooleanField(_("enabled"), default=True)
    database = models.ForeignKey(
        Database, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("database"), help_text=_("Empty: Bongsu's own."),
    )  # fmt: skip
    place = models.CharField(
        pgettext_lazy("of backups", "place"), max_length=300, blank=True, default="",
        help_text=_("A folder, or env:NAME where the variable says https://KEY:SECRET@host/bucket?region=… of an S3-compatible store. Empty: backups in BONGSU_HOME."),
    )  # fmt: skip
    sealed = models.BooleanField(
        _("encrypted"), default=False, help_text=_("With the key in BONGSU_BACKUP_KEY; without it nobody restores them.")
    )  # fmt: skip
    every_hours = models.PositiveSmallIntegerField(
        _("every so many hours"), choices=EVERY, default=24
    )
    hour = models.PositiveSmallIntegerField(
        _("from hour"), default=3, validators=[MaxValueValidator(23)],
        help_text=_("Of the day in the portal's time zone."),
    )  # fmt: skip
    keep_days = models.PositiveSmallIntegerField(
        _("kept for days"), default=14, validators=[MinValueValidator(1)],
        help_text=_("The last one of each day; all of the last 24 hours besides."),
    )  # fmt: skip
    rpo_minutes = models.PositiveIntegerField(
        _("RPO in minutes"), default=26 * 60, help_text=_("Older than this the newest backup is an alert.")
    )  # fmt: skip
    rto_minutes = models.PositiveIntegerField(
        _("RTO in minutes"), default=4 * 60, help_text=_("A restore that takes longer fails its test.")
    )  # fmt: skip
    tables = models.TextField(
        _("tables counted"), blank=True, default="",
        help_text=_("One a line, as schema.table; empty: all. Their rows are recorded, and counted again after a restore."),
    )  # fmt: skip
    least = models.CharField(
        _("fewest rows"), max_length=500, blank=True, default="",
        help_text=_("Such as users=1000,ledger.entries=1: fewer fail the restore test."),
    )  # fmt: skip
    check_sql = models.TextField(
        pgettext_lazy("of a restored database", "check"), blank=True, default="",
        help_text=_("A statement that returns true in a restored database that is right."),
    )  # fmt: skip
    created_at = models.DateTimeField(auto_now_add=True)
    # When somebody last asked for one at once: a period of its own, which the worker makes once.
    asked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("backup plan")
        verbose_name_plural = _("backup plans")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Each mistake beside its field."""
        wrong: dict[str, Any] = {}
        if self.place and not self.place.startswith(("/", "env:")):
            wrong["place"] = _(
                "A folder begins with /, and a store stands in a variable: env:NAME."
            )
        if odd := [one for one in self.tables.split() if not all(one.partition("."))]:
            wrong["tables"] = _("It has to be schema.table: %(name)s.") % {"name": odd[0]}
        if self.rpo_minutes <= self.every_hours * 60:
            wrong["rpo_minutes"] = _(
                "The newest is %(hours)d h old before the next one is there: the RPO has to be longer, or backups more often."
            ) % {"hours": self.every_hours}
        if not self.rto_minutes:
            wrong["rto_minutes"] = _("No restore takes less than a minute: at least 1.")
        try:
            least_rows(self.least or "none")
        except Wrong as error:
            wrong["least"] = str(error)
        if wrong:
            raise ValidationError(wrong)

    @property
    def is_ours(self) -> bool:
        return self.database is None or not self.database.address

    @property
    def rpo(self) -> timedelta:
        return timedelta(minutes=self.rpo_minutes)

    @property
    def rto(self) -> timedelta:
        return timedelta(minutes=self.rto_minutes)


class BackupState(models.TextChoices):
    RUNNING = "running", _("under way")
    MADE = "made", _("made")
    FAILED = "failed", _("failed")
    GONE = "gone", _("deleted by age")


class BackupQuerySet(models.QuerySet["Backup"]):
    def made(self) -> Self:
        return self.filter(state=BackupState.MADE)

    def newest(self, at: datetime) -> "Backup | None":
        """One that a wrong clock dated ahead would be the newest for as long as it is ahead."""
        return self.made().filter(made_at__lte=at + AHEAD).order_by("-made_at", "-pk").first()

    def ahead(self, at: datetime) -> Self:
        return self.made().filter(made_at__gt=at + AHEAD)


class Backup(models.Model):
    plan = models.ForeignKey(
        BackupPlan, models.CASCADE, related_name="backups", verbose_name=_("plan")
    )
    period = models.DateTimeField(_("due at"), null=True, blank=True)  # none: by the command
    state = models.CharField(
        _("state"), max_length=8, choices=BackupState, default=BackupState.RUNNING
    )
    tries = models.PositiveSmallIntegerField(_("attempts"), default=1)
    begun_at = models.DateTimeField(_("begun at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    made_at = models.DateTimeField(_("shows the moment"), null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)  # read again from end to end
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    stem = models.CharField(_("file"), max_length=120, blank=True, default="")
    place = models.CharField(
        pgettext_lazy("of backups", "place"), max_length=300, blank=True, default=""
    )
    host = models.CharField(_("host"), max_length=255, blank=True, default="")  # that made it
    size = models.BigIntegerField(_("size"), default=0)  # of the dump
    bytes = models.BigIntegerField(default=0)  # of the database
    tables = models.PositiveIntegerField(_("tables"), default=0)
    rows = models.BigIntegerField(_("rows"), default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    sealed = models.BooleanField(_("encrypted"), default=False)
    flaws = models.JSONField(default=list)

    objects = BackupQuerySet.as_manager()

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-begun_at", "-pk"]
        constraints = [
            # Two that look at the clock at once make one.
            models.UniqueConstraint(fields=["plan", "period"], name="one_backup_a_period"),
            models.CheckConstraint(
                condition=Q(state="running") | Q(ended_at__isnull=False), name="ended_backup_has_end"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.stem or f"{self.plan} {self.begun_at:%Y-%m-%d %H:%M}"

    @property
    def told(self) -> list[Flaw]:
        return [Flaw.of(one) for one in self.flaws]

    def end(self, flaws: Iterable[Flaw], **facts: Any) -> None:
        """It was made, as these facts say, unless there is something wrong with it."""
        self.flaws = [one.kept() for one in flaws]
        self.state = BackupState.FAILED if self.flaws else BackupState.MADE
        self.ended_at = clock.database_now()
        for name, value in facts.items():
            setattr(self, name, value)
        self.save()


class RestoreTestState(models.TextChoices):
    RUNNING = "running", _("under way")
    PASSED = "passed", _("passed")
    FAILED = "failed", _("failed")


class RestoreTest(models.Model):
    """The newest backup restored into a PostgreSQL that is thrown away, and what was found there."""

    plan = models.ForeignKey(
        BackupPlan, models.CASCADE, related_name="tests", verbose_name=_("plan")
    )
    backup = models.ForeignKey(
        Backup, models.SET_NULL, null=True, blank=True, related_name="tests", verbose_name=_("backup")
    )  # fmt: skip
    stem = models.CharField(_("file"), max_length=120, blank=True, default="")
    state = models.CharField(
        _("state"), max_length=8, choices=RestoreTestState, default=RestoreTestState.RUNNING
    )
    begun_at = models.DateTimeField(_("begun at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    age_seconds = models.FloatField(_("age of the backup in seconds"), null=True, blank=True)
    took_seconds = models.FloatField(_("took in seconds"), null=True, blank=True)
    stages = models.JSONField(default=dict)  # seconds of each
    tables = models.PositiveIntegerField(_("tables"), default=0)
    rows = models.BigIntegerField(_("rows"), default=0)
    rpo_seconds = models.FloatField()
    rto_seconds = models.FloatField()
    flaws = models.JSONField(default=list)

    class Meta:
        verbose_name = _("restore test")
        verbose_name_plural = _("restore tests")
        ordering = ["-begun_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.plan} {self.begun_at:%Y-%m-%d %H:%M}"

    @property
    def told(self) -> list[Flaw]:
        return [Flaw.of(one) for one in self.flaws]

    @property
    def age(self) -> timedelta | None:
        return None if self.age_seconds is None else timedelta(seconds=self.age_seconds)


def plan_called(name: str = "") -> BackupPlan:
    """Raises BackupPlan.DoesNotExist."""
    return BackupPlan.objects.select_related("database").get(name=name or PORTAL)


def age_of(backup: Backup | None, at: datetime) -> timedelta | None:
    return at - backup.made_at if backup and backup.made_at else None
