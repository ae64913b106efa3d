"""Which services stand on which."""

from collections.abc import Collection, Iterable, Mapping

Graph = Mapping[int, Collection[int]]  # a service, and what it needs to work


def depths(service: int, graph: Graph) -> dict[int, int]:
    """All that a service stands on, and how far below by the longest way; not the service itself."""
    found: dict[int, int] = {}
    level = {service}
    for depth in range(1, len(graph) + 1):  # no way is longer, unless it goes in a circle
        level = {below for one in level for below in graph.get(one, ())} - {service}
        found |= dict.fromkeys(level, depth)
    return found


def goes_in_circles(service: int, below: Iterable[int], graph: Graph) -> bool:
    """Would it stand on itself, if it stood on these?"""
    return any(service == one or service in depths(one, graph) for one in below)
