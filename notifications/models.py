import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.domain.receipts import Stage, Times, reached


class Lane(models.IntegerChoices):
    """Pages first, then notices, then fan-out: a slow newsletter never delays a page."""

    PAGE = 0, _("page")
    NOTICE = 1, _("notice")
    BULK = 2, _("bulk")


class State(models.TextChoices):
    PENDING = "pending", _("waiting")
    LEASED = "leased", _("sending")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


UNDONE = (State.PENDING, State.LEASED)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def about(self, topic: str) -> "DeliveryQuerySet":
        return self.filter(topic=topic)

    def undone(self) -> "DeliveryQuerySet":
        return self.filter(state__in=UNDONE)


class Delivery(models.Model):
    """One message to one person by one channel: the row is the message, the broker only wakes.

    `topic` and `step` belong to whoever asked (for an incident "incident:214" and its round);
    `id` is the idempotency key of every attempt.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lane = models.PositiveSmallIntegerField(_("lane"), choices=Lane, default=Lane.PAGE)
    topic = models.CharField(_("about"), max_length=80)
    step = models.CharField(_("step"), max_length=40)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("recipient"),
    )
    recipient_name = models.CharField(_("recipient"), max_length=120)
    # The message in whose place this one puts other words. Its index is `one_rewriting`.
    rewrites = models.ForeignKey(
        "self", models.CASCADE, null=True, editable=False, related_name="+", db_index=False
    )
    language = models.CharField(_("language"), max_length=5)
    channel = models.CharField(_("channel"), max_length=20)
    address = models.CharField(_("address"), max_length=500)
    template = models.CharField(_("template"), max_length=60)
    context = models.JSONField(_("context"), default=dict)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created at"))
    due_at = models.DateTimeField(_("due at"))
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    leased_by = models.TextField(
        db_default="", default="", editable=False
    )  # its place and its life
    sent_at = models.DateTimeField(_("sent at"), null=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)
    opened_at = models.DateTimeField(_("opened at"), null=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    provider_id = models.CharField(_("provider id"), max_length=200, blank=True, default="")
    error = models.CharField(_("error"), max_length=500, blank=True, default="")
    noted = models.BooleanField(
        _("outcome noted"), default=False
    )  # whoever asked has read the outcome

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            # One page per incident, step, recipient and channel, whoever asks twice.
            models.UniqueConstraint(
                fields=["topic", "step", "recipient", "channel", "address"],
                nulls_distinct=False,
                name="one_delivery",
            ),
            models.UniqueConstraint(
                fields=["rewrites"], condition=Q(rewrites__isnull=False), name="one_rewriting"
            ),
            # A sending row must say until when, or a crash would leave it there for ever.
            models.CheckConstraint(
                condition=~Q(state=State.LEASED)
                | Q(lease_until__isnull=False, lease_token__isnull=False),
                name="sending_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SENT) | Q(sent_at__isnull=False), name="sent_has_a_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "lane", "due_at"],
                condition=Q(state__in=UNDONE),
                name="delivery_due",
            ),
            models.Index(
                fields=["topic"],
                condition=Q(noted=False, state__in=[State.SENT, State.FAILED]),
                name="delivery_unnoted",
            ),
            # Figures count a year of pages without reading what each of them said.
            models.Index(
                fields=["created_at"],
                include=["recipient", "topic", "step", "sent_at"],
                condition=Q(lane=Lane.PAGE, state=State.SENT, recipient__isnull=False),
                name="delivery_woke",
            ),
            BrinIndex(fields=["created_at"], name="delivery_by_age"),  # what came in the last day
        ]

    def __str__(self) -> str:
        return f"{self.channel} → {self.recipient_name}"

    @property
    def times(self) -> Times:
        return Times(self.sent_at, self.delivered_at, self.opened_at, self.answered_at)

    @property
    def stage(self) -> Stage:
        return reached(
            self.times,
            failed=self.state == State.FAILED,
            cancelled=self.state == State.CANCELLED,
        )

    @property
    def stage_since(self) -> datetime | None:
        """When it came this far; a failure and a withdrawal have no time of their own."""
        named = {
            Stage.QUEUED: self.created_at, Stage.SENT: self.sent_at,
            Stage.DELIVERED: self.delivered_at, Stage.OPENED: self.opened_at,
            Stage.ANSWERED: self.answered_at,
        }  # fmt: skip
        return named.get(self.stage)


class Outcome(models.TextChoices):
    SENT = "sent", _("sent")
    RETRY = "retry", _("to be tried again")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("not wanted any more")
    LOST = "lost", _("the sender died on the way")


class Attempt(models.Model):
    """The evidence of paging: each attempt, when, and what the provider said."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="history")
    number = models.PositiveSmallIntegerField(_("attempt"))
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    provider = models.CharField(_("provider"), max_length=40, blank=True, default="")
    provider_id = models.CharField(_("provider id"), max_length=200, blank=True, default="")
    error = models.CharField(_("error"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"
