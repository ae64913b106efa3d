from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.bilingual import Named, in_language
from core.fields import WebAddress
from core.zones import validate_time_zone
from statuspage.domain.states import State
from statuspage.models.public import Public
from teams.models import Service


class StateName(models.TextChoices):
    OPERATIONAL = State.OPERATIONAL, _("Operational")
    UNKNOWN = State.UNKNOWN, _("No record")
    MAINTENANCE = State.MAINTENANCE, _("Under maintenance")
    DEGRADED = State.DEGRADED, _("Degraded performance")
    PARTIAL = State.PARTIAL, _("Partial outage")
    MAJOR = State.MAJOR, _("Major outage")


class Page(Named, Public):
    """The one page there is; what is said of all of it."""

    url = WebAddress(
        _("address"),
        blank=True,
        help_text=_("Where customers read it, if not at this portal: https://status.example.com"),
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Seoul", validators=[validate_time_zone],
        help_text=_("A day begins at its midnight, in the bars and in the figures."),
    )  # fmt: skip
    partial_weight = models.PositiveSmallIntegerField(
        _("a partial outage counts (%)"),
        default=30,
        validators=[MaxValueValidator(100)],
        help_text=_("Of a major one, in the availability. It is printed under the bars."),
    )
    follows_at_once = models.BooleanField(
        _("components follow incidents at once"),
        default=True,
        help_text=_("Off: only when a person publishes the incident."),
    )
    closes_after = models.DurationField(
        _("says by itself that it is over, after"),
        null=True,
        blank=True,
        default=timedelta(minutes=15),
        help_text=_("Of the incident's resolution, if nobody says so. Empty: it only asks."),
    )

    watched_at = models.DateTimeField(null=True, editable=False)  # when somebody last looked

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("page")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_page")]

    @property
    def public_url(self) -> str:
        """Where customers read it, without a slash at the end."""
        return (self.url or f"{settings.BASE_URL}/status").rstrip("/")

    @property
    def weights(self) -> dict[State, int]:
        return {State.MAJOR: 100, State.PARTIAL: self.partial_weight}


class Group(Named, Public):
    position = models.PositiveSmallIntegerField(pgettext_lazy("in a list", "position"), default=0)

    class Meta:
        verbose_name = _("group of components")
        verbose_name_plural = _("groups of components")
        ordering = ["position", "pk"]


class Component(Named, Public):
    """Something that customers know by name; what it stands on is a service of the catalogue."""

    description_ko = models.TextField(_("description (Korean)"), blank=True)
    description_en = models.TextField(_("description (English)"), blank=True)
    group = models.ForeignKey(
        Group, models.SET_NULL, null=True, blank=True, related_name="components",
        verbose_name=_("group"),
    )  # fmt: skip
    services = models.ManyToManyField(
        Service, blank=True, related_name="components", verbose_name=_("services"),
        help_text=_("An incident of one of these moves it."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(pgettext_lazy("in a list", "position"), default=0)
    showcase = models.BooleanField(_("shows its 90 days"), default=True)
    since = models.DateField(
        _("known since"), help_text=_("Before this day nothing is said of it, neither up nor down.")
    )
    only_if_degraded = models.BooleanField(_("only shown while not operational"), default=False)

    class Meta:
        verbose_name = _("component")
        verbose_name_plural = _("components")
        ordering = ["position", "pk"]

    @property
    def description(self) -> str:
        return in_language(self.description_ko, self.description_en)
