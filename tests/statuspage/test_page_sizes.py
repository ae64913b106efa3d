"""Pages stay small however many components there are, and each component is on one of them."""

import re
from datetime import timedelta

import pytest

from statuspage.domain.phases import Phase
from statuspage.domain.states import State
from statuspage.models import Component, Notice
from statuspage.reading import read
from statuspage.registry import documents
from statuspage.services import Words, follow, say
from tests.statuspage.scene import NOW, START, declared, page_of_many

pytestmark = pytest.mark.django_db

SMALL = 50_000
HOME = "/status/en/"
SIZES = [(10, 0), (10, 3), (100, 0), (100, 8), (1_000, 0), (1_000, 40), (1_000, 1_000)]


def told(by):
    """An outage, and what was said of it."""
    declared(by, "P0", "withdrawals")
    follow(at=START)
    notice = Notice.objects.get()
    for n in range(12):
        words = Words(Phase.IDENTIFIED, f"{n}번째로 알려요. " * 30, f"Word {n}. " * 30)
        say(notice, words, by=by, at=START + timedelta(minutes=5 * n))


def pages():
    """By their paths, as readers ask for them."""
    files = documents["pages"].files(read(at=NOW))
    return {
        f"/{name.removesuffix('index.html')}": content.decode()
        for name, content in files
        if name.endswith("index.html")
    }


@pytest.mark.parametrize(("count", "groups"), SIZES)
def test_the_front_page_is_small_while_something_is_down(seeded, commander, tell, count, groups):
    page_of_many(count, groups=groups)
    told(commander)

    made = pages()
    sizes = {path: len(text.encode()) for path, text in made.items()}

    for home in ("/status/", "/status/en/"):
        assert sizes[home] < SMALL
        assert "TRC-20 출금 0번" in made["/status/"]  # what is down, wherever it belongs
    ours = {path: size for path, size in sizes.items() if "/groups/" in path or "/embed/" in path}
    assert all(size < SMALL for size in ours.values()), max(ours.items(), key=lambda one: one[1])
    tell(
        {home: sizes[home] for home in ("/status/", "/status/en/")} | {"others": max(ours.values())}
    )


@pytest.mark.parametrize(("count", "groups"), SIZES)
def test_every_component_is_reached_from_the_front_page(seeded, count, groups):
    page_of_many(count, groups=groups)
    made = pages()

    seen, waiting = set(), {HOME}
    while waiting:
        path = waiting.pop()
        seen.add(path)
        ways = re.findall(r'href="((?:\.\./|\./)+)(groups/[\w/]*)"', made[path])
        waiting |= {resolved(path, *way) for way in ways} - seen

    shown = re.findall(
        '<ol class="days" aria-label="(.*?), 90 days">', "".join(map(made.get, seen))
    )
    assert set(shown) == set(Component.objects.values_list("name_en", flat=True))
    assert {path for path in made if path.startswith(f"{HOME}groups/")} <= seen


def resolved(path, up, down):
    folders = path.strip("/").split("/")
    return "/".join(["", *folders[: len(folders) - up.count("../")], down])


def test_all_of_a_thousand_down_is_still_a_small_page(seeded, commander):
    page_of_many(1_000, groups=40)
    told(commander)
    outage = Words(
        Phase.IDENTIFIED, "모두 멈췄어요.", "All is down.",
        dict.fromkeys(Component.objects.all(), State.MAJOR),
    )  # fmt: skip
    say(Notice.objects.get(), outage, by=commander, at=NOW)

    made = pages()

    assert len(made["/status/"].encode()) < SMALL
    (more,) = re.findall("이 밖에 ([0-9,]+)곳이 더 영향을 받고 있어요.", made["/status/"])
    assert int(more.replace(",", "")) + made["/status/"].count("<li><b>TRC-20") == 1_000
    (incident,) = (text for path, text in made.items() if path.startswith("/status/incidents/"))
    assert len(incident.encode()) < SMALL
