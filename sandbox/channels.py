"""Slack's channels: created, filled with people, given a topic and bookmarks, as its Web API does it."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.answers import HttpParty
from sandbox.faults import KEEPS, Fault
from sandbox.slack import Fields, SlackError, fields, refusal_of, token
from sandbox.world import World

BOT = "U000"
PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
NAME = re.compile(r"[a-z0-9_-]+")
LONGEST_NAME, LONGEST_TOPIC = 80, 250


@dataclass
class Channel:
    id: str
    name: str
    created: int
    members: list[str] = field(default_factory=lambda: [BOT])
    topic: str = ""
    archived: bool = False
    bookmarks: list[Fields] = field(default_factory=list)

    def told(self) -> Fields:
        return {
            "id": self.id, "name": self.name, "created": self.created, "creator": BOT,
            "is_channel": True, "is_archived": self.archived, "topic": {"value": self.topic},
            "num_members": len(self.members),
        }  # fmt: skip


class Channels(HttpParty):
    switches: ClassVar = ("slack_channels",)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._channels: dict[str, Channel] = {}
        self._methods: dict[str, Callable[[Fields], Fields]] = {
            "conversations.archive": self.archive,
            "conversations.create": self.create,
            "conversations.list": self.list,
            "conversations.invite": self.invite,
            "conversations.members": self.members,
            "conversations.setTopic": self.set_topic,
            "bookmarks.add": self.add_bookmark,
            "bookmarks.list": self.bookmarks,
        }

    def routes(self) -> list[Route]:
        return [
            Route(f"/slack/api/{name}", self.api, methods=["GET", "POST"]) for name in self._methods
        ]

    async def api(self, request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        try:
            given = await fields(request)
            if not token(request, given):
                raise SlackError("not_authed")
            fault = self.world.faults.strike("slack_channels", name)
            answer = self._methods[name](given) if fault.mode in KEEPS else {}
            suffered = await self._suffer(fault, switch="slack_channels", to=name)
            return suffered or JSONResponse({"ok": True, **answer})
        except SlackError as error:
            return JSONResponse({"ok": False, "error": str(error)})

    def refusal(self, fault: Fault, *, switch: str, to: str) -> Response:
        return refusal_of(fault)

    def create(self, given: Fields) -> Fields:
        name = str(given.get("name") or "")
        if not name:
            raise SlackError("invalid_name_required")
        if len(name) > LONGEST_NAME:
            raise SlackError("invalid_name_maxlength")
        if not NAME.fullmatch(name):
            raise SlackError("invalid_name_specials")
        if any(each.name == name for each in self._channels.values()):
            raise SlackError("name_taken")
        made = Channel(f"C{len(self._channels):08d}", name, int(time.time()))
        self._channels[made.id] = made
        return {"channel": made.told()}

    def list(self, given: Fields) -> Fields:
        start, limit = int(given.get("cursor") or 0), int(given.get("limit") or 100)
        gone = _true(given.get("exclude_archived"))
        found = [each.told() for each in self._channels.values() if not (gone and each.archived)]
        following = str(start + limit) if start + limit < len(found) else ""
        page = found[start : start + limit]
        return {"channels": page, "response_metadata": {"next_cursor": following}}

    def invite(self, given: Fields) -> Fields:
        channel = self._open(given.get("channel"))
        wanted = [user for user in str(given.get("users") or "").split(",") if user]
        if not wanted:
            raise SlackError("no_user")
        faults = [fault for user in wanted if (fault := _fault(channel, user))]
        if faults and (len(faults) == len(wanted) or not _true(given.get("force"))):
            raise SlackError(faults[0])
        channel.members += [user for user in wanted if not _fault(channel, user)]
        return {"channel": channel.told()}

    def members(self, given: Fields) -> Fields:
        return {"members": self._channel(given.get("channel")).members}

    def set_topic(self, given: Fields) -> Fields:
        channel, topic = self._open(given.get("channel")), str(given.get("topic") or "")
        if len(topic) > LONGEST_TOPIC:
            raise SlackError("too_long")
        channel.topic = topic
        return {"channel": channel.told()}

    def add_bookmark(self, given: Fields) -> Fields:
        channel, link = self._channel(given.get("channel_id")), str(given.get("link") or "")
        if not link.startswith(("http://", "https://")):
            raise SlackError("invalid_link")
        made = {"id": f"Bk{len(channel.bookmarks)}", "title": given.get("title"), "link": link}
        channel.bookmarks.append(made)
        return {"bookmark": made}

    def bookmarks(self, given: Fields) -> Fields:
        return {"bookmarks": self._channel(given.get("channel_id")).bookmarks}

    def archive(self, given: Fields) -> Fields:
        channel = self._channel(given.get("channel"))
        if channel.archived:
            raise SlackError("already_archived")
        channel.archived = True
        return {}

    def _open(self, key: Any) -> Channel:
        channel = self._channel(key)
        if channel.archived:
            raise SlackError("is_archived")
        return channel

    def _channel(self, key: Any) -> Channel:
        if str(key) not in self._channels:
            raise SlackError("channel_not_found")
        return self._channels[str(key)]


def _fault(channel: Channel, user: str) -> str:
    if user == BOT:
        return "cant_invite_self"
    if not PERSON.fullmatch(user):
        return "user_not_found"
    return "already_in_channel" if user in channel.members else ""


def _true(given: object) -> bool:
    return str(given).lower() in {"1", "true"}
