"""Who is told of an incident without working on it: groups of people, inside and outside."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.bilingual import Named
from teams.domain.addresses import fits


class Kind(models.TextChoices):
    INTERNAL = "internal", _("Internal")
    EXTERNAL = "external", _("External")


class StakeholderGroup(Named):
    slug = models.SlugField(_("slug"), unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="stakeholder_groups",
        verbose_name=_("people"),
        help_text=_("Told by the contact methods each of them has."),
    )

    class Meta:
        verbose_name = _("stakeholder group")
        verbose_name_plural = _("stakeholder groups")
        ordering = ["-kind", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="inside_or_outside"
            )
        ]

    @property
    def is_external(self) -> bool:
        return self.kind == Kind.EXTERNAL


class Way(models.TextChoices):
    EMAIL = "email", _("email")
    SMS = "sms", _("SMS")
    SLACK = "slack", _("Slack")
    WEBHOOK = "webhook", _("webhook")
    VOICE = "voice", _("voice")


class StakeholderContact(models.Model):
    """Somebody, or a shared mailbox, who has no account here."""

    group = models.ForeignKey(
        StakeholderGroup,
        models.CASCADE,
        related_name="contacts",
        verbose_name=_("stakeholder group"),
    )
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="ko"
    )
    channel = models.CharField(_("channel"), max_length=20, choices=Way, default=Way.EMAIL)
    address = models.CharField(_("address"), max_length=300)
    enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        verbose_name = _("stakeholder contact")
        verbose_name_plural = _("stakeholder contacts")
        ordering = ["name"]
        constraints = [
            # Listed twice would be told twice.
            models.UniqueConstraint(
                fields=["group", "channel", "address"], name="one_address_a_group"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not fits(self.channel, self.address):
            said = _(
                "This is no address for %(channel)s. A telephone number begins with + and the"
                " country, as in +821012345678."
            )
            params = {"channel": self.get_channel_display()}
            raise ValidationError({"address": ValidationError(said, params=params)})
