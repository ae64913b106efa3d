"""What follows from a severity: its defaults, its limits in the database, its form in the console."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from incidents.models import SeverityPolicy
from tests.incidents.conftest import START

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

P0 = "/console/incidents/severitypolicy/P0/change/"
NEW = ["required_roles", "update_every", "public_impact", "postmortem_due"]


@pytest.mark.parametrize(
    ("severity", "roles", "every", "impact", "due"),
    [
        ("P0", "commander deputy scribe communications", timedelta(minutes=30), "major_outage", 3),
        ("P1", "commander communications", timedelta(hours=1), "major_outage", 5),
        ("P2", "commander", timedelta(hours=4), "degraded_performance", 10),
        ("P3", "", None, "degraded_performance", None),
    ],
)
def test_what_follows_from_each_severity(severity, roles, every, impact, due):
    policy = SeverityPolicy.objects.get(severity=severity)

    assert policy.required_roles == roles.split()
    assert (policy.update_every, policy.public_impact) == (every, impact)
    assert policy.postmortem_by(resolved_at=START) == (due and START + timedelta(days=due))
    assert policy.postmortem_by(resolved_at=None) is None


def test_an_older_installation_gets_what_a_new_one_is_seeded_with():
    seeded = list(SeverityPolicy.objects.values_list(*NEW))
    SeverityPolicy.objects.update(
        required_roles=[], update_every=None, public_impact="operational", postmortem_due=None
    )
    with connection.cursor() as cursor:
        cursor.execute(import_module("incidents.migrations.0005_severity_says_more").FILL)

    assert list(SeverityPolicy.objects.values_list(*NEW)) == seeded


@pytest.mark.parametrize(
    ("field", "constraint"),
    [
        ("respond_within", "clocks_take_time"),
        ("resolve_within", "clocks_take_time"),
        ("update_every", "updates_take_time"),
        ("postmortem_due", "postmortems_take_time"),
    ],
)
def test_no_clock_is_over_when_it_starts(field, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        SeverityPolicy.objects.filter(severity="P0").update(**{field: timedelta(0)})


def console(commander):
    client = Client()
    client.force_login(commander)
    return client


def form(**said):
    """What the console sends when nothing is changed."""
    policy = SeverityPolicy.objects.get(severity="P0")
    texts = ["name", "meaning", "examples"]
    fields = {
        f"{text}_{lang}": getattr(policy, f"{text}_{lang}")
        for text in texts
        for lang in ("ko", "en")
    }
    return fields | {
        "respond_within": "00:15:00", "resolve_within": "02:00:00", "warn_at": "75",
        "channels": "voice,sms,slack,email", "team": policy.team_id,
        "required_roles": policy.required_roles, "update_every": "00:30:00",
        "public_impact": "major_outage", "postmortem_due": "3 00:00:00",
    } | said  # fmt: skip


def test_an_administrator_changes_what_follows(commander):
    said = form(
        required_roles=["commander", "scribe"], update_every="", postmortem_due="7 00:00:00"
    )

    assert console(commander).post(P0, said).status_code == 302
    policy = SeverityPolicy.objects.get(severity="P0")
    assert policy.required_roles == ["commander", "scribe"]
    assert (policy.update_every, policy.postmortem_due) == (None, timedelta(days=7))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"respond_within": "00:00:00"}, "1분 이상이어야 해요"),
        ({"update_every": "-00:30:00"}, "1분 이상이어야 해요"),
        ({"channels": "sms,vioce"}, "vioce"),
        ({"channels": ""}, "errorlist"),
        ({"required_roles": ["king"]}, "king"),
        ({"public_impact": "fine"}, "fine"),
    ],
)
def test_a_slip_is_refused_with_its_reason_and_nothing_changes(commander, said, why):
    answer = console(commander).post(P0, form(**said))

    assert answer.status_code == 200
    assert why in answer.content.decode()
    policy = SeverityPolicy.objects.get(severity="P0")
    assert (policy.respond_within, policy.channels[0]) == (timedelta(minutes=15), "voice")
