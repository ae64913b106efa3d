"""One update on its way to all who want it: how far it is, and what is in whose hands."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from statuspage.domain.choosing import News
from statuspage.domain.phases import Kind
from statuspage.domain.states import Impact
from statuspage.models.notice import ImpactName, KindName, Notice, Update
from statuspage.models.subscriber import Subscriber, Way


class Mailing(models.Model):
    """Subscribers are walked in the order of their keys; `cursor` is the last one handed out."""

    update = models.ForeignKey(Update, models.CASCADE, related_name="mailings")
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="mailings")
    way = models.CharField(_("way"), max_length=12, choices=Way)
    at = models.DateTimeField(_("at"))
    # What it is about, as of the moment it was said: a walk of minutes has one answer to who is told.
    kind = models.CharField(max_length=12, choices=KindName)
    impact = models.CharField(max_length=12, choices=ImpactName)
    components = ArrayField(models.BigIntegerField())
    groups = ArrayField(models.BigIntegerField())
    # Who wants beginnings and ends only is told of it from this key on; null: not of this one.
    quiet_after = models.BigIntegerField(null=True)
    cursor = models.BigIntegerField(default=0)
    sent = models.PositiveBigIntegerField(_("sent"), default=0)
    # To so many it went without a database; `Foretold` says to whom.
    foretold = models.PositiveBigIntegerField(default=0, db_default=0)
    failed = models.PositiveBigIntegerField(_("failed"), default=0)
    unsure = models.PositiveIntegerField(_("perhaps twice"), default=0)
    walked_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(_("done at"), null=True)
    superseded_at = models.DateTimeField(_("superseded at"), null=True)

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["update", "way"], name="an_update_is_mailed_once")
        ]
        indexes = [
            models.Index(fields=["way", "id"], condition=Q(walked_at=None), name="mailing_walking"),
            models.Index(
                fields=["notice"], condition=Q(done_at=None), name="mailing_of_notice"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.way} {self.update_id}"

    @property
    def news(self) -> News:
        return News(
            Kind(self.kind), Impact(self.impact), frozenset(self.components), frozenset(self.groups),
            edge=self.quiet_after is not None,
        )  # fmt: skip


class Foretold(models.Model):
    """Who has it already, for it was mailed while there was no database. Rows go when the mailing is done."""

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="+", db_index=False)
    subscriber = models.BigIntegerField()  # whether there is still such a row or not

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailing", "subscriber"], name="foretold_once")
        ]

    def __str__(self) -> str:
        return f"{self.mailing_id} {self.subscriber}"


class Batch(models.Model):
    """Some subscribers in the hands of one sender; whoever's lease ends, another goes on after `reached`.

    `reached` is written after each mail, before the next: a sender that dies leaves one of which nobody
    knows whether it was accepted. It is sent again, by the same Message-ID.
    """

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="batches")
    way = models.CharField(max_length=12, choices=Way)
    reached = models.BigIntegerField()
    until = models.BigIntegerField()
    sent = models.PositiveIntegerField(default=0)
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["way", "lease_until"], name="batch_due")]

    def __str__(self) -> str:
        return f"{self.reached}–{self.until}"


class Deferred(models.Model):
    """One whose server said "later": the others do not wait."""

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="deferred")
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="deferred")
    way = models.CharField(max_length=12, choices=Way)
    tries = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailing", "subscriber"], name="deferred_once")
        ]
        indexes = [models.Index(fields=["way", "due_at"], name="deferred_due")]

    def __str__(self) -> str:
        return f"{self.mailing_id} {self.subscriber_id}"
