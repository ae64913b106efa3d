"""The tree once more in an object store: what changed, in an order in which nothing leads nowhere, and later if it fails."""

import re
from datetime import timedelta
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import httpx2
import pytest

from config.figures import families, text
from integrations.object_store import Address, Bucket, StoreError
from monitoring.models import Alert
from sandbox.store import KEY, SECRET
from statuspage.domain.arriving import in_order, rank
from statuspage.domain.phases import Phase
from statuspage.models import Notice
from statuspage.services import Words, follow, publish_due, say
from statuspage.services.minding_the_store import mind_the_store
from statuspage.services.mirroring import AGAIN_AFTER, NOTE, mirror, read_note, seconds_late
from statuspage.tree import Tree
from tests.notifications.conftest import running_sandbox, sandbox
from tests.statuspage.scene import HOUR, NOW, declared, everything

__all__ = ["running_sandbox", "sandbox"]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(sandbox, settings, tmp_path, request):
    """A bucket of this test's own."""
    settings.BONGSU_HOME = tmp_path
    host = urlsplit(sandbox.url).netloc
    settings.STATUS_STORE = (
        f"http://{KEY}:{SECRET}@{host}/store/{request.node.name[:40]}?region=eu-1"
    )
    return sandbox


@pytest.fixture
def tree(store, page, commander):
    everything(commander)
    return Tree()


def calls(store):
    """(method, name) of all that it took, in that order."""
    return [(one["text"], one["to"]) for one in store.inbox(channel="store")]


def read(settings, store, name):
    address = Address.of(settings.STATUS_STORE)
    return httpx2.get(f"{address.endpoint}/{address.bucket}/{name}")


def test_what_is_pointed_to_comes_first():
    names = [
        "status/heartbeat.json", "status/index.html", "status/en/index.html", "status/style.css",
        "status/incidents/a/index.html", "status/history/index.html", "status/history.atom",
        "status/en/incidents/a/index.html", "api/v2/summary.json", "status/components/c.svg",
    ]  # fmt: skip
    assert in_order(names) == [
        ["status/components/c.svg", "status/style.css"],
        ["status/en/incidents/a/index.html", "status/incidents/a/index.html"],
        ["status/history/index.html"],
        ["api/v2/summary.json", "status/history.atom"],
        ["status/en/index.html", "status/index.html"],
        ["status/heartbeat.json"],
    ]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://k:s@s3.eu-1.example/b?region=eu-1", "https://s3.eu-1.example/b"),
        ("https://k:a%2Fb@minio.example:9000/deep/b", "https://minio.example:9000/deep/b"),
    ],
)
def test_an_address_names_endpoint_and_bucket(url, name):
    assert Address.of(url).name == name


@pytest.mark.parametrize(
    "url", ["s3://b", "https://host/b", "https://k:s@host", "https://k:hidden@"]
)
def test_another_address_is_refused_without_telling_its_secret(url):
    with pytest.raises(ValueError, match="it ") as refused:
        Address.of(url)
    assert "hidden" not in str(refused.value)


@pytest.mark.django_db
def test_all_of_it_is_there_with_its_type_and_age(tree, store, settings):
    assert mirror(at=NOW, tree=tree) == ""

    for path in (tree.current / "status").rglob("*"):
        if path.is_file():
            name = path.relative_to(tree.current).as_posix()
            assert read(settings, store, name).content == path.read_bytes(), name
    found = read(settings, store, "status/index.html")
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    assert "stale-if-error=86400" in found.headers["cache-control"]
    assert read(settings, store, "snapshot.json").status_code == 404


@pytest.mark.django_db
def test_only_what_changed_goes_and_what_is_gone_is_deleted(tree, store):
    mirror(at=NOW, tree=tree)
    before = len(calls(store))
    mirror(at=NOW + MINUTE, tree=tree)
    assert len(calls(store)) == before

    Notice.objects.filter(title_ko="지난 일").delete()
    publish_due(at=NOW + HOUR)
    mirror(at=NOW + HOUR, tree=tree)

    since = calls(store)[before:]
    put = {name for method, name in since if method == "PUT"}
    assert "status/style.css" not in put
    assert "status/index.html" in put
    assert [method for method, _name in since].count("DELETE") == 2
    first_deletion = [method for method, _name in since].index("DELETE")
    assert {method for method, _name in since[first_deletion:]} == {"DELETE"}


