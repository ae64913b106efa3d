"""Checklists: what is asked once a period, and each time it was gone through."""

from datetime import date
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.bilingual import Named, in_language
from core.fields import WebAddress
from maintenance.domain.checklists import Said
from maintenance.domain.periods import Frequency, Period

FREQUENCY: Final = Frequency.QUARTERLY


class Checklist(Named):
    key = models.SlugField(_("key"), max_length=60, unique=True)
    purpose_ko = models.TextField(_("what for (Korean)"), blank=True, default="")
    purpose_en = models.TextField(_("what for (English)"), blank=True, default="")
    enabled = models.BooleanField(_("enabled"), default=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("owner"), help_text=_("Who sees to it, and is reminded. Empty: a manager."),
    )  # fmt: skip
    days = models.PositiveSmallIntegerField(
        _("due after (days)"),
        default=45,
        help_text=_("From the first day of the quarter until it is due."),
    )

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["key"]

    @property
    def purpose(self) -> str:
        return in_language(self.purpose_ko, self.purpose_en)


class ChecklistItem(models.Model):
    """What is asked from the next time on; rounds that have begun keep their words."""

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="items")
    place = models.PositiveSmallIntegerField(_("place"), default=0)
    text_ko = models.CharField(_("item (Korean)"), max_length=300)
    text_en = models.CharField(_("item (English)"), max_length=300)
    needs_evidence = models.BooleanField(_("needs evidence"), default=False)

    class Meta:
        verbose_name = _("item of a checklist")
        verbose_name_plural = _("items of checklists")
        ordering = ["place", "id"]

    def __str__(self) -> str:
        return in_language(self.text_ko, self.text_en)


class RoundQuerySet(models.QuerySet["Round"]):
    def open(self) -> "RoundQuerySet":
        return self.filter(signed_at=None)


class Round(models.Model):
    """A checklist in one period."""

    checklist = models.ForeignKey(
        Checklist, models.PROTECT, related_name="rounds", verbose_name=_("checklist")
    )
    first = models.DateField(_("first day of its period"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("owner"),
    )  # fmt: skip
    due = models.DateField(_("due"))
    begun_at = models.DateTimeField(_("began"))
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("signed by"),
    )  # fmt: skip
    signed_at = models.DateTimeField(_("signed at"), null=True)
    remark = models.TextField(_("remark"), blank=True, default="")
    # Reminders of this due date that were handed to the outbox.
    told_before = models.BooleanField(default=False, editable=False)
    told_after = models.BooleanField(default=False, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of a checklist")
        verbose_name_plural = _("rounds of checklists")
        ordering = ["-first", "checklist"]
        default_permissions = ("view",)
        constraints = [
            # Two who begin it at once: never twice for a period.
            models.UniqueConstraint(fields=["checklist", "first"], name="one_round_a_period"),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="signed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["due"], condition=Q(signed_at=None), name="round_open"),
        ]

    def __str__(self) -> str:
        return f"{self.checklist.name} {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("maintenance:round", args=[self.pk])

    @property
    def period(self) -> Period:
        return Period(FREQUENCY, self.first)

    @property
    def latest(self) -> date:
        """To which it may be put off: the next one is over then, too."""
        return self.period.next.last


class SaidName(models.TextChoices):
    FINE = Said.FINE, _("in order")
    FINDING = Said.FINDING, _("something to do")
    NOT_OURS = Said.NOT_OURS, _("does not apply")


class RoundAnswer(models.Model):
    """An item as it was asked this time. Changed by compare-and-set on its version."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="answers", db_index=False)
    item = models.ForeignKey(ChecklistItem, models.SET_NULL, null=True, related_name="+")
    place = models.PositiveSmallIntegerField()
    text_ko = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    needs_evidence = models.BooleanField(default=False)
    said = models.CharField(_("answer"), max_length=8, choices=SaidName, blank=True, default="")
    note = models.TextField(_("note"), blank=True, default="")
    link = WebAddress(_("link to evidence"), blank=True, default="", max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("answered by"),
    )  # fmt: skip
    at = models.DateTimeField(_("answered at"), null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("answer of a round")
        verbose_name_plural = _("answers of rounds")
        ordering = ["place"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["round", "place"], name="one_answer_a_place"),
            models.CheckConstraint(
                condition=Q(said="") | Q(by__isnull=False, at__isnull=False),
                name="answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return in_language(self.text_ko, self.text_en)


class RoundFile(models.Model):
    """A file as evidence. What it was and its hash stay, even when its content is removed."""

    answer = models.ForeignKey(RoundAnswer, models.CASCADE, related_name="files")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=40)  # by its content
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    removed = models.BooleanField(_("removed"), default=False)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            # The same file twice is a second click, not a second piece of evidence.
            models.UniqueConstraint(
                fields=["answer", "sha256"], condition=Q(removed=False), name="one_file_an_answer"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="a_file_has_bytes"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("maintenance:round_file", args=[self.pk])


class RoundFileContent(models.Model):
    """The bytes, apart: whoever lists files does not read them. In the database, for every web host has it."""

    file = models.OneToOneField(RoundFile, models.CASCADE, primary_key=True, related_name="content")
    body = models.BinaryField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.file_id)
