"""One's own ways to be reached, by the API: the same rules as on the page."""

import pytest
from django.test import Client

from core import clock
from notifications.models import Delivery
from teams.contacts import ContactCode
from teams.models import ContactMethod, User
from teams.services import new_api_token

pytestmark = pytest.mark.django_db

WHERE = "/api/v1/me/contacts/"


def signed(username, scope="write"):
    token = new_api_token(User.objects.get(username=username), name="test", scope=scope)
    return Client(headers={"authorization": f"Token {token}"})


@pytest.fixture
def api(seeded):
    ContactMethod.objects.filter(user__username="dev1").delete()
    return signed("dev1")


def add(api, channel="sms", address="+82 10 5555 0101", **headers):
    body = {"channel": channel, "address": address}
    return api.post(WHERE, body, content_type="application/json", headers=headers)


def send(api, pk, code):
    return api.post(f"{WHERE}{pk}/confirm/", {"code": code}, content_type="application/json")


def test_a_way_is_added_proved_by_the_code_and_removed(api):
    made = add(api).json()
    assert (made["address"], made["verified_at"]) == ("+821055550101", None)

    assert api.post(f"{WHERE}{made['id']}/send-code/").status_code == 202
    assert Delivery.objects.get(template="contact_code").address == "+821055550101"
    code = ContactCode.objects.get().digits
    proved = send(api, made["id"], code)
    assert proved.json()["verified_at"]
    assert api.get(WHERE).json()["results"] == [proved.json()]

    assert api.delete(f"{WHERE}{made['id']}/").status_code == 204
    assert api.get(WHERE).json()["count"] == 0


def test_sent_again_with_its_key_it_is_added_once(api):
    first, again = (add(api, **{"idempotency-key": "k"}) for _ in range(2))

    assert (first.status_code, again.content) == (201, first.content)
    assert ContactMethod.objects.filter(user__username="dev1").count() == 1


def test_a_wrong_code_counts_and_says_how_many_are_left(api):
    made = add(api).json()["id"]
    api.post(f"{WHERE}{made}/send-code/")
    wrong = f"{(int(ContactCode.objects.get().digits) + 1) % 10**6:06d}"

    answers = [send(api, made, wrong) for _ in range(7)]
    assert {answer.status_code for answer in answers} == {409}
    right = send(api, made, ContactCode.objects.get().digits)
    assert right.status_code == 409
    assert ContactMethod.objects.get(pk=made).verified_at is None


@pytest.mark.parametrize(
    ("channel", "address", "field"),
    [("sms", "010", "address"), ("pigeon", "x", "channel"), ("webhook", "https://a.b", "channel")],
)
def test_what_cannot_be_an_address_is_refused_by_field(api, channel, address, field):
    answer = add(api, channel, address)

    assert (answer.status_code, list(answer.json())) == (400, [field])


def test_two_ways_by_one_channel_and_somebody_elses_number_are_refused(api):
    theirs = ContactMethod.objects.get(user__username="dev2", channel="slack").address
    assert add(api, "slack", theirs).status_code == 409
    add(api)
    assert add(api, address="+82 10 5555 0102").status_code == 409


def test_others_ways_do_not_exist(api):
    theirs = ContactMethod.objects.filter(user__username="dev2").first().pk

    for answer in (
        api.get(f"{WHERE}{theirs}/"), api.delete(f"{WHERE}{theirs}/"),
        api.post(f"{WHERE}{theirs}/send-code/"), send(api, theirs, "1"),
    ):  # fmt: skip
        assert answer.status_code == 404
    assert ContactMethod.objects.filter(pk=theirs).exists()


def test_a_token_that_only_reads_adds_nothing(api):
    assert add(signed("dev1", "read")).status_code == 403
    assert signed("dev1", "read").get(WHERE).status_code == 200


def change(api, pk, **said):
    return api.patch(f"{WHERE}{pk}/", said, content_type="application/json")


def test_a_changed_address_is_to_be_proved_anew_and_the_same_one_is_not(api):
    made = add(api).json()["id"]
    ContactMethod.objects.filter(pk=made).update(verified_at=clock.now())

    assert change(api, made, address="+82 10-5555-0101").json()["verified_at"]
    changed = change(api, made, address="+821055550102").json()
    assert (changed["address"], changed["verified_at"]) == ("+821055550102", None)


def test_it_is_switched_off_and_on_with_its_proof(api):
    made = add(api).json()["id"]
    ContactMethod.objects.filter(pk=made).update(verified_at=clock.now())

    assert change(api, made, enabled=False).json()["enabled"] is False
    assert change(api, made, enabled=False).json()["enabled"] is False
    on = change(api, made, enabled=True).json()
    assert (on["enabled"], bool(on["verified_at"])) == (True, True)


def test_what_is_no_address_and_what_somebody_else_has_changes_nothing(api):
    made = add(api).json()["id"]
    taken = ContactMethod.objects.filter(channel="sms").exclude(pk=made).first().address

    assert change(api, made, address="nowhere", enabled=False).status_code == 400
    assert change(api, made, address=taken, enabled=False).status_code == 409
    kept = ContactMethod.objects.get(pk=made)
    assert (kept.address, kept.enabled) == ("+821055550101", True)


def test_of_others_nothing_is_changed(api):
    theirs = ContactMethod.objects.exclude(user__username="dev1").first()

    assert change(api, theirs.pk, enabled=False).status_code == 404


PREFERENCES = "/api/v1/me/preferences/"


def prefer(api, **said):
    return api.patch(PREFERENCES, said, content_type="application/json")


def test_hours_language_and_zone_are_changed_one_by_one(api):
    assert prefer(api, language="en").json()["language"] == "en"
    quiet = prefer(api, quiet_from="22:00", quiet_to="07:30").json()

    assert quiet == {
        "quiet_from": "22:00:00", "quiet_to": "07:30:00", "language": "en", "time_zone": "Asia/Seoul",
    }  # fmt: skip
    assert api.get(PREFERENCES).json() == quiet
    assert prefer(api, quiet_from=None, quiet_to=None).json()["quiet_from"] is None


@pytest.mark.parametrize(
    "said",
    [
        {"quiet_from": "22:00"},
        {"quiet_from": "22:00", "quiet_to": "22:00"},
        {"language": "xx"},
        {"time_zone": "Mars/Olympus"},
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(api, said):
    before = api.get(PREFERENCES).json()

    assert prefer(api, **said).status_code == 400
    assert api.get(PREFERENCES).json() == before
