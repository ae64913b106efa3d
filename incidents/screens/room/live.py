"""What a changed room sends to those who poll it: written once for all of the same standing.

The template gets no person and no request, so that nothing of one reader can reach another; what it
can depend on is what the key is made of. A form's token is not in it (`room/_forms.html`).
"""

import threading
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from core import clock
from incidents.domain.story import Reading
from incidents.models import Incident
from incidents.screens.room.page import room
from incidents.screens.room.viewer import Standing, Viewer
from incidents.services.asking import Answers
from teams.models import User

REMEMBERED: Final = "rooms"
# Of many who ask at once for what nobody has written yet one writes, and the others wait for it.
WRITING: Final = tuple(threading.Lock() for _ in range(32))


def live_part(seen: Incident, user: User, reading: Reading) -> str:
    """`seen` is the incident as the reader will know it: what is written is that or newer, never older."""
    moment = f"{seen.number} {seen.timeline_head} {seen.version}"
    standing = _once(f"standing {moment}", lambda: Standing.of(seen, Answers.to(seen)))
    viewer = standing.viewer(user)
    written_for = (
        moment, viewer.rank, sorted(viewer.seats), viewer.here, viewer.asked, viewer.pk, reading.query,
        str(reading.down_to), get_language(), timezone.get_current_timezone_name(),
    )  # fmt: skip
    return str(_once(f"live {written_for}", lambda: _write(seen.number, viewer, reading)))


def _write(number: int, viewer: Viewer, reading: Reading) -> str:
    incident = Incident.objects.for_list().get(pk=number)
    # Asked anew: what was said since would be missing from a room that carries the newer version.
    answers = Answers.to(incident)
    context = room(incident, viewer, answers, reading, at=clock.now()) | {"is_update": True}
    return render_to_string("incidents/room.html#live", context)


def _once(what: str, make: Callable[[], Any]) -> Any:
    remembered, key = caches[REMEMBERED], sha256(what.encode()).hexdigest()
    if (found := remembered.get(key)) is not None:
        return found
    with WRITING[int(key, 16) % len(WRITING)]:
        if (found := remembered.get(key)) is None:
            remembered.set(key, found := make())
        return found
