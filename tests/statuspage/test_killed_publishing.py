"""Whoever publishes is killed at any moment: readers have one whole state, and the next one who publishes goes on."""

import json
import os
import random
import re
import signal
import time
from copy import deepcopy
from datetime import timedelta
from itertools import count

import pytest

from statuspage.domain.phases import Phase
from statuspage.domain.snapshot import written
from statuspage.models import Notice
from statuspage.reading import read
from statuspage.services import Words, follow, say
from statuspage.tree import KEPT, Tree
from statuspage.written import written_of
from tests.statuspage.scene import NOW, START

ROUNDS = int(os.environ.get("BONGSU_KILLS", "60"))
LONGEST = 0.6  # seconds until it is killed: some trees

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(60 + 3 * ROUNDS)]


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path / "public")


@pytest.fixture
def state(trouble, commander):
    """The page as of the n-th word, which says its number; without tables. In every third a notice is not there."""
    trouble("P1")
    follow(at=START)
    say(Notice.objects.get(), Words(Phase.INVESTIGATING, "말"), by=commander, at=START)
    Notice.objects.create(title_ko="다른 일", phase=Phase.INVESTIGATING, started_at=START)
    told = read(at=NOW)

    def at(number):
        found = deepcopy(told)
        found["change"], found["at"] = number, written(NOW + timedelta(seconds=number))
        found["notices"] = found["notices"][: 1 if number % 3 else 2]
        for notice in found["notices"]:
            for update in notice["updates"]:
                update["body"]["ko"] = f"{number}번째 말"
        return found

    return at


def publish(tree, snapshot):
    with tree.held():
        tree.publish(snapshot, written_of(snapshot))


def publishing(tree, state):
    """A child that publishes one state after the other, until it is killed."""
    child = os.fork()
    if child:
        return child
    try:
        for number in count(newest(tree) + 1):
            publish(tree, state(number))
    finally:
        os._exit(1)


def newest(tree):
    return (tree.published() or {"change": 0})["change"]


def said(folder):
    """Which state each kind of document tells, to a reader who has come to this tree."""
    page = (folder / "status/index.html").read_text()
    other = (folder / "status/en/history/index.html").read_text()
    feed = (folder / "status/history.atom").read_text()
    listed = json.loads((folder / "status/history.feed.json").read_text())
    summary = json.loads((folder / "api/v2/summary.json").read_text())
    sign = json.loads((folder / "status/heartbeat.json").read_text())
    figures = json.loads((folder / "status/uptime.json").read_text())
    numbers = {int(one) for text in (page, feed) for one in re.findall(r"(\d+)번째 말", text)}
    numbers |= {int(re.findall(r'data-version="(\d+)\.0"', text)[0]) for text in (page, other)}
    numbers |= {int(one["content_text"].removesuffix("번째 말")) for one in listed["items"]}
    numbers.add(int(sign["version"].removesuffix(".0")))
    moments = {summary["page"]["updated_at"], figures["at"], sign["at"]}
    return numbers, moments


def files(folder):
    return {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}


def test_killed_at_any_moment_the_tree_is_one_whole_state_and_the_next_heals(tree, state, tell):
    seed = random.randrange(1_000_000)
    chance, seen = random.Random(seed), set()
    publish(tree, state(1))

    for _round in range(ROUNDS):
        child = publishing(tree, state)
        time.sleep(chance.uniform(0.0, LONGEST))
        os.kill(child, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL

        numbers, moments = said(tree.current.resolve())
        assert (len(numbers), len(moments)) == (1, 1), (seed, numbers, moments)
        (number,) = numbers
        assert moments == {state(number)["at"]}, seed
        assert newest(tree) in {number, number - 1}, seed  # at worst it is written once more
        assert files(tree.current) == {name for name, _ in written_of(state(number))}, seed
        seen.add(number)
        left = len(list((tree.root / "versions").iterdir()))
        assert left <= KEPT + 1, seed

    publish(tree, state(newest(tree) + 1))
    assert len(list((tree.root / "versions").iterdir())) <= KEPT
    assert [one for one in tree.root.rglob("*") if one.name.endswith(".new")] == []
    assert {one.name for one in tree.root.iterdir()} == {
        "current", "lock", "snapshot.json", "versions",
    }  # fmt: skip
    tell(f"{ROUNDS} kills, {len(seen)} different states, seed {seed}")
