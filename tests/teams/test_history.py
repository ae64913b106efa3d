"""Changing a rotation changes what comes, never who was on call before."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core import clock
from teams import history
from teams.models import User
from teams.oncall import rosters
from teams.rotations import Layer, LayerMember, Override, Rotation
from tests.teams.conftest import person

pytestmark = pytest.mark.django_db
LAYERS = "/console/teams/layer/"
NONE = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}


@pytest.fixture
def console(commander):
    client = Client()
    client.force_login(commander)
    return client


@pytest.fixture
def past(rotation):
    """Who was on call in the eight weeks before; asked again later, it must be the same."""
    now = clock.now()

    def ask(start=now - timedelta(weeks=8), end=now):
        [roster] = rosters(start, end, only=[rotation.pk])
        return [(turn.person.username, turn.start, turn.end) for turn in roster.turns(start, end)]

    return ask


def on_call_in(rotation, weeks):
    at = clock.now() + timedelta(weeks=weeks)
    [roster] = rosters(at, at + timedelta(days=1), only=[rotation.pk])
    found = roster.at(at)
    return found.username if found else None


def formset(prefix, **rows):
    return {f"{prefix}-{name}": value for name, value in {**NONE, **rows}.items()}


def layer_form(layer, *, people, **said):
    """The page of a layer as a browser sends it."""
    members = list(layer.members.all())
    rows = {"TOTAL_FORMS": len(members), "INITIAL_FORMS": len(members)}
    for place, (member, name) in enumerate(zip(members, people, strict=True)):
        rows |= {
            f"{place}-id": member.pk, f"{place}-layer": layer.pk, f"{place}-place": place,
            f"{place}-user": person(name).pk,
        }  # fmt: skip
    usual = {
        "rotation": layer.rotation_id, "place": layer.place, "first_day": layer.first_day.isoformat(),
        "handover": layer.handover.isoformat(), "every": layer.every, "unit": layer.unit,
    }  # fmt: skip
    return usual | said | formset("members", **rows) | formset("windows")


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (["cto", "cto", "cto"], {}),
        (["dev1", "dev2", "devops"], {"every": 3, "unit": "days", "handover": "18:00:00"}),
    ],
)
def test_what_is_saved_holds_from_now_on(console, rotation, past, people, said):
    before, layer = past(), Layer.objects.get(rotation=rotation)
    expected = {on_call_in(rotation, weeks) for weeks in (1, 2, 3)}

    answer = console.post(f"{LAYERS}{layer.pk}/change/", layer_form(layer, people=people, **said))

    assert answer.status_code == 302, answer.context["errors"]
    assert past() == before
    assert Layer.objects.filter(rotation=rotation).current().get().pk == layer.pk
    if people[0] == "cto":
        assert {on_call_in(rotation, weeks) for weeks in (1, 2, 3)} == {"cto"} != expected


def test_saving_without_a_change_keeps_no_copy(console, rotation):
    layer = Layer.objects.get(rotation=rotation)
    people = [member.user.username for member in layer.members.all()]
    console.post(f"{LAYERS}{layer.pk}/change/", layer_form(layer, people=people))

    assert Layer.objects.filter(rotation=rotation).count() == 1


def test_a_layer_that_is_deleted_was_there(console, rotation, past):
    before, layer = past(), Layer.objects.get(rotation=rotation)
    console.post(f"{LAYERS}{layer.pk}/delete/", {"post": "yes"})

    assert past() == before
    assert on_call_in(rotation, 1) is None
    Layer.objects.create(rotation=rotation, first_day="2026-01-05", handover="09:00")


def rotation_form(rotation, layer, **said):
    rows = {
        "TOTAL_FORMS": 1, "INITIAL_FORMS": 1, "0-id": layer.pk, "0-rotation": rotation.pk,
        "0-place": 0, "0-first_day": layer.first_day.isoformat(), "0-handover": "09:00:00",
        "0-every": 1, "0-unit": "weeks",
    }  # fmt: skip
    names = {name: getattr(rotation, name) for name in ("slug", "name_ko", "name_en", "place")}
    usual = names | {"team": rotation.team_id, "time_zone": rotation.time_zone}
    return usual | formset("layers", **rows) | said


@pytest.mark.parametrize(
    "said",
    [{"time_zone": "America/New_York"}, {"layers-0-every": 2}, {"layers-0-DELETE": "on"}],
)
def test_the_rotation_s_own_page_leaves_the_past_alone_too(console, rotation, past, said):
    before, layer = past(), Layer.objects.get(rotation=rotation)
    form = rotation_form(rotation, layer, **said)

    answer = console.post(f"/console/teams/rotation/{rotation.pk}/change/", form)

    assert answer.status_code == 302, answer.context["errors"]
    assert past() == before
    if "time_zone" in said:
        assert Rotation.objects.get(pk=rotation.pk).time_zone == "America/New_York"


def test_whoever_leaves_was_there_until_then_and_is_not_afterwards(rotation, past):
    before, leaver, now = past(), person("dev2"), clock.now()
    history.before_leaving(leaver, at=now)
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    history.keep_past(Layer.objects.current().get(rotation=rotation), at=now + timedelta(weeks=6))

    assert past() == before
    names = {name for name, *_ in past(now, now + timedelta(weeks=12))}
    assert names == {"dev1", "devops"}


def test_several_changes_each_keep_what_held_between_them(rotation):
    layer, start = Layer.objects.get(rotation=rotation), clock.now()
    for day, name in enumerate(["cto", "ceo", "dev1"], 1):
        history.keep_past(layer, at=start + timedelta(days=day))
        LayerMember.objects.filter(layer=layer).update(user=person(name))

    end = start + timedelta(days=6)
    [roster] = rosters(start, end, only=[rotation.pk])
    turns = [(turn.person.username, turn.start) for turn in roster.turns(start, end)]
    changed = [(name, at) for name, at in turns if at > start and name in {"cto", "ceo", "dev1"}]
    assert changed[:3] == [
        (name, start + timedelta(days=day)) for day, name in enumerate(["cto", "ceo", "dev1"], 1)
    ]
    assert not roster.gaps(start, end)


def override(rotation, start, end):
    now = clock.now()
    return Override.objects.create(
        rotation=rotation, user=person("cto"), starts_at=now + timedelta(hours=start),
        ends_at=now + timedelta(hours=end),
    )  # fmt: skip


def test_a_stand_in_who_was_there_stays_so(console, rotation):
    over, running, to_come = (override(rotation, *span) for span in ((-4, -2), (-1, 4), (5, 6)))
    for each in (over, running, to_come):
        console.post(f"/console/teams/override/{each.pk}/delete/", {"post": "yes"})
    assert set(Override.objects.all()) == {over, running}

    address = f"/console/teams/override/{running.pk}/change/"
    for days, day_after in ((-1, False), (1, True)):
        ends = timezone.localtime(clock.now()) + timedelta(days=days)
        console.post(
            address,
            {"user": person("ceo").pk, "ends_at_0": f"{ends:%Y-%m-%d}", "ends_at_1": "12:00:00"},
        )
        running.refresh_from_db()
        assert running.user == person("cto")
        assert (running.ends_at > clock.now() + timedelta(hours=5)) is day_after
