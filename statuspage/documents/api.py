"""Statuspage's public API v2, the part that is read: eight documents in the shapes its clients check."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.conf import settings

from statuspage.domain.phases import KNOWN, Phase
from statuspage.domain.snapshot import (
    ComponentFacts,
    GroupFacts,
    NoticeFacts,
    Snapshot,
    UpdateFacts,
    in_words,
    log,
    notices,
    sentence,
)
from statuspage.domain.states import INDICATOR, Overall, State, worst
from statuspage.registry import Document, documents

LISTED: Final = 50
Json = dict[str, Any]


@documents.register("api")
class Api(Document):
    def files(self, snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
        said = _Said(snapshot)
        parts: dict[str, Json] = {
            "summary": {
                "components": said.components,
                "incidents": said.incidents(going_on=True),
                "scheduled_maintenances": said.maintenances(
                    Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.VERIFYING
                ),
                "status": said.status,
            },
            "status": {"status": said.status},
            "components": {"components": said.components},
            "incidents": {"incidents": said.incidents()[:LISTED]},
            "incidents/unresolved": {"incidents": said.incidents(going_on=True)},
            "scheduled-maintenances": {
                "scheduled_maintenances": said.maintenances(*Phase)[:LISTED]
            },
            "scheduled-maintenances/upcoming": {
                "scheduled_maintenances": said.maintenances(Phase.SCHEDULED)
            },
            "scheduled-maintenances/active": {
                "scheduled_maintenances": said.maintenances(Phase.IN_PROGRESS, Phase.VERIFYING)
            },
        }
        for name, part in parts.items():
            body = json.dumps({"page": said.page} | part, ensure_ascii=False).encode()
            yield f"api/v2/{name}.json", body
            yield f"status/api/v2/{name}.json", body


class _Said:
    """In the language of the installation: these documents know only one."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.page = self._page()
        self.groups = {one["id"]: one for one in snapshot["groups"]}
        self.leaves = {one["id"]: self._leaf(one) for one in snapshot["components"]}
        self.components = [*map(self._group, snapshot["groups"]), *self.leaves.values()]
        said = sentence(snapshot)
        self.status = {"indicator": INDICATOR[Overall(said)], "description": said}

    def incidents(self, *, going_on: bool | None = None) -> list[Json]:
        found = notices(self.snapshot, "incident", going_on=going_on)
        return [self.notice(one) for one in found]

    def maintenances(self, *phases: Phase) -> list[Json]:
        return [
            self.notice(one)
            | {key: one[key] for key in ("scheduled_for", "scheduled_until")}
            for one in notices(self.snapshot, "maintenance")
            if one["phase"] in phases
        ]  # fmt: skip

    def _page(self) -> Json:
        page = self.snapshot["page"]
        return {
            "id": page["id"],
            "name": _in(page["name"]),
            "url": page["url"],
            "time_zone": page["time_zone"],
            "updated_at": self.snapshot["at"],
        }

    def _leaf(self, one: ComponentFacts) -> Json:
        return {
            "id": one["id"],
            "name": _in(one["name"]),
            "status": one["state"],
            "created_at": one["created_at"],
            "updated_at": one["updated_at"],
            "position": one["position"],
            "description": _in(one["description"]) or None,
            "showcase": one["showcase"],
            "start_date": one["since"],
            "group_id": one["group"],
            "page_id": self.page["id"],
            "group": False,
            "only_show_if_degraded": one["only_if_degraded"],
        }

    def _group(self, one: GroupFacts) -> Json:
        members = [leaf for leaf in self.leaves.values() if leaf["group_id"] == one["id"]]
        return {
            "id": one["id"],
            "name": _in(one["name"]),
            "status": worst(State(leaf["status"]) for leaf in members),
            "created_at": one["created_at"],
            "updated_at": max([one["updated_at"], *(leaf["updated_at"] for leaf in members)]),
            "position": one["position"],
            "description": None,
            "showcase": False,
            "start_date": None,
            "group_id": None,
            "page_id": self.page["id"],
            "group": True,
            "only_show_if_degraded": False,
            "components": [leaf["id"] for leaf in members],
        }

    def notice(self, one: NoticeFacts) -> Json:
        return {
            "id": one["id"],
            "name": _in(one["title"]),
            "status": _known(one["phase"]),
            "created_at": one["created_at"],
            "updated_at": one["updated_at"],
            "monitoring_at": one["monitoring_at"],
            "resolved_at": one["resolved_at"],
            "impact": one["impact"],
            "shortlink": f"{self.page['url']}/incidents/{one['id']}/",
            "started_at": one["started_at"],
            "page_id": self.page["id"],
            "incident_updates": [self._update(each, one) for each in log(self.snapshot, one)],
            "components": [self.leaves[key] for key in one["components"] if key in self.leaves],
            "reminder_intervals": None,
        }

    def _update(self, one: UpdateFacts, of: NoticeFacts) -> Json:
        return {
            "id": one["id"],
            "status": _known(one["phase"]),
            "body": _in(one["body"]),
            "incident_id": of["id"],
            "created_at": one["created_at"],
            "updated_at": one["updated_at"],
            "display_at": one["at"],
            "affected_components": list(self._changes(one)) or None,
            "deliver_notifications": one["told"],
            "custom_tweet": None,
            "tweet_id": None,
        }

    def _changes(self, update: UpdateFacts) -> Iterable[Json]:
        for one in update["changes"]:
            group = self.leaves.get(one["component"], {}).get("group_id")
            above = f"{_in(self.groups[group]['name'])} - " if group in self.groups else ""
            yield {
                "code": one["component"],
                "name": above + _in(one["name"]),
                "old_status": one["old"],
                "new_status": one["new"],
            }


def _known(phase: str) -> str:
    """Where Statuspage has no word for it, its clients read the update."""
    return KNOWN.get(Phase(phase), phase)


def _in(text: dict[str, str]) -> str:
    return in_words(text, settings.LANGUAGE_CODE)[0]


def told(snapshot: Snapshot, notice: str) -> Json:
    """One notice and the page around it, for whoever is sent it; the notice is in the snapshot."""
    said = _Said(snapshot)
    merged = map(said.notice, snapshot["merged"])
    all_of_them = [*said.incidents(), *said.maintenances(*Phase), *merged]
    (found,) = [one for one in all_of_them if one["id"] == notice]
    return {"page": said.page, "status": said.status, "incident": found}
