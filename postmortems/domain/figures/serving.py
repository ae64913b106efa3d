"""How much of a time a service was there, against what it promises."""

from dataclasses import dataclass

from incidents.domain.serving import Served
from postmortems.domain.figures.estimates import Figure


@dataclass(frozen=True, slots=True)
class Kept:
    availability: Figure
    down: Figure
    budget: Figure  # what is left of it
    burn: Figure  # times as fast as the budget allows


def kept(served: Served | None, *, target: float) -> Kept:
    """Per cent, rounded down to hundredths as the status page prints it; bounds: unknown time all down, all well."""
    if served is None or not served.known:
        return Kept(*(Figure(None, unit, 0) for unit in ("%", "s", "%", "x")))
    n, lost = served.known, served.down / 100
    allowed = served.known * (1 - target / 100)
    every = served.known + served.unknown
    return Kept(
        Figure(
            _floored(served.down, 100 * n), "%", n,
            _floored(served.down + 100 * served.unknown, 100 * every),
            _floored(served.down, 100 * every),
        ),
        Figure(lost, "s", n, lost, lost + served.unknown),
        Figure(100 * (1 - lost / allowed) if allowed else None, "%", n),
        Figure(lost / allowed if allowed else None, "x", n),
    )  # fmt: skip


def _floored(down: int, known: int) -> float:
    return 10_000 * (known - down) // known / 100