@pytest.mark.django_db
def test_no_reader_is_ever_led_to_what_is_not_there(tree, store, commander):
    mirror(at=NOW, tree=tree)
    there = {name: text_of(tree.current / name) for _method, name in calls(store)}
    assert not nowhere(there)
    before = len(calls(store))
    declared(commander, "P0", "deposits", at=NOW)
    follow(at=NOW)
    say(
        Notice.objects.latest("pk"),
        Words(Phase.INVESTIGATING, "보고 있어요."),
        by=commander,
        at=NOW,
    )
    publish_due(at=NOW + MINUTE)
    mirror(at=NOW + MINUTE, tree=tree)

    fresh = calls(store)[before:]
    assert any("incidents" in name and name not in there for _method, name in fresh)
    for _method, name in fresh:
        there[name] = text_of(tree.current / name)
        assert not nowhere(there), name
    assert fresh[-1][1] == "status/heartbeat.json"


def text_of(path):
    return path.read_text() if path.suffix == ".html" else ""


def nowhere(there):
    """Where a reader who begins at home is led though there is nothing."""
    seen, ahead, lost = set(), ["status/index.html"], []
    while ahead:
        name = ahead.pop()
        for link in re.findall(r'(?:href|src)="(\.[^"#]*)"', there[name]):
            target = led_to(name, link)
            if target not in there:
                lost.append((name, link))
            elif target not in seen:
                seen.add(target)
                ahead.append(target)
    return lost


def led_to(name, link):
    parts = list(PurePosixPath(name).parent.parts)
    for part in link.split("/"):
        if part == "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join([*parts, "index.html"] if link.endswith("/") else parts)


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["fail", "reject", "drop"])
def test_a_failure_is_noted_rested_from_and_gone_on_with(tree, store, settings, mode):
    store.break_("store", mode, match="history")
    wrong = mirror(at=NOW, tree=tree)
    note = read_note(tree, Address.of(settings.STATUS_STORE).name)

    assert wrong
    assert SECRET not in wrong + (tree.root / NOTE).read_text()
    assert note.since
    assert note.objects, "what was taken is remembered"
    assert "status/index.html" not in note.objects
    so_far = len(calls(store))
    assert mirror(at=NOW + AGAIN_AFTER / 2, tree=tree) == wrong
    assert len(calls(store)) == so_far

    store.break_("store", "ok")
    assert mirror(at=NOW + AGAIN_AFTER, tree=tree) == ""
    again = [name for method, name in calls(store)[so_far:] if method == "PUT"]
    assert "status/style.css" not in again
    assert read_note(tree, note.store).since is None


def test_a_wrong_secret_is_refused_by_the_store(store, settings):
    url = settings.STATUS_STORE.replace(SECRET, "another")
    with pytest.raises(StoreError):
        Bucket(Address.of(url)).put("x", b"1", type="text/plain", cache="no-store")
    assert read(settings, store, "x").status_code == 404


def test_nothing_answers(settings, tmp_path):
    bucket = Bucket(Address.of("http://k:s@127.0.0.1:9/b"))
    with pytest.raises(StoreError):
        bucket.put("x", b"1", type="text/plain", cache="no-store")


def test_the_sign_of_life_is_the_last():
    assert rank("status/heartbeat.json") > rank("status/index.html")


@pytest.mark.django_db
def test_whoever_answers_for_the_page_sees_that_the_store_lacks_some_of_it(
    tree, store, client, commander
):
    assert seconds_late(at=NOW) == 0
    store.break_("store", "fail")
    mirror(at=NOW, tree=tree)

    assert seconds_late(at=NOW + MINUTE) == 60
    assert "bongsu_status_store_late_seconds 60" in text(families(at=NOW + MINUTE))
    client.force_login(commander)
    page = client.get("/notices/").content.decode()
    store.break_("store", "ok")
    assert "오브젝트 스토어" in page


@pytest.mark.django_db
def test_a_store_that_lacks_the_page_for_long_is_an_alert_until_it_has_it(tree, store, settings):
    def told(at):
        mirror(at=at, tree=tree, now=True)
        mind_the_store(at=at, tree=tree)
        return list(Alert.objects.open().values_list("key", "severity", "title"))

    store.break_("store", "fail")
    assert told(NOW) == told(NOW + 4 * MINUTE) == []
    late = [("status:store", "P3", "오브젝트 스토어에 서비스 상태 페이지를 올리지 못하고 있어요")]
    assert told(NOW + 5 * MINUTE) == told(NOW + 6 * MINUTE) == late
    alert = Alert.objects.get()
    assert alert.started_at == NOW
    assert Address.of(settings.STATUS_STORE).name in alert.description
    assert SECRET not in alert.description

    store.break_("store", "ok")
    assert told(NOW + 7 * MINUTE) == []
    store.break_("store", "fail")
    settings.STATUS_STORE = ""
    assert told(NOW + 8 * MINUTE) == []
