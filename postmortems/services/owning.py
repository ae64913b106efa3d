"""Action items: what we change, by whom and by when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from postmortems.models import ActionItem, Postmortem
from postmortems.services.keeping import editing, keep_next, locked
from teams.models import User

LATER: Final = frozenset({"status", "tracker_url", "due_date", "person", "team", "owner"})


def add_action(
    postmortem: Postmortem, fields: Mapping[str, Any], *, by: User | None, at: datetime
) -> ActionItem:
    with editing(postmortem, by=by, at=at) as now:
        return _put(ActionItem(postmortem=now), fields, at=at)


def change_action(
    item: ActionItem, fields: Mapping[str, Any], *, by: User | None, at: datetime
) -> ActionItem:
    """Whoever changes a suggestion has accepted it. Of what is published only progress, owner and date change."""
    with transaction.atomic():
        postmortem = locked(item.postmortem)
        kept = ActionItem.objects.select_for_update().filter(pk=item.pk).first()
        if kept is None:
            raise Refused(_("This action item has been removed meanwhile."))
        changed = {name for name, said in fields.items() if getattr(kept, name) != said}
        if not postmortem.is_open and changed - LATER:
            raise Refused(_("It is published: only progress, owner, date and link still change."))
        _put(kept, {**fields, "suggested": False}, at=at)
        if postmortem.is_open:
            keep_next(postmortem, by=by, at=at)
    return kept


def remove_action(item: ActionItem, *, by: User | None, at: datetime) -> None:
    with editing(item.postmortem, by=by, at=at):
        ActionItem.objects.filter(pk=item.pk).delete()


def set_actions(
    postmortem: Postmortem, wanted: Sequence[Mapping[str, Any]], *, by: User | None, at: datetime
) -> None:
    """These and no others: who has an id is changed, who has none is new."""
    with editing(postmortem, by=by, at=at) as now:
        named = [row["id"] for row in wanted if "id" in row]
        known = now.actions.in_bulk(named)
        if len(set(named)) < len(named) or len(known) < len(named):
            raise Refused(_("An action item is named that this postmortem does not have."))
        now.actions.exclude(pk__in=named).delete()
        for row in wanted:
            item = known.get(row.get("id", 0)) or ActionItem(postmortem=now)
            _put(item, row, at=at)


def _put(item: ActionItem, fields: Mapping[str, Any], *, at: datetime) -> ActionItem:
    """A new due date is reminded of anew."""
    if item.pk and fields.get("due_date", item.due_date) != item.due_date:
        item.told_before = item.told_after = False
    for name, said in fields.items():
        setattr(item, name, said)
    if item.person and item.team:
        raise Refused(_("A person or a team owns it, not both."))
    if not item.owned_by:
        raise Refused(_("Somebody has to own it: a person or a team."))
    if item.status not in ActionItem.UNDONE:
        item.done_at = item.done_at or at
    else:
        item.done_at = None
    item.save()
    return item
