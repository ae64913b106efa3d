"""Whether one incident may be merged into another."""

from enum import StrEnum

from incidents.domain.lifecycle import OPEN


class Obstacle(StrEnum):
    ITSELF = "itself"
    OVER = "over"  # what is over, or merged already, is not a duplicate of something that burns
    TARGET_OVER = "target over"


def obstacle(number: int, status: str, *, into: int, into_status: str) -> Obstacle | None:
    if number == into:
        return Obstacle.ITSELF
    if status not in OPEN:
        return Obstacle.OVER
    return None if into_status in OPEN else Obstacle.TARGET_OVER
