"""The tree of causes as a reader sees it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from postmortems.domain.causes import Answer, Cause, tree
from postmortems.models import Evidence, Postmortem, Why


@dataclass(frozen=True)
class Branch:
    why: Why
    depth: int
    evidence: tuple[Evidence, ...]
    causes: "tuple[Branch, ...]"

    @property
    def text(self) -> str:
        return self.why.answer


def causes(postmortem: Postmortem) -> tuple[Branch, ...]:
    rows = {
        one.pk: one for one in postmortem.whys.select_related("by").prefetch_related("evidence")
    }
    known = tree(Answer(one.pk, one.parent_id, one.answer) for one in rows.values())
    return _branches(known, rows)


def _branches(found: Iterable[Cause], rows: Mapping[int, Why]) -> tuple[Branch, ...]:
    return tuple(
        Branch(
            rows[one.answer.key], one.depth, tuple(rows[one.answer.key].evidence.all()),
            _branches(one.causes, rows),
        )
        for one in found
    )  # fmt: skip


def numbered(branches: Iterable[Branch]) -> Iterator[Branch]:
    """All of them, from the top down."""
    for one in branches:
        yield one
        yield from numbered(one.causes)
