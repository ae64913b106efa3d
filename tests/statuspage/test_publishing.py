"""What changed is published as a whole tree, which stands by itself."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client

from statuspage.domain.phases import Phase
from statuspage.models import Change, Notice
from statuspage.services import Words, follow, publish_due, say
from statuspage.tree import Tree
from tests.statuspage.scene import START

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def tree(tmp_path, page, settings):
    settings.BONGSU_HOME = tmp_path
    return Tree()


def content(tree, path):
    return (tree.current / path).read_bytes()


def summary(tree):
    return json.loads(content(tree, "api/v2/summary.json"))


def test_a_change_is_published_and_silence_is_not(tree, trouble):
    assert publish_due(at=START)
    assert summary(tree)["status"]["indicator"] == "none"
    assert not publish_due(at=START + MINUTE)
    trouble("P1", at=START)
    follow(at=START + MINUTE)

    assert publish_due(at=START + 2 * MINUTE)

    assert summary(tree)["status"] == {
        "indicator": "major", "description": "Partial System Outage",
    }  # fmt: skip
    assert not Change.objects.filter(published_at=None).exists()


def test_days_pass_on_the_page_though_nothing_happens(tree):
    publish_due(at=START)
    assert publish_due(at=START + timedelta(minutes=11))


def test_a_sign_of_life_goes_on_without_a_change(tree):
    publish_due(at=START)
    publish_due(at=START + 2 * MINUTE)

    assert json.loads(content(tree, "status/heartbeat.json"))["at"] == "2026-11-23T03:02:00.000Z"


def test_old_versions_go_and_the_newest_is_led_to(tree, trouble):
    for count in range(6):
        Change.objects.note("again", at=START)
        publish_due(at=START + count * MINUTE)

    versions = sorted(int(one.name) for one in (tree.root / "versions").iterdir())
    assert versions == [4, 5, 6]
    assert tree.current.resolve().name == "6"


def test_what_did_not_change_stays_the_same_file_and_what_did_is_newer(tree, trouble):
    publish_due(at=START)
    sheet, summary = (tree.current / one for one in ("status/style.css", "api/v2/summary.json"))
    same, earlier = sheet.stat().st_ino, int(summary.stat().st_mtime)

    for count in (1, 2):
        Change.objects.note("again", at=START)
        publish_due(at=START + count * MINUTE)

        assert sheet.stat().st_ino == same
        assert (
            int(summary.stat().st_mtime) > earlier
        )  # by its time in seconds nginx knows a version
        earlier = int(summary.stat().st_mtime)


def test_no_draft_is_in_any_public_file(tree, trouble):
    trouble("P1", at=START)
    follow(at=START)
    Notice.objects.update(title_ko="몰래", draft_ko="아직 말하지 않은 것")

    publish_due(at=START + MINUTE)

    files = [one for one in tree.current.rglob("*") if one.is_file()]
    assert len(files) > 10
    for one in files:
        assert "몰래" not in one.read_text()
        assert "아직 말하지 않은 것" not in one.read_text()


@pytest.mark.parametrize("folder", ["status/", "status/en/"])
def test_the_page_tells_what_goes_on_in_its_language(tree, trouble, commander, folder):
    trouble("P1", at=START)
    follow(at=START)
    Notice.objects.update(title_en="Withdrawals are delayed")
    words = Words(Phase.IDENTIFIED, "원인을 찾았어요. <b>", "We found the cause. <b>")
    say(Notice.objects.get(), words, by=commander, at=START)
    publish_due(at=START + MINUTE)

    page = content(tree, f"{folder}index.html").decode()

    assert ("원인을 찾았어요. &lt;b&gt;" in page) == (folder == "status/")
    assert ("We found the cause. &lt;b&gt;" in page) == (folder != "status/")
    assert ("Withdrawals are delayed" in page) == (folder != "status/")
    assert len(page.encode()) < 50_000
    assert page.count("<script") == 1


def test_a_text_that_is_not_translated_says_its_language(tree, trouble, commander):
    trouble("P1", at=START)
    follow(at=START)
    say(Notice.objects.get(), Words(Phase.IDENTIFIED, "찾았어요."), by=commander, at=START)
    publish_due(at=START + MINUTE)

    page = content(tree, "status/en/index.html").decode()
    assert '<div lang="ko"><p>찾았어요.</p></div>' in page
    assert '<span lang="ko">출금 지연</span>' in page


def test_the_portal_serves_the_bytes_of_the_tree_whatever_a_reader_sends(tree, settings):
    publish_due(at=START)
    client = Client()
    for path, file in [
        ("/status/", "status/index.html"),
        ("/status/en/", "status/en/index.html"),
        ("/status/style.css", "status/style.css"),
        ("/api/v2/summary.json", "api/v2/summary.json"),
    ]:
        expected = sha256(content(tree, file)).hexdigest()
        plain = client.get(path)
        odd = client.get(
            f"{path}?lang=en&x=%00", headers={"host": "evil.example", "accept-language": "en"},
        )  # fmt: skip
        for answer in (plain, odd):
            assert answer.status_code == 200
            assert sha256(answer.content).hexdigest() == expected
            assert "Set-Cookie" not in answer
            assert "Vary" not in answer
            assert "stale-if-error=86400" in answer["Cache-Control"]


def test_what_a_reader_has_already_is_not_sent_again(tree):
    publish_due(at=START)
    client = Client()
    tag = client.get("/status/")["ETag"]

    again = client.get("/status/", headers={"if-none-match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == tag


@pytest.mark.parametrize(
    "path", ["/status/../../secret.key", "/status/%2e%2e/%2e%2e/snapshot.json", "/status/none/"]
)
def test_nothing_but_the_tree_is_served(tree, path):
    publish_due(at=START)
    (tree.root / "secret.key").write_text("secret")

    assert Client().get(path).status_code == 404


def test_public_pages_ask_no_table(tree, django_assert_num_queries):
    publish_due(at=START)
    with django_assert_num_queries(0):
        assert Client().get("/status/").status_code == 200
