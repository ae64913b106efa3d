"""How one is paged oneself, by the API: the same rules as on the page."""

import pytest
from django.test import Client

from teams.models import User
from teams.rules import NotificationRule
from teams.services import new_api_token

pytestmark = pytest.mark.django_db

WHERE = "/api/v1/me/paging-rules/"


@pytest.fixture
def api(seeded):
    token = new_api_token(User.objects.get(username="dev1"), name="test", scope="write")
    return Client(headers={"authorization": f"Token {token}"})


def add(api, grave=True, channel="slack", minutes=0, **headers):
    body = {"grave": grave, "channel": channel, "minutes": minutes}
    return api.post(WHERE, body, content_type="application/json", headers=headers)


def test_rules_are_added_read_and_removed(api):
    first, second = add(api).json(), add(api, channel="voice", minutes=2).json()

    assert api.get(WHERE).json()["results"] == [first, second]
    assert api.get(f"{WHERE}{second['id']}/").json() == second
    assert api.delete(f"{WHERE}{first['id']}/").status_code == 204
    assert NotificationRule.objects.get().channel == "voice"


def test_sent_again_with_its_key_it_is_added_once(api):
    first, again = (add(api, **{"idempotency-key": "k"}) for _ in range(2))

    assert (first.status_code, again.content) == (201, first.content)
    assert NotificationRule.objects.count() == 1


@pytest.mark.parametrize(
    "said", [{"minutes": 6}, {"minutes": -1}, {"channel": "webhook"}, {"grave": "perhaps"},
             {"grave": False, "minutes": 61}],
)  # fmt: skip
def test_what_would_be_too_late_or_is_no_channel_is_refused(api, said):
    assert add(api, **said).status_code == 400
    assert not NotificationRule.objects.exists()


def test_a_second_rule_for_a_channel_is_refused_in_words(api):
    add(api)
    again = add(api, minutes=3)

    assert again.status_code == 400
    assert add(api, grave=False, minutes=30).status_code == 201


def test_others_rules_do_not_exist(api):
    theirs = NotificationRule.objects.create(
        user=User.objects.get(username="dev2"), grave=True, channel="sms"
    )

    assert api.get(WHERE).json()["count"] == 0
    assert api.get(f"{WHERE}{theirs.pk}/").status_code == 404
    assert api.delete(f"{WHERE}{theirs.pk}/").status_code == 404
    assert NotificationRule.objects.filter(pk=theirs.pk).exists()
