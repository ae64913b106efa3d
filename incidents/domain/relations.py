"""How two incidents belong together, where a person says so. There are few ways, for a choice of many is guessed."""

from enum import StrEnum
from typing import Final

from incidents.domain.lifecycle import OPEN


class Relation(StrEnum):
    """What the one is to the other."""

    RELATED = "related"
    CAUSED_BY = "caused_by"
    CAUSES = "causes"
    DUPLICATE = "duplicate"  # known too late to merge them: one of the two is over


MIRRORED: Final = {
    Relation.CAUSED_BY: Relation.CAUSES,
    Relation.CAUSES: Relation.CAUSED_BY,
}
MOST: Final = 50  # of one incident: where everything belongs together, nothing is told


class Obstacle(StrEnum):
    ITSELF = "itself"
    TO_BE_MERGED = "to be merged"
    ENOUGH = "enough"


def mirrored(relation: Relation) -> Relation:
    """What the other is to the one."""
    return MIRRORED.get(relation, relation)


def obstacle(
    relation: Relation, one: tuple[int, str], other: tuple[int, str], *, known: int
) -> Obstacle | None:
    """Of two incidents by number and status; `known` is how many the fuller of both belongs to."""
    if one[0] == other[0]:
        return Obstacle.ITSELF
    if relation == Relation.DUPLICATE and one[1] in OPEN and other[1] in OPEN:
        return Obstacle.TO_BE_MERGED
    return Obstacle.ENOUGH if known >= MOST else None
