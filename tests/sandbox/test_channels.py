"""Slack's channels, met with Slack's own client."""

import uuid
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.sandbox.conftest import Sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> WebClient:
    return WebClient(token="xoxb-test", base_url=f"{sandbox.url}/slack/api/")


@pytest.fixture
def channel(client: WebClient) -> Any:
    made: Any = client.conversations_create(name=f"inc-{uuid.uuid4().hex[:12]}")["channel"]
    return made


def refused(call: Any, **said: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**said)
    return str(caught.value.response["error"])


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("Inc-1", "invalid_name_specials"),
        ("inc 1", "invalid_name_specials"),
        ("inc.1", "invalid_name_specials"),
        ("x" * 81, "invalid_name_maxlength"),
        ("", "invalid_name_required"),
    ],
)
def test_a_name_slack_would_not_take_is_refused_with_its_word(client, name, error):
    assert refused(client.conversations_create, name=name) == error


def test_a_name_is_taken_once_and_found_in_pages(client, channel):
    assert refused(client.conversations_create, name=channel["name"]) == "name_taken"

    client.conversations_create(name=f"inc-{uuid.uuid4().hex[:12]}")
    first: Any = client.conversations_list(limit=1)
    cursor = first["response_metadata"]["next_cursor"]
    rest: Any = client.conversations_list(limit=1000, cursor=cursor)
    found = {each["name"] for each in [*first["channels"], *rest["channels"]]}
    assert channel["name"] in found


def test_whoever_can_be_invited_is_and_the_others_stop_it_unless_forced(client, channel):
    invite, key = client.conversations_invite, channel["id"]
    assert refused(invite, channel=key, users="U0000001,nobody") == "user_not_found"

    invite(channel=key, users="U0000001,nobody", force=True)
    assert refused(invite, channel=key, users="U0000001") == "already_in_channel"
    assert refused(invite, channel=key, users="U000") == "cant_invite_self"
    assert refused(invite, channel="C404", users="U0000001") == "channel_not_found"
    members: Any = client.conversations_members(channel=key)["members"]
    assert members == ["U000", "U0000001"]


def test_topic_and_bookmarks_stay_and_have_their_limits(client, channel):
    key = channel["id"]
    topic: Any = client.conversations_setTopic(channel=key, topic="출금 중단")
    assert topic["channel"]["topic"]["value"] == "출금 중단"
    assert refused(client.conversations_setTopic, channel=key, topic="가" * 251) == "too_long"

    client.bookmarks_add(channel_id=key, title="상황실", type="link", link="http://127.0.0.1/")
    assert (
        refused(client.bookmarks_add, channel_id=key, title="x", type="link", link="x")
        == "invalid_link"
    )
    kept: Any = client.bookmarks_list(channel_id=key)["bookmarks"]
    assert [each["title"] for each in kept] == ["상황실"]


def test_an_answer_that_is_lost_leaves_the_channel_there(sandbox, client):
    name = f"inc-{uuid.uuid4().hex[:12]}"
    sandbox.break_("slack_channels", "drop", match="conversations.create", count=1)

    with pytest.raises((OSError, SlackApiError)):
        client.conversations_create(name=name)
    assert refused(client.conversations_create, name=name) == "name_taken"


def test_an_archived_channel_takes_no_more_and_is_left_out_of_lists(client, channel):
    key = channel["id"]
    client.conversations_archive(channel=key)

    assert refused(client.conversations_archive, channel=key) == "already_archived"
    assert refused(client.conversations_setTopic, channel=key, topic="x") == "is_archived"
    found: Any = client.conversations_list(limit=1000, exclude_archived=True)["channels"]
    assert key not in {each["id"] for each in found}
