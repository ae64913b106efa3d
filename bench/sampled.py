"""What `bench.sampling` found, for whoever draws the table without loading the product."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Found:
    samples: int = 0
    metrics: int = 0
    ours: float = 0.0  # samples a second, in turns with the bare COPY
    bare: float = 0.0
    loading: float = 0.0  # samples a second over the whole load
    rolling: float = 0.0
    heap: float = 0.0  # bytes a sample
    index: float = 0.0
    rolled: float = 0.0  # bytes of all roll-ups, divided by the samples
    charts: dict[str, list[float]] = field(default_factory=dict)
    most: int = 0  # points of a chart
    walls: dict[str, list[float]] = field(default_factory=dict)  # a whole host's charts
