"""What is sent twice, because the first answer got lost, is done once; however fast it is sent."""

import random
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import clock
from incidents import services
from incidents.models import Event, Evidence, Incident, Task
from monitoring.tasks import prune
from notifications.models import Delivery
from teams.answers import KEPT, KeptAnswer
from teams.models import User
from teams.services import new_api_token
from tests.racers import Racers

INCIDENTS = "/api/v1/incidents/"
SAID = {"title": "출금 지연", "severity": "P1"}
AGAIN = "Idempotency-Replayed"


def signed(owner):
    token = new_api_token(owner, name="test", scope="write")
    return Client(headers={"authorization": f"Token {token}"})


@pytest.fixture
def api(commander):
    return signed(commander)


def post(api, where, body, key="k-1"):
    return api.post(where, body, content_type="application/json", headers={"idempotency-key": key})


@pytest.mark.django_db
class TestSaidAgain:
    def test_it_is_answered_the_same_and_pages_nobody_again(self, api):
        first = post(api, INCIDENTS, SAID)
        paged = Delivery.objects.count()

        again = post(api, INCIDENTS, SAID)

        assert (first.status_code, first.has_header(AGAIN)) == (201, False)
        assert (again.status_code, again[AGAIN]) == (201, "true")
        assert again.content == first.content
        assert Incident.objects.count() == 1
        assert Delivery.objects.count() == paged > 0

    def test_the_answer_is_that_of_then_whatever_happened_since(self, api, commander):
        first = post(api, INCIDENTS, SAID)
        services.acknowledge(Incident.objects.get(), by=commander, at=clock.now())

        assert post(api, INCIDENTS, SAID).content == first.content

    def test_the_order_of_the_fields_means_nothing(self, api):
        post(api, INCIDENTS, SAID)

        assert post(api, INCIDENTS, dict(reversed(SAID.items())))[AGAIN] == "true"

    @pytest.mark.parametrize(
        ("where", "body"),
        [
            (INCIDENTS, SAID | {"severity": "P0"}),
            (INCIDENTS, {}),
            (f"{INCIDENTS}{{number}}/notes/", SAID),
        ],
    )
    def test_with_anything_else_it_is_refused_in_words(self, api, where, body):
        number = post(api, INCIDENTS, SAID).json()["number"]

        other = post(api, where.format(number=number), body)

        assert other.status_code == 422
        assert "another request" in other.json()["detail"]
        assert Incident.objects.count() == 1

    def test_without_a_key_each_is_one_of_its_own(self, api):
        for _ in range(2):
            api.post(INCIDENTS, SAID, content_type="application/json")

        assert Incident.objects.count() == 2
        assert not KeptAnswer.objects.exists()

    def test_a_key_is_its_owners(self, api):
        post(api, INCIDENTS, SAID)

        assert not post(signed(User.objects.get(username="dev1")), INCIDENTS, SAID).has_header(
            AGAIN
        )
        assert Incident.objects.count() == 2

    def test_what_was_refused_may_be_mended_under_the_same_key(self, api):
        assert post(api, INCIDENTS, {"title": "출금 지연"}).status_code == 400

        assert post(api, INCIDENTS, SAID).status_code == 201

    @pytest.mark.parametrize("key", ["", "x" * 256, "\u00e9"])
    def test_a_key_that_is_none_is_refused(self, api, key):
        assert post(api, INCIDENTS, SAID, key).status_code == 400
        assert not Incident.objects.exists()

    def test_notes_tasks_and_files_too(self, api, declared):
        where = f"{INCIDENTS}{declared.number}/"
        for _ in range(2):
            post(api, f"{where}notes/", {"text": "재시작함"}, "n")
            post(api, f"{where}tasks/", {"text": "로그"}, "t")
            api.post(
                f"{where}evidence/",
                {"file": SimpleUploadedFile("a.log", b"2026-11-23 ERROR")},
                headers={"idempotency-key": "f"},
            )

        assert Event.objects.filter(kind="note").count() == 1
        assert (Task.objects.count(), Evidence.objects.count()) == (1, 1)

    def test_another_file_under_the_same_key_is_refused(self, api, declared):
        where, headers = f"{INCIDENTS}{declared.number}/evidence/", {"idempotency-key": "f"}
        for content, status in ((b"one", 201), (b"two", 422)):
            file = SimpleUploadedFile("a.log", content)
            assert api.post(where, {"file": file}, headers=headers).status_code == status

    def test_a_key_is_forgotten_after_a_day(self, api):
        post(api, INCIDENTS, SAID)
        KeptAnswer.objects.update(made_at=clock.now() - KEPT - timedelta(minutes=1))

        prune()

        assert not post(api, INCIDENTS, SAID).has_header(AGAIN)
        assert Incident.objects.count() == 2


@pytest.fixture
def declared(commander):
    return services.declare("출금 지연", severity="P1", by=commander, at=clock.now())


@pytest.mark.django_db(transaction=True)
def test_of_two_processes_that_send_the_same_one_declares_and_both_are_answered(commander):
    token = new_api_token(commander, name="test", scope="write")
    job = "tests.doors.racing.declare_by_api"
    with Racers(job, job, seed=random.randrange(1_000_000)) as racers:
        for key in range(40):
            same = {"token": token, "key": f"r-{key}"}
            one, other = racers.race(same, same)

            assert one == other
            assert one["status"] == 201
            assert Incident.objects.count() == key + 1
            topic = f"incident:{one['said']['number']}"
            assert len(set(Delivery.objects.about(topic).values_list("recipient", "channel"))) == (
                Delivery.objects.about(topic).count()
            )
