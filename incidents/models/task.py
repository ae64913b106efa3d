from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> "TaskQuerySet":
        return self.filter(done_at=None)


class Task(models.Model):
    """Something to do for an incident, by somebody, by when."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="tasks")
    text = models.CharField(_("what is to be done"), max_length=500)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("owner"),
    )  # fmt: skip
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    reminded = models.BooleanField(default=False, editable=False)  # of this due time
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(done_by=None) | Q(done_at__isnull=False), name="done_task_has_a_time"
            ),
        ]
        indexes = [
            # The tick looks at what is to be reminded of, not at all that was ever done.
            models.Index(
                fields=["due_at"], condition=Q(done_at=None, reminded=False), name="task_due"
            ),
        ]

    def __str__(self) -> str:
        return self.text
