import json
import math
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from integrations.redis import Session
from monitoring.asking_redis import RedisForm, asked
from monitoring.collector import Collector, LinesField, Reading, Settings
from monitoring.kinds import Kind
from monitoring.registry import collectors

MOST: Final = 50
# As kombu names the lists of one queue by priority, the first of them bare.
PRIORITIES: Final = ("", "\x06\x163", "\x06\x166", "\x06\x169")


class CelerySettings(RedisForm):
    queues = LinesField(
        label=_("queues"), initial="celery", max_length=4000, help_text=_("A name a line.")
    )
    sent_at = forms.CharField(
        label=_("when it was sent"), required=False, initial="headers.sent_at", max_length=200,
        help_text=_("Where a message says so, in seconds since 1970 or as ISO 8601. Celery itself does not say it."),
    )  # fmt: skip


@collectors.register("celery")
class Celery(Collector):
    title = _("Celery queues (Redis)")
    purpose = _(
        "How many tasks wait, since when the oldest one, and how long one is being worked on."
    )
    kind = Kind.APPLICATION
    form = CelerySettings

    def collect(self, settings: Settings, *, timeout: float) -> Iterable[Reading]:
        with asked(settings, timeout=timeout) as broker:
            for name in settings["queues"].split("\n")[:MOST]:
                yield from queue(broker, name, settings["sent_at"])
            yield from unacknowledged(broker)


def queue(broker: Session, name: str, place: str) -> Iterator[Reading]:
    lists = [name + priority for priority in PRIORITIES]
    waiting = {one: length for one in lists if (length := broker.number("LLEN", one))}
    labels = {"queue": name}
    yield Reading("celery_queue_length", sum(waiting.values()), labels)
    # Workers take from the end.
    ages = [age_of(broker.text("LINDEX", one, "-1"), place) for one in waiting] if place else []
    known = [age for age in ages if age is not None]
    if known or not waiting:
        yield Reading("celery_queue_oldest_seconds", max(known, default=0), labels, unit="s")


def unacknowledged(broker: Session) -> Iterator[Reading]:
    """What workers took and did not finish; a worker that died has left it there."""
    yield Reading("celery_unacknowledged", broker.number("HLEN", "unacked"))
    oldest = broker.ask("ZRANGE", "unacked_index", "0", "0", "WITHSCORES")
    taken = float(oldest[1]) if isinstance(oldest, list) and len(oldest) > 1 else None
    age = max(0.0, time.time() - taken) if taken else 0.0
    yield Reading("celery_unacknowledged_oldest_seconds", age, unit="s")


def age_of(message: str, place: str) -> float | None:
    """By what the message says of itself; None when it says nothing."""
    try:
        found: Any = json.loads(message)
        for word in place.split("."):
            found = found[int(word)] if isinstance(found, list) else found[word]
        at = _seconds(found)
    except (ValueError, KeyError, IndexError, TypeError, OverflowError, RecursionError):
        return None
    return max(0.0, clock.now().timestamp() - at) if math.isfinite(at) else None


def _seconds(said: Any) -> float:
    try:
        return float(said)
    except ValueError:
        return datetime.fromisoformat(said).timestamp()
