"""What the guards would say to actions that nobody has proposed. Nothing of them is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from runbooks.domain.actions import Before, Mode, Verdict, Why
from runbooks.models import Action, Limits
from runbooks.services.executing import judge


@dataclass(frozen=True)
class Foretold:
    """Of one action; `people` would have to approve it first."""

    action: Action
    decided: Verdict | Why
    people: int


def foretell(drafts: Iterable[Action], *, at: datetime) -> list[Foretold]:
    """Each as it would find what the ones before it have taken."""
    found = list[Foretold]()
    for draft in drafts:
        limits = Limits.of(draft.kind)
        draft.proposed_at = at
        before = Action.objects.before(draft, now=at)
        for one in found:
            if one.action.kind == draft.kind and one.decided is Verdict.GO:
                before = Before(before.spent.plus(one.action.sun), at)
        decided = judge(draft, limits, before, at=at)
        shadow = limits.mode == Mode.SHADOW  # nobody is asked
        found.append(Foretold(draft, decided, 0 if shadow else draft.people_needed(limits.plain)))
    return found
