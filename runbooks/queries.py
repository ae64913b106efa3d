from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet, Sum

from runbooks.domain.actions import DAY, OPEN, PAID, WAITING, Spent
from runbooks.models import Action, Approval, Halt, Limits, Loosening
from runbooks.models.loosening import LooseningQuerySet
from runbooks.registry import actions
from teams.domain.roles import Role
from teams.models import User


def halted() -> Halt | None:
    """The kill switch, when it is pulled."""
    return Halt.objects.filter(lifted_at__isnull=True).select_related("by").first()


def shown() -> QuerySet[Action]:
    """With all that a page says of an action."""
    approvals = Approval.objects.select_related("person")
    rows = Action.objects.select_related("incident", "proposed_by", "ended_by")
    return rows.prefetch_related(Prefetch("approvals", approvals))


def unfinished() -> QuerySet[Action]:
    return shown().filter(state__in=WAITING | OPEN).order_by("pk")


def over(*, before: int | None = None) -> QuerySet[Action]:
    """The newest first, beyond this id."""
    rows = shown().exclude(state__in=WAITING | OPEN).order_by("-pk")
    return rows.filter(pk__lt=before) if before is not None else rows


def every_limit() -> list[Limits]:
    """Of each kind there is, made where nobody has looked at it yet."""
    return list(Limits.of_each(sorted(actions)).values())


def spent(*, at: datetime) -> dict[str, Spent]:
    """By kind, as the next of it would find it."""
    counts = Q(state__in=PAID | OPEN)
    today = Q(state__in=OPEN) | Q(state__in=PAID, began_at__gt=at - DAY)
    rows = Action.objects.filter(began_at__isnull=False).order_by().values("kind")
    sums = rows.annotate(
        day=Sum("sun", filter=today, default=0), whole=Sum("sun", filter=counts, default=0)
    )
    return {row["kind"]: Spent(int(row["day"]), int(row["whole"])) for row in sums}


def loosenings() -> LooseningQuerySet:
    return Loosening.objects.select_related("proposed_by", "decided_by")


def administrators() -> QuerySet[User]:
    return User.objects.filter(is_active=True, role=Role.ADMINISTRATOR)


def nobody_else(user: User) -> bool:
    """Whether nobody but this person could confirm what loosens."""
    return not administrators().exclude(pk=user.pk).exists()
