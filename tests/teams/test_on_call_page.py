from datetime import timedelta

import pytest

from core import clock
from teams.models import User
from teams.rotations import Override, Rotation, Swap
from tests.teams.conftest import person, two_hours_of

pytestmark = pytest.mark.django_db


def local(at):
    return at.astimezone().isoformat()


def test_the_page_names_who_is_on_call_in_each_rotation(rotation, browse):
    page = browse("dev1").get("/on-call/")

    boards = page.context["boards"]
    assert [board.rotation.slug for board in boards] == ["first", "second"]
    assert boards[0].now.person.username in {"dev1", "dev2", "devops"}
    assert "1차 당직" in page.text


def test_every_page_says_who_is_on_call(rotation, browse):
    Override.objects.create(
        rotation=rotation, user=person("ceo"), starts_at=clock.now() - timedelta(hours=1),
        ends_at=clock.now() + timedelta(hours=1),
    )  # fmt: skip

    assert "한지원" in browse("dev1").get("/incidents/").text


def test_without_a_rotation_the_page_teaches_and_the_top_stays_silent(seeded, browse):
    Rotation.objects.all().delete()

    page = browse("commander").get("/on-call/").text
    assert "/console/teams/rotation/add/" in page
    assert 'class="on-call' not in page


def test_a_gap_is_seen(seeded, rotation, browse):
    User.objects.filter(username="dev1").update(is_active=False)

    assert browse("dev2").get("/on-call/").context["boards"][0].has_gaps


def test_a_responder_stands_in_by_the_form(rotation, browse):
    start = clock.now() + timedelta(hours=1)
    body = {
        "rotation": rotation.pk, "person": person("dev2").pk, "starts_at": local(start),
        "ends_at": local(start + timedelta(hours=8)), "reason": "병원",
    }  # fmt: skip

    answer = browse("dev2").post("/on-call/override/", body)

    assert answer.status_code == 302
    assert Override.objects.get().made_by == person("dev2")


def test_a_mistake_in_the_form_keeps_what_was_typed(rotation, browse):
    start = clock.now()
    body = {
        "rotation": rotation.pk, "person": person("dev2").pk, "starts_at": local(start),
        "ends_at": local(start - timedelta(hours=8)), "reason": "병원",
    }  # fmt: skip

    answer = browse("dev2").post("/on-call/override/", body)

    assert answer.status_code == 400
    assert "병원" in answer.text
    assert not Override.objects.exists()


def test_a_responder_cannot_name_somebody_else(rotation, browse):
    start = clock.now()
    body = {
        "rotation": rotation.pk, "person": person("dev1").pk, "starts_at": local(start),
        "ends_at": local(start + timedelta(hours=8)),
    }  # fmt: skip

    assert browse("dev2").post("/on-call/override/", body).status_code == 400


def test_a_turn_is_asked_for_from_the_list_and_taken_by_another(rotation, browse):
    start, end = two_hours_of("dev1", rotation)
    body = {"rotation": rotation.pk, "starts_at": local(start), "ends_at": local(end)}
    browse("dev1").post("/on-call/swap/", body)
    swap = Swap.objects.get()
    assert "윤서아" in browse("dev2").get("/on-call/").text

    browse("dev2").post(f"/on-call/swaps/{swap.pk}/take/")

    assert Override.objects.get().user == person("dev2")


def test_what_cannot_be_read_is_said(rotation, browse):
    answer = browse("dev1").post("/on-call/swap/", {"rotation": "x"}, follow=True)

    assert answer.status_code == 200
    assert list(answer.context["messages"])
