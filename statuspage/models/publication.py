from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeQuerySet(models.QuerySet["Change"]):
    def newest(self) -> int:
        return self.order_by("-pk").values_list("pk", flat=True).first() or 0

    def note(self, why: str, *, at: datetime) -> None:
        """In the transaction of whatever customers will see otherwise."""
        self.create(why=why, at=at)


class Change(models.Model):
    """The outbox of the public page: there is something newer than what was last published."""

    why = models.CharField(_("why"), max_length=60)
    at = models.DateTimeField(_("at"))
    published_at = models.DateTimeField(_("published at"), null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("public change")
        verbose_name_plural = _("public changes")
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(published_at=None),
                name="change_unpublished",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.why}"
