"""Who wants to be told of what the page says, and by which way."""

import uuid
from datetime import datetime, timedelta
from typing import Final, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from statuspage.domain.addresses import masked
from statuspage.domain.choosing import Choice, News
from statuspage.domain.phases import Kind
from statuspage.domain.states import Impact

UNCONFIRMED_DAYS: Final = timedelta(days=7)
GONE_DAYS: Final = timedelta(days=30)
QUARANTINE_DAYS: Final = timedelta(days=90)


class Standing(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("Not confirmed yet")
    ACTIVE = "active", _("Active")
    QUARANTINED = "quarantined", _("Cannot be reached")
    GONE = "gone", _("Unsubscribed")


class Way(models.TextChoices):
    EMAIL = "email", _("Email")
    WEBHOOK = "webhook", _("Webhook")
    SMS = "sms", _("Text message")
    SLACK = "slack", _("Slack")
    PUSH = "push", _("This browser")

    @property
    def has_mailbox(self) -> bool:
        """Letters go by mail; others get them where updates go."""
        return self in {Way.EMAIL, Way.WEBHOOK}


class Shape(models.TextChoices):
    """Of what a webhook is sent."""

    STANDARD = "standard", _("Standard Webhooks")
    STATUSPAGE = "statuspage", _("as Statuspage sends it")


class LetterName(models.TextChoices):
    CONFIRM = "confirm", _("to confirm")
    MANAGE = "manage", _("to manage")
    BROKEN = "broken", _("that nothing is sent any more")


class Least(models.TextChoices):
    NONE = Impact.NONE, _("Everything")
    MINOR = Impact.MINOR, _("Minor or graver")
    MAJOR = Impact.MAJOR, _("Major or graver")
    CRITICAL = Impact.CRITICAL, _("Critical only")


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def wanting(self, news: News, *, at: datetime) -> Self:
        """The rule of `choosing.wants`, of those who had confirmed when it was said; quiet ones too."""
        kind = "maintenance" if news.kind is Kind.MAINTENANCE else "incidents"
        about = (
            Q(components=[], groups=[])
            | Q(components__overlap=sorted(news.components))
            | Q(groups__overlap=sorted(news.groups))
        )
        return self.filter(
            about, Q(**{kind: True}), standing=Standing.ACTIVE, confirmed_at__lte=at,
            minimum__in=news.minimums,
        )  # fmt: skip

    def stale(self, *, at: datetime) -> Self:
        return self.filter(
            Q(standing=Standing.UNCONFIRMED, letter_at__lt=at - UNCONFIRMED_DAYS)
            | Q(standing=Standing.GONE, ended_at__lt=at - GONE_DAYS)
            | Q(standing=Standing.QUARANTINED, ended_at__lt=at - QUARANTINE_DAYS)
        )


class Subscriber(models.Model):
    # In every link of theirs; another one after each new beginning, so that old links end with the old one.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    way = models.CharField(_("way"), max_length=12, choices=Way, default=Way.EMAIL)
    address = models.CharField(_("address"), max_length=500)
    # Of a webhook: who confirms it, changes it, and hears when it is dead.
    contact = models.EmailField(_("mail address"), blank=True)
    # Of a browser: its key, and its secret.
    push_keys = models.CharField(max_length=200, blank=True, db_default="")
    shape = models.CharField(_("shape"), max_length=12, choices=Shape, default=Shape.STANDARD)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    failing_since = models.DateTimeField(null=True)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    standing = models.CharField(
        _("standing"), max_length=12, choices=Standing, default=Standing.UNCONFIRMED
    )
    # Keys, and no joins: a million rows are walked while customers wait. One that is gone matches nothing.
    components = ArrayField(models.BigIntegerField(), default=list, blank=True)
    groups = ArrayField(models.BigIntegerField(), default=list, blank=True)
    minimum = models.CharField(
        _("minimum impact"), max_length=12, choices=Least, default=Least.NONE
    )
    incidents = models.BooleanField(_("incidents"), default=True)
    maintenance = models.BooleanField(_("maintenance"), default=True)
    quiet = models.BooleanField(_("only the beginning and the end"), default=False)
    created_at = models.DateTimeField(_("created at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    ended_at = models.DateTimeField(_("since"), null=True)  # quarantined or gone
    why = models.CharField(_("why"), max_length=200, blank=True)
    soft_bounces = models.PositiveSmallIntegerField(default=0)
    soft_since = models.DateTimeField(null=True)
    # The letter with the one link that confirms or manages; used up when `letter` is empty.
    letter = models.CharField(max_length=8, choices=LetterName, blank=True)
    letter_at = models.DateTimeField(null=True)
    letter_due_at = models.DateTimeField(null=True)
    letter_tries = models.PositiveSmallIntegerField(default=0)
    guesses = models.PositiveSmallIntegerField(default=0, db_default=0)  # of the code in it

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        constraints = [
            models.UniqueConstraint(fields=["way", "address"], name="an_address_subscribes_once"),
            models.CheckConstraint(
                condition=~Q(standing=Standing.ACTIVE) | Q(confirmed_at__isnull=False),
                name="nobody_is_told_unconfirmed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["way", "id"], condition=Q(standing=Standing.ACTIVE), name="subscriber_told"
            ),
            models.Index(
                fields=["letter_due_at"], condition=Q(letter_due_at__isnull=False),
                name="subscriber_letter_due",
            ),
            models.Index(
                fields=["ended_at"], condition=Q(standing=Standing.QUARANTINED),
                name="subscriber_quarantined",
            ),
            models.Index(
                fields=["ended_at"], condition=Q(standing=Standing.GONE), name="subscriber_gone"
            ),
            models.Index(
                fields=["letter_at"], condition=Q(standing=Standing.UNCONFIRMED),
                name="subscriber_unconfirmed",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.key)  # never the address: this is what logs and traces show

    @property
    def mailbox(self) -> str:
        return self.contact or self.address

    @property
    def masked(self) -> str:
        return masked(self.address)

    @property
    def choice(self) -> Choice:
        return Choice(
            frozenset(self.components), frozenset(self.groups), Impact(self.minimum),
            self.incidents, self.maintenance, self.quiet,
        )  # fmt: skip

    def choose(self, choice: Choice) -> None:
        self.components, self.groups = sorted(choice.components), sorted(choice.groups)
        self.minimum, self.quiet = choice.minimum, choice.quiet
        self.incidents, self.maintenance = choice.incidents, choice.maintenance


class Asking(models.Model):
    """That somebody asked, for a day: by a keyed digest, of which no address can be read."""

    of = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["of", "at"], name="asking_of"),
            models.Index(fields=["at"], name="asking_at"),
        ]

    def __str__(self) -> str:
        return self.of


class TouchedQuerySet(models.QuerySet["Touched"]):
    def seen_until(self) -> int:
        """Every transaction before this one has ended, and what it changed is seen from now on."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            (found,) = cursor.fetchone()
        return int(found)

    def pieces(self, *, since: int, wide: int) -> set[int]:
        """The numbers of the pieces, each so many keys wide, that others changed since `seen_until`."""
        rows = self.filter(transaction__gte=since).values_list(F("subscriber") / wide, flat=True)
        return set(rows.distinct())


class Touched(models.Model):
    """Whose place among those who are told by mail changed, in which transaction; a trigger writes it."""

    subscriber = models.BigIntegerField()
    transaction = models.BigIntegerField()
    at = models.DateTimeField()

    objects = TouchedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["transaction"], name="touched_in")]

    def __str__(self) -> str:
        return f"{self.subscriber} in {self.transaction}"
