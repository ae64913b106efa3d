from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Value
from django.db.models.functions import Greatest

from core.nudge import nudge
from notifications.models import Delivery, Lane, State

PAGES, NOTICES = "notifications.pages", "notifications.notices"


def queue(deliveries: Iterable[Delivery]) -> None:
    """Put messages into the outbox, with the facts that cause them: in the caller's transaction.

    One that is there already (same topic, step, recipient, channel, address) is left as it is.
    """
    rows = Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=500)
    for tick in {PAGES if row.lane == Lane.PAGE else NOTICES for row in rows}:
        nudge(tick)


def queue_again(deliveries: Iterable[Delivery]) -> None:
    """As `queue`, but one that was withdrawn is wanted after all, with its new words.

    Not before a sender that may still be at it has given up.
    """
    wanted = list(deliveries)
    for new in _withdrawn_before(wanted):
        withdrawn = Delivery.objects.about(new.topic).filter(
            step=new.step, recipient=new.recipient_id, channel=new.channel, address=new.address,
            state=State.CANCELLED,
        )  # fmt: skip
        due = Greatest("lease_until", Value(new.due_at))
        withdrawn.update(
            state=State.PENDING, due_at=due, context=new.context, delivered_at=None
        )  # fmt: skip
    queue(wanted)


def _withdrawn_before(wanted: Sequence[Delivery]) -> list[Delivery]:
    """Mostly none: asked once for all, for a thousand pages may come due in one tick."""
    rows = Delivery.objects.filter(
        topic__in={new.topic for new in wanted},
        step__in={new.step for new in wanted},
        state=State.CANCELLED,
    )
    known = set(rows.values_list("topic", "step", "recipient_id", "channel", "address"))
    return [
        new
        for new in wanted
        if (new.topic, new.step, new.recipient_id, new.channel, new.address) in known
    ]


def cancel(topic: str, *, keep_channels: Sequence[str] = (), recipient: int | None = None) -> int:
    """No page about this is wanted any more, by one person or by all.

    A sender looks at the row right before it sends.
    """
    pages = Delivery.objects.about(topic).undone().filter(lane=Lane.PAGE)
    if recipient is not None:
        pages = pages.filter(recipient=recipient)
    return pages.exclude(channel__in=keep_channels).update(state=State.CANCELLED)


def cancel_step(topic: str, step: str) -> int:
    """What was to be said for this cause, or one that begins so, need not be said any more."""
    unwanted = Delivery.objects.about(topic).undone().filter(step__startswith=step)
    return unwanted.update(state=State.CANCELLED)


def try_again(delivery: Delivery, *, at: datetime) -> bool:
    """An administrator mended the cause: give a failed delivery a fresh start."""
    again = Delivery.objects.filter(pk=delivery.pk, state=State.FAILED).update(
        state=State.PENDING, attempts=0, due_at=at, error="", noted=False
    )
    if again:
        nudge(PAGES)
    return bool(again)
