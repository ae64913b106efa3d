from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incidents.domain.roles import Role
from incidents.models.incident import Incident
from incidents.models.policy import RoleName


class RoleHeldQuerySet(models.QuerySet["RoleHeld"]):
    def now(self) -> "RoleHeldQuerySet":
        return self.filter(until=None)

    def commanders(self) -> "RoleHeldQuerySet":
        return self.now().filter(role=Role.COMMANDER)


class RoleHeldManager(models.Manager["RoleHeld"]):
    def get_queryset(self) -> RoleHeldQuerySet:
        """With whoever holds it: nobody asks for a role and not for its person."""
        return RoleHeldQuerySet(self.model, using=self._db).select_related("user")


class RoleHeld(models.Model):
    """Somebody has a role of an incident, from when to when."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="roles")
    role = models.CharField(_("role"), max_length=20, choices=RoleName)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name=_("given by"),
    )  # fmt: skip

    objects = RoleHeldManager.from_queryset(RoleHeldQuerySet)()

    class Meta:
        default_permissions = ()
        ordering = ["since", "id"]
        constraints = [
            # Two who think they command are worse than none.
            models.UniqueConstraint(
                fields=["incident", "role"],
                condition=Q(until=None) & ~Q(role=Role.EXPERT.value),
                name="one_holder_a_role",
            ),
            models.UniqueConstraint(
                fields=["incident", "role", "user"], condition=Q(until=None), name="held_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="held_from_to"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.incident_id} {self.role}"
