"""Runbooks and their versions. A version is never changed: a run is pinned to the one it began with."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.bilingual import in_language
from runbooks.domain.documents import Document
from runbooks.reading import document_of


class Runbook(models.Model):
    key = models.SlugField(_("key"), max_length=60, unique=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    starts_by_itself = models.BooleanField(
        _("starts by itself"), default=True,
        help_text=_("When an incident of its scenario opens, and only if it changes nothing."),
    )  # fmt: skip
    current = models.ForeignKey(
        "runbooks.Version", models.PROTECT, null=True, related_name="+",
        verbose_name=_("current version"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("runbook")
        verbose_name_plural = _("runbooks")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.current.title if self.current else self.key

    def get_absolute_url(self) -> str:
        return reverse("runbooks:book", args=[self.key])


class Version(models.Model):
    runbook = models.ForeignKey(
        Runbook, models.CASCADE, related_name="versions", verbose_name=_("runbook")
    )
    number = models.PositiveIntegerField(_("number"))
    source = models.TextField(_("text (YAML)"))
    digest = models.CharField(_("digest"), max_length=64)  # SHA-256 of the text
    title_ko = models.CharField(_("title (Korean)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("made by"), help_text=_("Nobody: it came with Bongsu."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("version of a runbook")
        verbose_name_plural = _("versions of runbooks")
        ordering = ["runbook", "-number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["runbook", "number"], name="one_runbook_version_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"

    @property
    def title(self) -> str:
        return in_language(self.title_ko, self.title_en)

    @cached_property
    def document(self) -> Document:
        return document_of(self.source)

    def said(self, part: str) -> str:
        """Its summary, success or back, in the reader's language."""
        text: Any = getattr(self.document, part)
        return in_language(text.ko, text.en)
