"""The board: what is to be done after incidents, by team."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from core.due import When, when
from postmortems.domain.board import Item, board
from postmortems.models import ActionItem
from teams.models import Team, User

MOST: Final = 500


@dataclass(frozen=True)
class Card:
    item: ActionItem
    when: When


@dataclass(frozen=True)
class Column:
    owner: str
    cards: list[Card]
    late: int


def rows_of(query: dict[str, str], reader: User) -> list[ActionItem]:
    """`of`: "mine", or a team's slug; `show`: "done", or what is open."""
    items = ActionItem.objects.accepted()
    over = query.get("show") == "done"
    items = items.exclude(status__in=ActionItem.UNDONE) if over else items.open()
    of = query.get("of", "").replace("\0", "")
    if of == "mine":
        items = items.filter(Q(person=reader) | Q(team__members=reader) | Q(team__lead=reader))
    elif of:
        items = items.filter(Q(team__slug=of) | Q(person__teams__slug=of))
    rows = items.distinct().select_related("person", "team", "postmortem__incident")
    order = ("-done_at", "-pk") if over else ("due_date", "pk")
    return list(rows.prefetch_related("person__teams").order_by(*order)[:MOST])


def columns(items: Iterable[ActionItem], *, today: date) -> list[Column]:
    rows = {item.pk: item for item in items}
    plain = [Item(item.pk, team_of(item), item.due_date) for item in rows.values()]
    return [
        Column(
            one.owner,
            [Card(rows[each.key], when(each.due, today=today)) for each in one.items],
            one.late,
        )
        for one in board(plain, today=today)
    ]


def team_of(item: ActionItem) -> str:
    """The team that owns it, the person's, or the name of who is in none."""
    if item.team:
        return item.team.name
    teams: list[Team] = list(item.person.teams.all()) if item.person else []
    return teams[0].name if teams else item.owned_by or _("Nobody")
