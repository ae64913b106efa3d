from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core.errors import Refused
from teams import services
from teams.models import User
from teams.oncall import named_at_the_top, rosters_at
from teams.rotations import Layer, LayerMember, LayerWindow, Override, Swap
from tests.teams.conftest import person, seoul

pytestmark = pytest.mark.django_db

MONDAY = seoul("2026-11-23T09:00")
WEEK = timedelta(weeks=1)


def on_call(rotation, at):
    return rosters_at(at, only=[rotation.pk])[0].at(at)


def stand_in(rotation, who, start, end, *, by, at=MONDAY):
    return services.stand_in(
        rotation, person(who), starts_at=start, ends_at=end, by=person(by), at=at
    )


def test_the_turns_go_round_by_the_week_and_change_on_monday_at_nine(rotation):
    names = [on_call(rotation, MONDAY + n * WEEK).username for n in range(4)]

    assert names == ["dev2", "devops", "dev1", "dev2"]
    assert on_call(rotation, MONDAY - timedelta(seconds=1)).username == "dev1"


def test_somebody_who_left_keeps_their_turn_empty_and_moves_nobody_elses(rotation):
    User.objects.filter(username="devops").update(is_active=False)

    assert on_call(rotation, MONDAY + WEEK) is None
    assert on_call(rotation, MONDAY + 2 * WEEK).username == "dev1"


def test_a_higher_layer_covers_only_its_windows(rotation):
    nights = Layer.objects.create(
        rotation=rotation, place=1, first_day="2026-01-05", handover="09:00"
    )
    LayerMember.objects.create(layer=nights, user=person("tech-lead"))
    LayerWindow.objects.create(layer=nights, weekday=0, start="22:00", end="06:00")

    assert on_call(rotation, seoul("2026-11-24T05:59")).username == "tech-lead"
    assert on_call(rotation, seoul("2026-11-24T06:00")).username == "dev2"


def test_a_stand_in_covers_the_turn_and_can_be_taken_back(rotation):
    made = stand_in(rotation, "cto", MONDAY, MONDAY + WEEK, by="senior-dev")
    assert on_call(rotation, MONDAY).username == "cto"

    services.end_override(made, by=person("senior-dev"), at=MONDAY + timedelta(days=1))

    assert on_call(rotation, MONDAY).username == "cto"  # what was stays
    assert on_call(rotation, MONDAY + timedelta(days=1)).username == "dev2"


def test_one_that_has_not_begun_vanishes(rotation):
    made = stand_in(rotation, "dev1", MONDAY + WEEK, MONDAY + 2 * WEEK, by="dev1")

    services.end_override(made, by=person("dev1"), at=MONDAY)

    assert not Override.objects.exists()


def test_a_responder_puts_only_themselves_on_call(rotation):
    stand_in(rotation, "dev1", MONDAY, MONDAY + WEEK, by="dev1")

    with pytest.raises(Refused):
        stand_in(rotation, "dev2", MONDAY, MONDAY + WEEK, by="dev1")


def test_somebody_who_may_not_answer_is_not_put_on_call(rotation):
    User.objects.filter(username="dev2").update(role="viewer")

    with pytest.raises(Refused):
        stand_in(rotation, "dev2", MONDAY, MONDAY + WEEK, by="senior-dev")


@pytest.mark.parametrize(
    ("start", "end"), [(1, 1), (2, 1), (-3, -2), (0, 200)], ids=["empty", "back", "past", "long"]
)
def test_a_span_that_makes_no_sense_is_refused(rotation, start, end):
    begin, until = MONDAY + timedelta(days=start), MONDAY + timedelta(days=end)

    with pytest.raises(Refused):
        stand_in(rotation, "dev1", begin, until, by="dev1")


def test_the_first_who_takes_a_swap_stands_in_and_the_second_is_told(rotation):
    swap = services.ask_swap(
        rotation, starts_at=MONDAY, ends_at=MONDAY + WEEK, by=person("dev2"), at=MONDAY - WEEK
    )

    services.take_swap(swap, by=person("dev1"), at=MONDAY - WEEK)
    with pytest.raises(Refused):
        services.take_swap(Swap.objects.get(), by=person("devops"), at=MONDAY - WEEK)

    assert on_call(rotation, MONDAY).username == "dev1"
    assert Override.objects.get().swap == swap


def test_a_swap_is_asked_once_and_not_taken_by_who_asked(rotation):
    span = {"starts_at": MONDAY, "ends_at": MONDAY + WEEK, "by": person("dev2"), "at": MONDAY}
    swap = services.ask_swap(rotation, **span)

    with pytest.raises(Refused):
        services.ask_swap(rotation, **span)
    with pytest.raises(Refused):
        services.take_swap(swap, by=person("dev2"), at=MONDAY)


def test_a_swap_that_cannot_be_taken_stays_open(rotation):
    swap = services.ask_swap(
        rotation, starts_at=MONDAY, ends_at=MONDAY + WEEK, by=person("dev2"), at=MONDAY
    )

    with pytest.raises(Refused):
        services.take_swap(swap, by=person("dev1"), at=MONDAY + 2 * WEEK)

    assert Swap.objects.get().closed_at is None


@pytest.mark.parametrize("whose", ["dev1", "devops", "cto"])
def test_nobody_asks_for_a_turn_of_somebody_else(rotation, whose):
    with pytest.raises(Refused):
        services.ask_swap(
            rotation, starts_at=MONDAY, ends_at=MONDAY + WEEK, by=person(whose), at=MONDAY
        )


def test_nobody_asks_for_more_than_their_turn(rotation):
    with pytest.raises(Refused):
        services.ask_swap(
            rotation, starts_at=MONDAY, ends_at=MONDAY + WEEK + timedelta(minutes=1),
            by=person("dev2"), at=MONDAY,
        )  # fmt: skip


def test_the_database_refuses_a_turn_of_no_length(rotation):
    with pytest.raises(IntegrityError), transaction.atomic():
        Layer.objects.update(every=0)


def test_who_stands_at_the_top_follows_a_change_at_once(
    rotation, django_capture_on_commit_callbacks
):
    assert named_at_the_top(at=MONDAY).name == "Daniel Reyes"

    with django_capture_on_commit_callbacks(execute=True):
        stand_in(rotation, "dev1", MONDAY, MONDAY + timedelta(hours=3), by="dev1")

    top = named_at_the_top(at=MONDAY)
    assert (top.name, top.until) == ("윤서아", MONDAY + timedelta(hours=3))


def test_reading_the_rotations_costs_the_same_however_many_there_are(
    rotation, make_rotation, django_assert_num_queries
):
    for n in range(5):
        make_rotation(f"r{n}", "dev1", "dev2")

    with django_assert_num_queries(7):
        rosters_at(MONDAY)
