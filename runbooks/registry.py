"""Kinds of guarded actions, registered by whoever can carry them out."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from django.utils.functional import Promise

from core.registry import Registry
from runbooks.domain.actions import Limits, Outcome

if TYPE_CHECKING:
    from runbooks.models import Action

LEASE: Final = timedelta(minutes=2)  # longer than any one execution takes


class Kind(Protocol):
    """One way to change the world outside. `limits` hold until somebody changes them in the console."""

    limits: Limits

    @property
    def label(self) -> Promise | str:
        """Of the kind, as people call it."""

    def describe(self, action: "Action") -> str:
        """What it does to what, in the reader's language, short enough for a line."""

    def execute(self, action: "Action") -> Outcome:
        """Do it, once, within the lease, under the action's key towards whoever knows keys.

        It is called at most once for an action. Unknown is the honest answer to whatever may have
        happened, and an exception counts as that.
        """

    def reconcile(self, action: "Action") -> Outcome | None:
        """What became of it, by looking; None: it cannot be said yet. It never does it again.

        Failed means that it has not happened and cannot happen any more.
        """


actions: Registry[Kind] = Registry("runbooks.actions")


followers: Final[set[str]] = set()  # ticks that go on when an action is over


def label_of(kind: str) -> str:
    """A kind that nobody can carry out any more keeps its code, as its rows do."""
    found = actions.get(kind)
    return str(found.label) if found else kind
