"""What programs read: shapes that Statuspage's clients know, feeds, and figures that can be reckoned again."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statuspage.domain.phases import Phase
from statuspage.domain.states import State
from statuspage.models import Interval, Notice
from statuspage.reading import read
from statuspage.registry import documents
from statuspage.services import Words, follow, say
from tests.statuspage.scene import START, component

ROOT = Path(__file__).resolve().parents[2]
ATOM = "{http://www.w3.org/2005/Atom}"
LATER = START + timedelta(hours=1)


@pytest.fixture
def told(trouble, commander):
    """An incident of two words, in two languages and in one."""
    trouble("P1")
    follow(at=START)
    Notice.objects.update(title_en="Withdrawals are delayed <&>")
    notice = Notice.objects.get()
    words = Words(Phase.INVESTIGATING, "찾고 있어요.", "We are looking. <b>&")
    say(notice, words, by=commander, at=START)
    say(notice, Words(Phase.IDENTIFIED, "찾았어요."), by=commander, at=START + timedelta(minutes=5))
    return notice


def made(name, at=LATER):
    return dict(documents[name].files(read(at=at)))


def document(path):
    return json.loads(made("api")[path])


@pytest.mark.django_db
def test_the_summary_has_what_clients_ask_for(told):
    found = document("api/v2/summary.json")

    assert set(found) == {"page", "components", "incidents", "scheduled_maintenances", "status"}
    assert set(found["page"]) == {"id", "name", "url", "time_zone", "updated_at"}
    group = next(one for one in found["components"] if one["group"])
    leaf = next(
        one for one in found["components"] if one["status"] == "major_outage" and not one["group"]
    )
    assert leaf["id"] in group["components"]
    assert (group["status"], leaf["group_id"]) == ("major_outage", group["id"])
    assert set(leaf) == {
        "id", "name", "status", "created_at", "updated_at", "position", "description", "showcase",
        "start_date", "group_id", "page_id", "group", "only_show_if_degraded",
    }  # fmt: skip
    [incident] = found["incidents"]
    assert (incident["status"], incident["impact"]) == ("identified", "critical")
    assert [one["status"] for one in incident["incident_updates"]] == [
        "identified",
        "investigating",
    ]
    [change] = incident["incident_updates"][1]["affected_components"]
    assert change == {
        "code": leaf["id"], "name": f"출금과 입금 - {leaf['name']}",
        "old_status": "major_outage", "new_status": "major_outage",
    }  # fmt: skip
    assert incident["shortlink"] == f"https://status.example/incidents/{incident['id']}/"


@pytest.mark.django_db
def test_each_of_the_eight_documents_is_there_twice(told):
    paths = {path.removeprefix("status/") for path in made("api")}
    assert paths == {
        f"api/v2/{name}.json"
        for name in (
            "summary", "status", "components", "incidents", "incidents/unresolved", "scheduled-maintenances",
            "scheduled-maintenances/upcoming", "scheduled-maintenances/active",
        )
    }  # fmt: skip
    assert len(made("api")) == 16


@pytest.mark.django_db
def test_feeds_carry_each_word_in_the_readers_language(told):
    files = made("feeds")

    for path, language, text in [
        ("status/history.atom", "ko", "찾고 있어요."),
        ("status/en/history.atom", "en", "We are looking. <b>&"),
    ]:
        feed = ET.fromstring(files[path])
        assert feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == language
        newest, oldest = feed.findall(f"{ATOM}entry")
        assert newest.findtext(f"{ATOM}updated") == "2026-11-23T03:05:00+00:00"
        summary = ET.fromstring(oldest.findtext(f"{ATOM}summary"))
        assert summary.text == text
    rss = ET.fromstring(files["status/en/history.rss"])
    titles = [one.findtext("title") for one in rss.iter("item")]
    assert titles == [
        "[Identified] Withdrawals are delayed <&>", "[Investigating] Withdrawals are delayed <&>",
    ]  # fmt: skip
    listed = json.loads(files["status/history.feed.json"])
    assert [one["content_text"] for one in listed["items"]] == ["찾았어요.", "찾고 있어요."]


@pytest.mark.django_db
def test_a_component_has_a_feed_of_its_own(told):
    files = made("feeds")

    def count(name):
        path = f"status/components/{component(name).public_id}.feed.json"
        return len(json.loads(files[path])["items"])

    assert (count("Withdrawals"), count("Public API")) == (2, 0)


@pytest.mark.django_db
def test_feeds_stay_the_same_files_while_nothing_is_said(told):
    """There are six of each component: written anew each time, a thousand would keep a disk busy."""
    assert made("feeds", LATER) == made("feeds", LATER + timedelta(minutes=10))


@pytest.mark.django_db
def test_the_same_snapshot_gives_the_same_bytes(told):
    snapshot = read(at=LATER)
    for name in documents:
        assert dict(documents[name].files(snapshot)) == dict(documents[name].files(snapshot))


def reckoned(document):
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/uptime.py"],
        input=document,
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout.decode()


SPANS = st.lists(
    st.tuples(
        st.sampled_from(sorted(set(State) - {State.OPERATIONAL})),
        st.integers(-100, 90), st.integers(0, 40),
        st.sampled_from(["Withdrawals", "Deposits", "Public API"]),
    ),
    max_size=8,
)  # fmt: skip


@pytest.mark.django_db
@given(spans=SPANS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_script_finds_the_figures_of_the_page(page, spans):
    Interval.objects.all().delete()
    for state, days, hours, name in spans:
        began = START + timedelta(days=days)
        Interval.objects.create(
            component=component(name), state=state, source="backfill", began_at=began,
            ended_at=None if days == 0 else began + timedelta(hours=hours),
        )  # fmt: skip

    status, said = reckoned(made("figures")["status/uptime.json"])

    assert status == 0, said
    assert said.count("intervals") == 4


@pytest.mark.django_db
def test_the_script_finds_a_wrong_figure(page):
    found = json.loads(made("figures")["status/uptime.json"])
    found["components"][0]["uptime_hundredths_of_percent"] = 9_000

    status, said = reckoned(json.dumps(found).encode())

    assert status == 1
    assert "DIFFERS" in said


@pytest.mark.django_db
def test_badges_say_in_words_how_things_are_and_take_no_markup(told):
    one = component("Withdrawals")
    one.name_en = "<script>alert(1)</script>&"
    one.save()
    files = made("badges")

    assert len(files) == 8  # the page and three components, in two languages
    for path, body in files.items():
        drawn = ET.fromstring(body)
        texts = [each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
        assert drawn.attrib["aria-label"] == ": ".join(texts), path
        assert {each.tag.rpartition("}")[2] for each in drawn.iter()} <= {
            "svg", "title", "rect", "path", "g", "text",
        }  # fmt: skip
    of_page = ET.fromstring(files["status/en/badge.svg"])
    assert of_page.attrib["aria-label"] == "dantaro: Some services are down."
    of_one = ET.fromstring(files[f"status/en/components/{one.public_id}.svg"])
    assert of_one.attrib["aria-label"] == "<script>alert(1)</script>&: Major outage"


@pytest.mark.django_db
def test_the_banner_names_what_is_down_before_anybody_has_written_a_word(trouble):
    trouble("P0")
    follow(at=START)
    page = made("pages")["status/en/index.html"].decode()

    banner = page.split("</h1>", 1)[1].split("fires", 1)[0]

    assert "<b>Withdrawals</b> Major outage" in " ".join(banner.split()), banner
    assert "<b>" not in made("pages")["status/en/widget/index.html"].decode().split("</h1>")[0]


@pytest.mark.django_db
def test_the_newest_words_stand_above_all_where_there_is_one_trouble(told, trouble):
    page = made("pages")["status/index.html"]
    page = page if isinstance(page, str) else page.decode()
    banner, rest = page.split("</h1>", 1)[1].split("</section>", 1)[0].split("h-open", 1)
    assert "찾았어요." in banner
    assert "찾았어요." in rest
