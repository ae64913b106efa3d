"""On-call rotations as an administrator writes them; `teams.domain.rota` computes who is on call."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.bilingual import Named
from core.zones import validate_time_zone
from teams.domain.rota import Unit


class UnitName(models.TextChoices):
    HOURS = Unit.HOURS, _("hours")
    DAYS = Unit.DAYS, _("days")
    WEEKS = Unit.WEEKS, _("weeks")


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Rotation(Named):
    slug = models.SlugField(_("slug"), unique=True)
    team = models.ForeignKey(
        "teams.Team", models.CASCADE, related_name="rotations", verbose_name=_("team")
    )
    place = models.PositiveSmallIntegerField(
        _("place"),
        default=0,
        help_text=_("Lowest first. The first one is named at the top of every page."),
    )
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="Asia/Seoul", validators=[validate_time_zone]
    )

    class Meta:
        verbose_name = _("on-call rotation")
        verbose_name_plural = _("on-call rotations")
        ordering = ["place", "slug"]


class LayerQuerySet(models.QuerySet["Layer"]):
    def current(self) -> "LayerQuerySet":
        return self.filter(until=None)

    def holding(self, start: datetime, end: datetime) -> "LayerQuerySet":
        """Those that say who was, is or will be on call at some time of these."""
        begun = Q(since=None) | Q(since__lt=end)
        return self.filter(begun, Q(until=None) | Q(until__gt=start))


class Layer(models.Model):
    """What is changed holds from then on: the past keeps a copy of its own (`teams.history`)."""

    rotation = models.ForeignKey(
        Rotation, models.CASCADE, related_name="layers", verbose_name=_("rotation")
    )
    place = models.PositiveSmallIntegerField(
        _("place"), default=0, help_text=_("A higher layer covers those below.")
    )
    first_day = models.DateField(_("first handover"))
    handover = models.TimeField(_("handover at"), help_text=_("In the rotation's time zone."))
    every = models.PositiveSmallIntegerField(_("a turn lasts"), default=1)
    unit = models.CharField(_("unit"), max_length=5, choices=UnitName, default=UnitName.WEEKS)
    since = models.DateTimeField(null=True, editable=False)
    until = models.DateTimeField(null=True, editable=False)  # None: it holds now
    # Of the past, where the rotation had another one then.
    time_zone = models.CharField(max_length=60, blank=True, default="", editable=False)

    objects = LayerQuerySet.as_manager()

    class Meta:
        verbose_name = _("layer")
        verbose_name_plural = _("layers")
        ordering = ["rotation_id", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["rotation", "place"],
                condition=Q(until=None),
                name="one_layer_a_place",
                violation_error_message=_("Another layer of this rotation has this place."),
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="a_layer_ends_later",
                violation_error_message=_("It has to end after it starts."),
            ),
            # A turn of no length would never end the search for the next one.
            models.CheckConstraint(
                condition=Q(every__gte=1),
                name="a_turn_lasts",
                violation_error_message=_("A turn lasts at least one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rotation} {self.place}"


class LayerMember(models.Model):
    layer = models.ForeignKey(Layer, models.CASCADE, related_name="members")
    place = models.PositiveSmallIntegerField(_("place"), default=0)
    left = models.BooleanField(default=False, editable=False)  # of the past: had left by then
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("person in turn")
        verbose_name_plural = _("people in turn")
        ordering = ["layer_id", "place"]
        constraints = [
            models.UniqueConstraint(fields=["layer", "place"], name="one_person_a_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.user}"


class LayerWindow(models.Model):
    """A layer with windows counts only within them."""

    layer = models.ForeignKey(Layer, models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    start = models.TimeField(_("from"))
    end = models.TimeField(_("until"), help_text=_("Not after the start: into the next day."))

    class Meta:
        verbose_name = _("window")
        verbose_name_plural = _("windows")
        ordering = ["layer_id", "weekday", "start"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="a_day_of_the_week"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.start:%H:%M}-{self.end:%H:%M}"


class OverrideQuerySet(models.QuerySet["Override"]):
    def to_come(self, at: datetime) -> "OverrideQuerySet":
        """Now and later, the next first."""
        return self.filter(ends_at__gt=at).order_by("starts_at", "pk")

    def covering(self, start: datetime, end: datetime) -> "OverrideQuerySet":
        """Those that say who is on call at some time of these, the one that counts first."""
        return self.filter(starts_at__lt=end, ends_at__gt=start).order_by("-pk")


class Override(models.Model):
    """Somebody stands in; the one made last covers those before."""

    rotation = models.ForeignKey(
        Rotation, models.CASCADE, related_name="overrides", verbose_name=_("rotation")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("made by"),
    )  # fmt: skip

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="an_override_ends_later",
                violation_error_message=_("It has to end after it starts."),
            ),
        ]
        indexes = [models.Index(fields=["rotation", "ends_at"], name="override_by_end")]

    def __str__(self) -> str:
        return f"{self.user} {self.starts_at:%Y-%m-%d %H:%M}"


class SwapQuerySet(models.QuerySet["Swap"]):
    def waiting(self, at: datetime) -> "SwapQuerySet":
        """Asked and neither taken nor withdrawn, the next first."""
        return self.filter(closed_at=None, ends_at__gt=at).order_by("starts_at", "pk")


class Swap(models.Model):
    """Somebody asks that their turn be taken over; who takes it gets an override."""

    rotation = models.ForeignKey(Rotation, models.CASCADE, related_name="swaps")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    told_at = models.DateTimeField(null=True, editable=False)  # the others know that it is asked
    # Withdrawn or taken, it is closed; taken, it has its override.
    closed_at = models.DateTimeField(_("closed at"), null=True)
    override = models.OneToOneField(Override, models.SET_NULL, null=True, related_name="swap")

    objects = SwapQuerySet.as_manager()

    class Meta:
        verbose_name = _("swap")
        verbose_name_plural = _("swaps")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_swap_ends_later"
            ),
            models.UniqueConstraint(
                fields=["rotation", "asked_by", "starts_at"],
                condition=Q(closed_at=None),
                name="one_open_swap_a_turn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_by} {self.starts_at:%Y-%m-%d %H:%M}"
