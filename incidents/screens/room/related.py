from dataclasses import dataclass

from incidents.models import Incident, RelationName


@dataclass(frozen=True)
class Neighbour:
    number: int
    title: str
    url: str
    severity: str
    status: str
    status_name: str
    relation: str


def related(incident: Incident) -> list[Neighbour]:
    """What somebody linked, by what it is to this one; the newest of each first."""
    order = list(RelationName.values)
    rows = sorted(
        incident.relations.select_related("other"), key=lambda row: order.index(row.relation)
    )
    return [
        Neighbour(
            number=row.other.number,
            title=row.other.heading,
            url=row.other.get_absolute_url(),
            severity=row.other.severity,
            status=row.other.status,
            status_name=row.other.status_name,
            relation=str(RelationName(row.relation).label),
        )
        for row in rows
    ]
