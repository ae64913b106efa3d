from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db.models import Exists, Q, Value
from django.db.models.functions import Greatest

from core.copying import copy_in
from core.nudge import nudge
from notifications.models import Delivery, Lane, State

PAGES, NOTICES = "notifications.pages", "notifications.notices"


def queue(deliveries: Iterable[Delivery]) -> None:
    """Put messages into the outbox, with the facts that cause them: in the caller's transaction.

    One that is there already (same topic, step, recipient, channel, address) is left as it is.
    """
    _wake(Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=500))


def queue_first(deliveries: Iterable[Delivery]) -> None:
    """As `queue`, where nothing was asked for yet of these topics, at a third of the cost: a storm opens thousands."""
    rows: dict[tuple[object, ...], Delivery] = {}
    for row in deliveries:
        rows.setdefault((row.topic, row.step, row.recipient_id, row.channel, row.address), row)
    copy_in(list(rows.values()))
    _wake(rows.values())


def _wake(rows: Iterable[Delivery]) -> None:
    for tick in {PAGES if row.lane == Lane.PAGE else NOTICES for row in rows}:
        nudge(tick)


def queue_again(deliveries: Iterable[Delivery]) -> None:
    """As `queue`, but one that was withdrawn is wanted after all, with its new words.

    Not before a sender that may still be at it has given up. One that waits for a later time goes
    when the new one would, and what waits from an earlier step for no sooner a time is replaced.
    """
    wanted = list(deliveries)
    for old, new in _not_yet_out(wanted):
        mine = Delivery.objects.filter(pk=old.pk, state=old.state, due_at=old.due_at)
        if old.step != new.step:
            mine.update(state=State.CANCELLED)
        elif old.state == State.CANCELLED:
            due = Greatest("lease_until", Value(new.due_at))
            mine.update(
                state=State.PENDING, due_at=due, context=new.context, delivered_at=None
            )  # fmt: skip
        else:
            mine.update(due_at=new.due_at, context=new.context)
    queue(wanted)


def _not_yet_out(wanted: Sequence[Delivery]) -> Iterator[tuple[Delivery, Delivery]]:
    """Mostly none: asked once for all, for a thousand pages may come due in one tick."""
    withdrawn = Q(state=State.CANCELLED, step__in={new.step for new in wanted})
    waiting = Q(state=State.PENDING, attempts=0, due_at__gte=min(new.due_at for new in wanted))
    rows = Delivery.objects.filter(topic__in={new.topic for new in wanted}, lane=Lane.PAGE)
    found = rows.filter(withdrawn | waiting).defer("context")
    known = {(new.topic, new.recipient_id, new.channel, new.address): new for new in wanted}
    for old in found:
        new = known.get((old.topic, old.recipient_id, old.channel, old.address))
        if new is None or (old.state == State.PENDING and old.due_at < new.due_at):
            continue
        if old.state == State.PENDING or old.step == new.step:
            yield old, new


def cancel(
    topic: str,
    *,
    keep_channels: Sequence[str] = (),
    keep: Exists | None = None,
    keep_step: str = "",
    recipient: int | None = None,
    step: str = "",
) -> int:
    """No page about this is wanted any more, by one person or by all; `step` names how theirs begin.

    A sender looks at the row right before it sends.
    """
    pages = Delivery.objects.about(topic).undone().filter(lane=Lane.PAGE, step__startswith=step)
    if keep_step:
        pages = pages.exclude(step__startswith=keep_step)
    if recipient is not None:
        pages = pages.filter(recipient=recipient)
    if keep is not None:
        pages = pages.exclude(keep)
    return pages.exclude(channel__in=keep_channels).update(state=State.CANCELLED)


def withdraw(topic: str, *, why: Sequence[str], keep: Q) -> list[str]:
    """As `cancel`, of the pages that went for these reasons; whose they were."""
    pages = Delivery.objects.about(topic).undone().filter(lane=Lane.PAGE, context__why__in=why)
    held = pages.exclude(keep).order_by("pk").select_for_update()
    found = dict(held.values_list("pk", "recipient_name"))
    Delivery.objects.filter(pk__in=found).update(state=State.CANCELLED)
    return sorted(set(found.values()))


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
