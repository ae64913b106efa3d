"""A channel of Slack's own for one matter. Everything here raises SlackRefused or SlackUnanswered."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from integrations.slack import SlackRefused, client, explained

LONGEST_NAME: Final = 80
LONGEST_TOPIC: Final = 250
PAGES: Final = 25  # of channels looked through for one that may be ours
# None of them can be invited: they are there, or their accounts are gone.
THERE: Final = {"already_in_channel", "cant_invite_self", "user_not_found", "cant_invite"}


def create(name: str) -> str | None:
    """The new channel's id, or None where the name is taken."""
    try:
        with explained():
            return str(client().conversations_create(name=name)["channel"]["id"])
    except SlackRefused as refused:
        if refused.reason == "name_taken":
            return None
        raise


@explained()
def made_since(name: str, *, since: datetime) -> str | None:
    """The channel of this name, if it was made since: by an attempt whose answer was lost."""
    earliest = (since - timedelta(minutes=1)).timestamp()
    for channel in _all():
        if channel["name"] == name:
            return str(channel["id"]) if channel["created"] >= earliest else None
    return None


def invite(channel: str, people: Iterable[str]) -> None:
    """Whoever can be; one account that is gone keeps nobody else out."""
    try:
        with explained():
            client().conversations_invite(channel=channel, users=",".join(people), force=True)
    except SlackRefused as refused:
        if refused.reason not in THERE:
            raise


@explained()
def set_topic(channel: str, topic: str) -> None:
    client().conversations_setTopic(channel=channel, topic=topic[:LONGEST_TOPIC])


def archive(channel: str) -> None:
    """Closed for good; the words in it stay readable. Somebody may have done so by hand."""
    try:
        with explained():
            client().conversations_archive(channel=channel)
    except SlackRefused as refused:
        if refused.reason != "already_archived":
            raise


@explained()
def bookmark(channel: str, title: str, link: str) -> None:
    """Once, however often it is asked for."""
    kept: list[dict[str, Any]] = client().bookmarks_list(channel_id=channel).get("bookmarks") or []
    if not any(each.get("link") == link for each in kept):
        client().bookmarks_add(channel_id=channel, title=title, type="link", link=link)


def _all() -> Iterator[dict[str, Any]]:
    cursor = ""
    for _ in range(PAGES):
        page = client().conversations_list(limit=1000, exclude_archived=True, cursor=cursor)
        yield from page.get("channels") or []
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
