from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import tokens
from core.bilingual import Named
from core.fields import WebAddress
from core.zones import validate_time_zone
from teams.answers import KeptAnswer  # noqa: F401 - where Django looks for models
from teams.contacts import ContactCode  # noqa: F401 - where Django looks for models
from teams.domain.quiet import quiet_until
from teams.domain.roles import Action, Role, may
from teams.rotations import Rotation  # noqa: F401 - where Django looks for models
from teams.rules import NotificationRule  # noqa: F401 - where Django looks for models
from teams.signing_in import AccessEvent  # noqa: F401 - where Django looks for models
from teams.stakeholders import StakeholderGroup  # noqa: F401 - where Django looks for models


class RoleName(models.TextChoices):
    VIEWER = Role.VIEWER, _("Viewer")
    RESPONDER = Role.RESPONDER, _("Responder")
    COMMANDER = Role.COMMANDER, _("Incident commander")
    MANAGER = Role.MANAGER, _("Manager")
    ADMINISTRATOR = Role.ADMINISTRATOR, _("Administrator")


class People(UserManager["User"]):
    def reachable(self) -> models.QuerySet["User"]:
        return self.filter(is_active=True).prefetch_related("contacts")

    def responders(self) -> models.QuerySet["User"]:
        """Whoever may respond, by name: whom work can be given to."""
        able = [role for role in Role if may(role, Action.RESPOND)]
        return self.filter(is_active=True, role__in=able).order_by("display_name", "username")


class User(AbstractUser):
    display_name = models.CharField(_("name"), max_length=120, blank=True)
    title = models.CharField(_("position"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=RoleName, default=RoleName.VIEWER)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="ko"
    )
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="Asia/Seoul", validators=[validate_time_zone]
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet until"), null=True, blank=True)
    # Part of the address of one's calendars: a new number makes the old addresses dead.
    calendar_generation = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[People] = People()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False)
                & ~Q(quiet_from=models.F("quiet_to")),
                name="quiet_hours_begin_and_end",
                violation_error_message=_("Quiet hours need a beginning and a later end."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        # The role decides; Django's two flags only repeat it for the console.
        self.is_staff = self.is_superuser = self.role == Role.ADMINISTRATOR
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def name(self) -> str:
        return self.display_name or self.username

    def quiet_until(self, at: datetime) -> datetime | None:
        """When the quiet time that is now ends."""
        if self.quiet_from is None or self.quiet_to is None:
            return None
        zone = ZoneInfo(self.time_zone)
        return quiet_until(at, begins=self.quiet_from, ends=self.quiet_to, zone=zone)

    def may(self, action: Action) -> bool:
        return self.is_active and may(self.role, action)


class ContactMethod(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="contacts")
    channel = models.CharField(_("channel"), max_length=20)
    address = models.CharField(_("address"), max_length=300)
    enabled = models.BooleanField(_("enabled"), default=True)
    # Never proved: it is paged all the same, for silence would be worse.
    verified_at = models.DateTimeField(_("verified at"), null=True, editable=False)

    class Meta:
        verbose_name = _("contact method")
        verbose_name_plural = _("contact methods")
        constraints = [
            # A page goes to one address per channel, so that nobody wonders which one rang.
            models.UniqueConstraint(
                fields=["user", "channel"], condition=Q(enabled=True), name="one_address_a_channel"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.address}"


class Team(Named):
    slug = models.SlugField(_("slug"), unique=True)
    lead = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="leads", verbose_name=_("lead")
    )
    members = models.ManyToManyField(
        User, blank=True, related_name="teams", verbose_name=_("members")
    )
    escalation = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="escalated_teams",
        verbose_name=_("escalation contact"),
    )
    webhook_url = WebAddress(
        _("webhook"),
        blank=True,
        help_text=_(
            "A machine that is told of every page of this team, signed (Standard Webhooks)."
        ),
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["slug"]


class Service(Named):
    slug = models.SlugField(_("slug"), unique=True, max_length=80, allow_unicode=True)
    owner = models.ForeignKey(
        Team,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="services",
        verbose_name=_("owner"),
    )
    discovered = models.BooleanField(
        _("discovered"),
        default=False,
        help_text=_("Named by an alert, not yet described by a person."),
    )
    customer_facing = models.BooleanField(
        _("customers use it"),
        default=False,
        help_text=_("An incident of this service counts as felt by customers."),
    )
    availability_target = models.DecimalField(
        _("availability promised (%)"),
        max_digits=6,
        decimal_places=3,
        default=Decimal("99.9"),
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(100))],
        help_text=_("99.9 leaves 43 minutes of a month to be down."),
    )

    depends_on = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="carries",
        verbose_name=_("depends on"),
        help_text=_(
            "While one of these is down, alerts of this service call nobody a second time."
        ),
    )

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["slug"]


class Scope(models.TextChoices):
    READ = "read", _("read")
    WRITE = "write", _("write")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, token: str, *, at: datetime) -> "ApiToken | None":
        return (
            self.select_related("user")
            .filter(token_hash=tokens.hashed(token), user__is_active=True)
            .filter(Q(expires_at=None) | Q(expires_at__gt=at))
            .first()
        )


class ApiToken(models.Model):
    """A key to the API: it may do what its owner may, within its scope."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="api_tokens", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    prefix = models.CharField(_("begins with"), max_length=8, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope, default=Scope.WRITE)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.prefix}…"
