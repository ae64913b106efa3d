from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.bilingual import in_language
from incidents.models import Incident
from postmortems.domain import states


class State(models.TextChoices):
    DRAFT = states.State.DRAFT, _("Draft")
    REVIEW = states.State.REVIEW, _("In review")
    PUBLISHED = states.State.PUBLISHED, _("Published")
    CLOSED = states.State.CLOSED, _("Closed")


class RootCause(models.TextChoices):
    """What kind of thing was at the bottom of it: of people there is none, only of how they had to work."""

    CHANGE = "change", _("a change of ours")
    DEFECT = "defect", _("a defect of our software")
    CAPACITY = "capacity", _("too little capacity")
    CHAIN = "chain", _("energy, bandwidth or the chain")
    PARTY = "party", _("another company’s service")
    HARDWARE = "hardware", _("hardware or network")
    PROCEDURE = "procedure", _("how we work")
    ATTACK = "attack", _("an attack")


def five_empty() -> list[str]:
    """What the first migration names; no column has it any more."""
    return [""] * 5


class Postmortem(models.Model):
    """What happened and what we change. Facts are filled in; what is blank is asked for (M5.1)."""

    incident = models.OneToOneField(
        Incident, models.PROTECT, related_name="postmortem", verbose_name=_("incident")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("owner"),
    )  # fmt: skip
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("author"),
    )  # fmt: skip
    summary_ko = models.TextField(_("summary (Korean)"), blank=True, default="")
    summary_en = models.TextField(_("summary (English)"), blank=True, default="")
    users_affected = models.PositiveIntegerField(_("users affected"), null=True, blank=True)
    withdrawals_delayed = models.PositiveIntegerField(
        _("withdrawals delayed"), null=True, blank=True
    )
    revenue_impact = models.CharField(_("revenue impact"), max_length=200, blank=True, default="")
    energy_spent = models.PositiveBigIntegerField(_("energy spent"), null=True, blank=True)
    trx_spent = models.PositiveBigIntegerField(_("TRX spent"), null=True, blank=True)
    root_cause = models.CharField(
        _("kind of root cause"), max_length=12, choices=RootCause, blank=True, default=""
    )
    contributing_factors = models.TextField(_("contributing factors"), blank=True, default="")
    went_well = models.TextField(_("what went well"), blank=True, default="")
    went_badly = models.TextField(_("what went badly"), blank=True, default="")
    got_lucky = models.TextField(_("where we were lucky"), blank=True, default="")
    lessons = models.TextField(_("lessons learned"), blank=True, default="")
    public_ko = models.TextField(_("for the status page (Korean)"), blank=True, default="")
    public_en = models.TextField(_("for the status page (English)"), blank=True, default="")
    told_version = models.PositiveIntegerField(
        _("version told to customers"), null=True, editable=False
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    created_at = models.DateTimeField(_("created at"))
    updated_at = models.DateTimeField(_("updated at"))
    # The resolution whose facts were filled in: after a second one they are filled in anew.
    drafted_of = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("postmortem")
        verbose_name_plural = _("postmortems")
        ordering = ["-incident_id"]

    def __str__(self) -> str:
        return str(self.incident)

    def get_absolute_url(self) -> str:
        return reverse("postmortems:edit", args=[self.incident_id])

    @property
    def summary(self) -> str:
        """In the language it is written in."""
        return in_language(self.summary_ko, self.summary_en, self.language)

    @property
    def is_open(self) -> bool:
        """Whether its text may change: what is published is frozen."""
        return self.state in states.OPEN
