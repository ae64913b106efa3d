"""By which name this process leases what it sends: its place, and its life in it.

A place is held by one process at a time: whoever starts a process in it has seen the one before
end. A process without a place has no successor.
"""

import os
import uuid


class Sender:
    def __init__(self, place: str) -> None:
        self.place, self.has_taken_over = place, not place
        self.name = f"{place}/{uuid.uuid4().hex}"


_sender = Sender(os.environ.get("BONGSU_PLACE", ""))


def take_place(place: str) -> None:
    """From a forked process: its parent sends nothing, and its siblings have places of their own."""
    global _sender  # noqa: PLW0603 - one for the process
    _sender = Sender(place)


def sender() -> Sender:
    return _sender
