"""Incidents become one, and so does what customers are told of them."""

import json
from datetime import timedelta

import pytest

from core.errors import Refused
from incidents.services import merge, resolve, unmerge
from statuspage.documents import api
from statuspage.domain.phases import Phase, sayable
from statuspage.models import Notice
from statuspage.reading import read
from statuspage.registry import documents
from statuspage.services import Words, follow, merge_due, say
from tests.race import at_once
from tests.statuspage.scene import HOUR, START

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def two(trouble):
    """The withdrawals' incident, and the deposits' that is found to be the same."""
    home, duplicate = trouble("P1", "withdrawals"), trouble("P2", "deposits")
    follow(at=START)
    Notice.objects.filter(incident=home).update(title_ko="출금 장애", title_en="Withdrawals")
    Notice.objects.filter(incident=duplicate).update(title_ko="입금 장애", title_en="Deposits")
    return home, duplicate


def side(incident):
    return Notice.objects.get(incident=incident)


def told(incident, by, words, at=START + MINUTE):
    say(side(incident), Words(Phase.IDENTIFIED, words, words), by=by, at=at)


def files(at):
    snapshot = read(at=at)
    return {
        path: content
        for name in ("pages", "api", "feeds")
        for path, content in documents[name].files(snapshot)
    }


def states(at):
    return {one["name"]["en"]: one["state"] for one in read(at=at)["components"]}


def test_two_public_sides_become_one_and_the_old_address_shows_it_all(two, commander):
    home, duplicate = two
    told(duplicate, commander, "입금을 찾았어요.")
    told(home, commander, "출금을 찾았어요.", at=START + 2 * MINUTE)
    gone, stays = side(duplicate).public_id, side(home).public_id
    merge(duplicate, into=home, by=commander, at=START + HOUR)
    assert [merge_due(at=START + HOUR), merge_due(at=START + HOUR)] == [1, 0]
    follow(at=START + HOUR)

    assert (side(duplicate).phase, side(duplicate).merged_into) == ("merged", side(home))
    assert states(START + HOUR)["Deposits"] != "operational", "it is not well, it is told elsewhere"
    found = files(START + HOUR)
    old = found[f"status/en/incidents/{gone}/index.html"].decode()
    assert "What was told as “Deposits” is told here from now on." in old
    for words in (
        "입금을 찾았어요.",
        "출금을 찾았어요.",
        "This is told together with “Withdrawals”",
    ):
        assert words in old
        assert words in found[f"status/en/incidents/{stays}/index.html"].decode()
    [open_one] = json.loads(found["api/v2/incidents/unresolved.json"])["incidents"]
    assert (open_one["id"], open_one["status"]) == (stays, "identified")
    assert [one["status"] for one in open_one["incident_updates"]] == [
        "resolved", "identified", "identified",
    ]  # fmt: skip
    atom = found["status/en/history.atom"].decode()
    assert atom.count("<entry>") == 3
    assert f"/en/incidents/{gone}/" in atom

    resolve(home, by=commander, at=START + 2 * HOUR)
    say(side(home), Words(Phase.RESOLVED, "끝났어요."), by=commander, at=START + 2 * HOUR)
    assert set(states(START + 2 * HOUR).values()) == {"operational"}


def test_its_subscribers_are_told_where_it_goes_on(two, commander):
    home, duplicate = two
    told(duplicate, commander, "입금")
    told(home, commander, "출금")
    merge(duplicate, into=home, by=commander, at=START + HOUR)
    merge_due(at=START + HOUR)

    last = side(duplicate).updates.first()
    assert last.body_ko == "지금부터 “출금 장애”와 함께 알려 드려요."
    assert last.mailings.exists()
    body = api.told(read(at=START + HOUR), side(duplicate).public_id)
    assert (body["incident"]["status"], len(body["incident"]["incident_updates"])) == (
        "resolved",
        2,
    )


def test_the_only_side_that_customers_know_becomes_that_of_the_incident_that_stays(two, commander):
    home, duplicate = two
    told(duplicate, commander, "입금을 찾았어요.")
    Notice.objects.filter(incident=home).update(draft_ko="쓰던 말")
    known = side(duplicate)
    merge(duplicate, into=home, by=commander, at=START + HOUR)
    merge_due(at=START + HOUR)
    follow(at=START + HOUR)

    known.refresh_from_db()
    assert (known.incident, known.phase, known.draft_ko) == (home, "identified", "쓰던 말")
    assert side(duplicate).is_over
    assert {"Withdrawals", "Deposits"} <= {
        name for name, state in states(START + HOUR).items() if state != "operational"
    }


def test_what_nobody_was_told_of_ends_in_silence(two, commander):
    home, duplicate = two
    told(home, commander, "출금")
    merge(duplicate, into=home, by=commander, at=START + HOUR)
    assert merge_due(at=START + HOUR) == 0
    follow(at=START + HOUR)
    assert (side(duplicate).phase, side(duplicate).published_at) == ("resolved", None)


def test_taken_apart_again_it_is_told_for_itself(two, commander):
    home, duplicate = two
    told(duplicate, commander, "입금")
    told(home, commander, "출금")
    merge(duplicate, into=home, by=commander, at=START + HOUR)
    merge_due(at=START + HOUR)
    duplicate.refresh_from_db()
    unmerge(duplicate, by=commander, at=START + 2 * HOUR)
    assert [merge_due(at=START + 2 * HOUR), merge_due(at=START + 2 * HOUR)] == [1, 0]
    follow(at=START + 2 * HOUR)

    assert (side(duplicate).phase, side(duplicate).merged_into) == ("investigating", None)
    assert {one["title"]["en"] for one in read(at=START + 2 * HOUR)["notices"]} == {
        "Withdrawals",
        "Deposits",
    }


def test_nobody_writes_where_nobody_reads(two, commander):
    home, duplicate = two
    told(duplicate, commander, "입금")
    told(home, commander, "출금")
    merge(duplicate, into=home, by=commander, at=START + HOUR)
    merge_due(at=START + HOUR)
    with pytest.raises(Refused):
        told(duplicate, commander, "더", at=START + HOUR)
    assert Phase.MERGED not in sayable(Phase.INVESTIGATING, side(home).kind)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_say_it_once(two, commander):
    home, duplicate = two
    told(duplicate, commander, "입금")
    told(home, commander, "출금")
    merge(duplicate, into=home, by=commander, at=START + HOUR)
    at_once(*[lambda: merge_due(at=START + HOUR)] * 4)
    assert side(duplicate).updates.count() == 2
