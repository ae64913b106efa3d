"""Evidence: kept with its hash, handed out only to be saved, and bounded."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.errors import Refused
from core.uploads import MOST as MOST_OF_A_REQUEST
from incidents import services
from incidents.domain.evidence import MOST
from incidents.models import Evidence, EvidenceContent
from tests.incidents.conftest import after, kinds, last_event
from tests.race import at_once, raised

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
LOG = "03:00 서명 노드 timeout\n".encode()


@pytest.fixture
def browser(commander):
    client = Client()
    client.force_login(commander)
    return client


@pytest.fixture
def incident(declare):
    return declare("P1")


def upload(browser, incident, name, body, **headers):
    file = SimpleUploadedFile(name, body, content_type="image/png")
    path = f"/incidents/{incident.number}/evidence/add/"
    return browser.post(path, {"file": file}, headers=headers)


def test_a_file_is_kept_with_its_hash_and_said_on_the_timeline(browser, incident):
    answer = upload(browser, incident, "서명 노드.log", LOG)

    digest = hashlib.sha256(LOG).hexdigest()
    assert answer["Location"] == f"/incidents/{incident.number}/#evidence"
    assert last_event(incident, "evidence_added").data["sha256"] == digest
    page = browser.get(f"/incidents/{incident.number}/").content.decode()
    assert "서명 노드.log" in page
    assert digest in page


def test_it_is_handed_out_to_be_saved_and_never_to_be_shown(browser, incident):
    upload(browser, incident, "서명 노드.log", LOG)

    answer = browser.get(Evidence.objects.get().get_absolute_url())

    assert answer.content == LOG
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''%EC%84%9C%EB%AA%85%20%EB%85%B8%EB%93%9C.log"
    )
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "text/plain"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("x.png", b"<html><script>alert(1)</script></html>"),
        ("x.html", b"<html>"),
        ("x.svg", b"<svg onload='alert(1)'/>"),
        ("x.txt", PNG),
        ("x.txt", b"a\x00b"),
        ("x.zip", b"PK\x03\x04"),
        ("x.txt", b""),
        ("x.pdf", b"\x00%PDF-1.7"),
    ],
)
def test_what_is_not_what_it_says_is_refused_in_words(browser, incident, name, body):
    answer = upload(browser, incident, name, body)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_polyglot_is_only_ever_an_image_to_be_saved(browser, incident):
    body = b"GIF89a/*<script>alert(1)</script>*/=1;alert(1)"
    upload(browser, incident, "x.gif", body)

    answer = browser.get(Evidence.objects.get().get_absolute_url())

    assert answer["Content-Type"] == "image/gif"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_ten_megabytes_are_kept_and_a_byte_more_is_not(browser, incident):
    kept = upload(browser, incident, "a.txt", b"a" * MOST)
    refused = upload(browser, incident, "b.txt", b"a" * (MOST + 1))

    assert (kept.status_code, refused.status_code) == (302, 422)
    assert "10 MB" in refused.content.decode()
    assert Evidence.objects.get().size == MOST


def test_more_than_any_file_may_have_is_not_even_read(browser, incident):
    answer = upload(browser, incident, "a.txt", b"a" * MOST_OF_A_REQUEST)

    assert answer.status_code == 422
    assert "10 MB" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_second_click_keeps_one_and_there_are_at_most_fifty(incident, commander):
    said = {"by": commander, "at": after()}
    for n in [0, *range(50)]:
        services.attach(incident, f"{n}.txt", f"{n}".encode(), **said)

    assert incident.evidence.count() == 50
    with pytest.raises(Refused):
        services.attach(incident, "51.txt", b"51 more", **said)


@pytest.mark.django_db(transaction=True)
def test_the_same_file_twice_at_once_is_kept_once(incident, commander):
    outcomes = at_once(
        *[lambda: services.attach(incident, "a.txt", LOG, by=commander, at=after())] * 4
    )

    assert raised(outcomes) == []
    assert incident.evidence.count() == 1
    assert kinds(incident).count("evidence_added") == 1


def test_what_should_not_have_been_kept_goes_and_its_hash_stays(browser, incident, commander):
    kept = services.attach(incident, "key.txt", b"secret", by=commander, at=after())
    path = kept.get_absolute_url()
    assert "key.txt" in browser.get(f"{path}remove/").content.decode()

    browser.post(f"{path}remove/")

    assert browser.get(path).status_code == 404
    assert not EvidenceContent.objects.exists()
    assert last_event(incident, "evidence_removed").data["sha256"] == kept.sha256
    services.attach(incident, "key.txt", b"secret", by=commander, at=after())  # it may come back


def test_the_room_never_reads_the_bytes(browser, incident, commander):
    services.attach(incident, "a.txt", LOG, by=commander, at=after())

    with CaptureQueriesContext(connection) as queries:
        browser.get(f"/incidents/{incident.number}/")

    assert not [each for each in queries if "evidencecontent" in each["sql"]]


def test_another_incidents_file_is_out_of_reach(browser, incident, declare, commander):
    kept = services.attach(incident, "a.txt", LOG, by=commander, at=after())

    other = declare("P2").number
    assert browser.get(f"/incidents/{other}/evidence/{kept.pk}/").status_code == 404
    assert browser.post(f"/incidents/{other}/evidence/{kept.pk}/remove/").status_code == 302
    assert EvidenceContent.objects.count() == 1


def test_the_api_keeps_and_hands_out(api, incident):
    path = f"/api/v1/incidents/{incident.number}/evidence/"
    said = api.post(path, {"file": SimpleUploadedFile("서명.log", LOG)}).json()

    assert said["name"] == "서명.log"
    assert api.get(f"{path}{said['id']}/content/").content == LOG
    assert api.post(path, {"file": SimpleUploadedFile("x.html", b"<html>")}).status_code == 409
    assert [each["size"] for each in api.get(path).json()["results"]] == [len(LOG)]
