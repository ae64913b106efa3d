"""One's own ways to be reached, by the API: the same rules as on the page."""

import pytest
from django.test import Client

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
