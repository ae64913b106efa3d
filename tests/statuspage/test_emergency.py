"""A word without a database, on the page at once; in the tables later, once."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from statuspage.domain.emergency import Impossible
from statuspage.domain.phases import Phase
from statuspage.domain.states import State
from statuspage.models import Interval, Notice, Update
from statuspage.reading import read
from statuspage.services import Words, Work, announce, emergency, follow, publish_due, say
from statuspage.tree import Tree
from tests.statuspage.scene import START, component

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LATER = START + 5 * MINUTE


@pytest.fixture
def tree(tmp_path, page, settings):
    settings.BONGSU_HOME = tmp_path
    publish_due(at=START)
    return Tree()


def post(tree, words="출금이 멈췄어요.", at=LATER, phase=Phase.INVESTIGATING, states=(), **said):
    title = {"ko": "출금 중단", "en": ""}
    keys = {component(name).public_id: state for name, state in dict(states).items()}
    body = {"ko": words, "en": ""}
    return emergency.post(
        body, phase=phase, at=at, title=title, states=keys, tree=tree, **said
    )  # fmt: skip


def summary(tree):
    return json.loads((tree.current / "api/v2/summary.json").read_text())


def test_it_asks_no_table(tree, django_assert_num_queries):
    key = component("Withdrawals").public_id
    with django_assert_num_queries(0):
        emergency.post(
            {"ko": "멈췄어요.", "en": ""}, phase=Phase.INVESTIGATING, at=LATER, tree=tree,
            title={"ko": "출금 중단", "en": ""}, states={key: State.MAJOR},
        )  # fmt: skip

    assert summary(tree)["status"]["description"] == "Partial System Outage"
    page = (tree.current / "status/index.html").read_text()
    assert "멈췄어요." in page
    assert "출금 중단" in page
    assert json.loads((tree.current / "status/heartbeat.json").read_text())["version"].endswith(
        ".1"
    )


def test_the_tables_get_it_once_however_often_it_is_tried(tree):
    post(tree, states={"Withdrawals": State.MAJOR})
    journal = (tree.root / emergency.JOURNAL).read_bytes()

    for _ in range(3):
        tree.keep(emergency.JOURNAL, journal)  # died before it was forgotten
        publish_due(at=LATER + MINUTE)

    [update] = Update.objects.all()
    assert (update.body_ko, update.at, update.public_id) == (
        "출금이 멈췄어요.", LATER, json.loads(journal)[0]["id"],
    )  # fmt: skip
    assert Notice.objects.get().title_ko == "출금 중단"
    [interval] = Interval.objects.all()
    assert (interval.began_at, interval.ended_at) == (LATER, None)
    assert not (tree.root / emergency.JOURNAL).exists()


def test_what_the_tables_say_afterwards_is_what_customers_read_before(tree, trouble, commander):
    trouble("P1")
    follow(at=START)
    notice = Notice.objects.get()
    say(notice, Words(Phase.INVESTIGATING, "찾고 있어요."), by=commander, at=START)
    publish_due(at=START + MINUTE)

    post(tree, "찾았어요.", phase=Phase.IDENTIFIED, states={"Withdrawals": State.PARTIAL},
         notice=notice.public_id)  # fmt: skip
    post(tree, "입금도요.", at=LATER + MINUTE, states={"Deposits": State.DEGRADED})
    post(tree, "끝났어요.", at=LATER + 2 * MINUTE, phase=Phase.RESOLVED, notice=notice.public_id)
    without = tree.published()
    publish_due(at=LATER + 3 * MINUTE)
    follow(at=LATER + 3 * MINUTE)
    within = read(at=LATER + 3 * MINUTE)

    def told(snapshot):
        states = {one["id"]: (one["state"], one["spans"]) for one in snapshot["components"]}
        notices = {
            one["id"]: (one["phase"], one["impact"], one["resolved_at"], one["says"])
            for one in snapshot["notices"]
        }
        words = [
            (one["id"], each["id"], each["body"])
            for one in snapshot["notices"]
            for each in one["updates"]
        ]
        return states, notices, sorted(words, key=str)

    assert told(without) == told(json.loads(json.dumps(within)))
    assert component("Withdrawals").intervals.open().count() == 0


def test_what_was_written_down_before_a_death_is_on_the_page_with_the_next_word(tree):
    before = tree.record.read_bytes()
    first = post(tree, "먼저요.", states={"Deposits": State.MAJOR})
    tree.record.write_bytes(before)  # died between the journal and the tree

    post(tree, "다음이에요.", notice=first["notice"], phase=Phase.IDENTIFIED, at=LATER + MINUTE)

    [incident] = summary(tree)["incidents"]
    assert [one["body"] for one in incident["incident_updates"]] == ["다음이에요.", "먼저요."]
    publish_due(at=LATER + 2 * MINUTE)
    assert Update.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"phase": Phase.POSTMORTEM}, "cannot follow"),
        ({"phase": Phase.SCHEDULED}, "cannot follow"),
        ({"words": "  "}, "Say something"),
    ],
)
def test_what_cannot_be_said_is_refused_and_leaves_nothing(tree, said, why):
    with pytest.raises(Impossible, match=why):
        post(tree, **said)
    assert not (tree.root / emergency.JOURNAL).exists()
    assert summary(tree)["incidents"] == []


def test_what_the_tables_moved_past_unseen_is_kept_as_it_was_told(tree, commander):
    hour = START + 60 * MINUTE
    work = announce(
        Work("점검", "", "해요.", "", [component("Deposits")], START + MINUTE, hour),
        by=commander, at=START,
    )  # fmt: skip
    publish_due(at=START + MINUTE)
    post(tree, "길어져요.", phase=Phase.IN_PROGRESS, notice=work.public_id)
    say(work, Words(Phase.COMPLETED, "끝났어요."), by=commander, at=LATER)

    publish_due(at=LATER + MINUTE)

    work.refresh_from_db()
    assert work.phase == Phase.COMPLETED
    assert set(work.updates.values_list("body_ko", flat=True)) == {
        "해요.",
        "길어져요.",
        "끝났어요.",
    }


def test_the_command_names_components_as_people_do(tree, capsys):
    call_command("status_emergency")
    assert "TRC-20 출금" in capsys.readouterr().out

    call_command(
        "status_emergency", "멈췄어요.", "--title=출금 중단", "--set=TRC-20 출금=major_outage"
    )

    assert "--notice" in capsys.readouterr().out
    assert summary(tree)["status"]["indicator"] == "major"
    with pytest.raises(CommandError, match="no such component"):
        call_command("status_emergency", "멈췄어요.", "--title=출금", "--set=아무거나=major_outage")
