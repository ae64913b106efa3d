from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import WebAddress
from postmortems.models.postmortem import Postmortem
from teams.models import Team


class ActionItemQuerySet(models.QuerySet["ActionItem"]):
    def accepted(self) -> "ActionItemQuerySet":
        """Without what the rule proposes and nobody has taken on yet."""
        return self.filter(suggested=False)

    def open(self) -> "ActionItemQuerySet":
        return self.accepted().filter(status__in=ActionItem.UNDONE)


class ActionItem(models.Model):
    class Kind(models.TextChoices):
        IMMEDIATE = "IMMEDIATE", _("Immediate")
        SHORT_TERM = "SHORT_TERM", _("Short term")
        LONG_TERM = "LONG_TERM", _("Long term")

    class Purpose(models.TextChoices):
        DETECT = "detect", _("Detect")
        PREVENT = "prevent", _("Prevent")
        MITIGATE = "mitigate", _("Mitigate")

    class Priority(models.TextChoices):
        HIGH = "HIGH", _("High")
        MEDIUM = "MEDIUM", _("Medium")
        LOW = "LOW", _("Low")

    class Progress(models.TextChoices):
        OPEN = "open", _("Open")
        DOING = "doing", _("In progress")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    UNDONE = (Progress.OPEN, Progress.DOING)

    postmortem = models.ForeignKey(
        Postmortem, models.CASCADE, related_name="actions", verbose_name=_("postmortem")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    purpose = models.CharField(
        _("purpose"), max_length=8, choices=Purpose, blank=True, default=""
    )  # fmt: skip
    description = models.CharField(_("description"), max_length=300)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    # Who has no account and no team here, such as those the manual names.
    owner = models.CharField(_("owner"), max_length=120, blank=True, default="")
    due_date = models.DateField(_("due"))
    priority = models.CharField(_("priority"), max_length=6, choices=Priority)
    status = models.CharField(_("status"), max_length=7, choices=Progress, default=Progress.OPEN)
    tracker_url = WebAddress(_("link to a tracker"), blank=True, default="")
    suggested = models.BooleanField(_("suggested"), default=False)
    done_at = models.DateTimeField(_("done at"), null=True, editable=False)
    # Reminders of this due date that were handed to the outbox.
    told_before = models.BooleanField(default=False, editable=False)
    told_after = models.BooleanField(default=False, editable=False)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("action item")
        verbose_name_plural = _("action items")
        ordering = ["due_date", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None) | Q(team=None),
                name="owned_by_one",
                violation_error_message=_("A person or a team owns it, not both."),
            ),
        ]
        indexes = [
            # The tick and the board look at what is open, not at all that was ever done.
            models.Index(
                fields=["due_date"],
                condition=Q(suggested=False, status__in=["open", "doing"]),
                name="action_item_open",
            ),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def owned_by(self) -> str:
        """The name of whoever owns it; empty while nobody does."""
        if self.person:
            return self.person.name
        return self.team.name if self.team else self.owner
