from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from notifications.models import Delivery, Lane, State


def unnoted(topic_prefix: str, limit: int) -> list[Delivery]:
    """Finished deliveries whose outcome nobody has read yet, by topic; locked for the reader."""
    return list(
        Delivery.objects.filter(
            topic__startswith=topic_prefix, noted=False, state__in=[State.SENT, State.FAILED]
        )
        .order_by("topic", "created_at", "sent_at")
        .select_for_update(skip_locked=True)[:limit]
    )


def mark_noted(deliveries: Iterable[Delivery]) -> None:
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries]).update(noted=True)


def paged_people(topics: list[str]) -> dict[str, int]:
    """How many people were paged about each topic."""
    rows = Delivery.objects.filter(topic__in=topics, lane=Lane.PAGE).values("topic")
    return dict(
        rows.annotate(people=Count("recipient", distinct=True)).values_list("topic", "people")
    )


def who_was_paged(topics: Iterable[str]) -> dict[str, set[int]]:
    """The people paged about each topic."""
    rows = Delivery.objects.filter(topic__in=list(topics), lane=Lane.PAGE, recipient__isnull=False)
    found: dict[str, set[int]] = {}
    for topic, person in rows.values_list("topic", "recipient_id").distinct():
        found.setdefault(topic, set()).add(person or 0)
    return found


def who_was_told(topics: Iterable[str], *, step: str) -> dict[str, set[int]]:
    """The people paged about each topic, and those told of it for this cause."""
    rows = Delivery.objects.filter(topic__in=list(topics), recipient__isnull=False)
    found: dict[str, set[int]] = {}
    told = rows.filter(Q(lane=Lane.PAGE) | Q(lane=Lane.NOTICE, step=step))
    for topic, person in told.values_list("topic", "recipient_id").distinct():
        found.setdefault(topic, set()).add(person or 0)
    return found


def last_asked(
    topic: str, *, since: datetime, called: str
) -> list[tuple[int, datetime, datetime | None]]:
    """Each person paged about this, when last, and when last in a step that begins so.

    What was withdrawn or could not be delivered asked nobody.
    """
    asking = Delivery.objects.about(topic).filter(
        lane=Lane.PAGE, recipient__isnull=False, created_at__gte=since
    )
    rows = asking.exclude(state__in=[State.CANCELLED, State.FAILED]).order_by()
    return list(
        rows.values("recipient")
        .annotate(at=Max("created_at"), called=Max("created_at", filter=Q(step__startswith=called)))
        .values_list("recipient", "at", "called")
    )


def reached(topic: str, step: str) -> dict[int, datetime]:
    """By person, when the first of their pages of this step went out, or will."""
    asking = Delivery.objects.about(topic).filter(
        lane=Lane.PAGE, step=step, recipient__isnull=False
    )
    rows = asking.exclude(state__in=[State.CANCELLED, State.FAILED]).order_by().values("recipient")
    first = rows.annotate(at=Min(Coalesce("sent_at", "due_at")))
    return dict(first.values_list("recipient", "at"))


def pages_about(topic: str, limit: int = 500) -> list[Delivery]:
    """Every page sent or to be sent about this, oldest first; a notice asks nobody to answer."""
    return list(pages(topic)[:limit])


def pages(topic: str) -> QuerySet[Delivery]:
    """The oldest first."""
    found = Delivery.objects.about(topic).filter(lane=Lane.PAGE)
    return found.order_by("created_at", "recipient_name", "pk")


def not_reached(topics: Sequence[str], *, most: int) -> dict[str, list[tuple[str, str]]]:
    """By topic, who was not reached and why; at most so many of each."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    failed = Delivery.objects.filter(topic__in=topics, state=State.FAILED)
    said = failed.order_by("recipient_name").values_list("topic", "recipient_name", "error")
    for topic, name, error in said[: most * max(1, len(topics))]:
        if len(found[topic]) < most:
            found[topic].append((name, error))
    return found
