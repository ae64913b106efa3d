"""The whole story, as `manage.py gameday energy-shortage` plays it: from the drain to the postmortem."""

import os
import re
import signal
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from config.gamedays import GAMEDAYS, energy_shortage
from core import clock
from core.errors import Refused
from energy import looking
from energy.models import EnergyPolicy, Response, Wallet
from incidents.models import Incident
from integrations.tron import SUN
from monitoring.models import Alert
from notifications.models import Delivery
from postmortems.services import draft
from runbooks.domain.actions import Mode
from runbooks.models import Limits
from teams.models import User
from tests.energy.ticks import around

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


@pytest.fixture
def town(seeded, firm, settings, monkeypatch):
    looking._prices.cache_clear()
    settings.SANDBOX = firm.url
    Wallet.objects.exclude(pk__in=[firm.hot.pk, firm.treasury.pk, firm.spare.pk]).delete()
    Limits.objects.update(mode=Mode.SHADOW)
    real = energy_shortage._version

    def at_once(policy, **changes):
        real(policy, **changes | ({"paused_for": timedelta(0)} if changes else {}))

    monkeypatch.setattr(energy_shortage, "_version", at_once)
    return firm


class Impatient(StringIO):
    """Ends the process as soon as the first thing is said, and once more."""

    def __init__(self, how):
        super().__init__()
        self.how = how

    def write(self, words):
        os.kill(os.getpid(), self.how)
        os.kill(os.getpid(), self.how)
        return super().write(words)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_ended_early_it_leaves_nothing_switched_on(town, how):
    before = signal.getsignal(how)
    told = Impatient(how)

    with pytest.raises(CommandError, match="도중에 끝냈어요"):
        call_command("gameday", "energy-shortage", stdout=told)

    assert "DRAIN" in told.getvalue(), "after the kinds were switched on"
    assert set(Limits.objects.values_list("mode", flat=True)) == {Mode.SHADOW}
    assert EnergyPolicy.now().paused_for == timedelta(minutes=10)
    assert signal.getsignal(how) == before


def test_from_the_drain_to_the_postmortem(town, monkeypatch):
    town.act("drain", account="spare", left_percent=0)
    told = []
    monkeypatch.setattr(energy_shortage, "WITHIN", timedelta(minutes=2))

    status = GAMEDAYS["energy-shortage"](told.append, around)

    story = re.sub(" {2,}", "  ", "\n".join(told))
    order = [
        "WARNING", "EMERGENCY_ENERGY_SHORTAGE", "HOLD_WITHDRAWALS  done",
        "CRITICAL_ENERGY_SHORTAGE", "PAUSE_WITHDRAWALS  done", "ENERGY_BACK",
        "RESUME_WITHDRAWALS  done", f"OVER  {status}",
    ]  # fmt: skip
    places = [story.find(words) for words in order]
    assert -1 not in places, story
    assert places == sorted(places), story
    assert "BUY_ENERGY  done" in story or "DELEGATE_ENERGY  done" in story
    assert status.startswith("CRITICAL_RESPONSE_")
    assert town.rail()["holds"] == []
    assert set(Limits.objects.values_list("mode", flat=True)) == {Mode.SHADOW}, "as before"
    assert EnergyPolicy.now().paused_for == timedelta(minutes=10)
    _is_one_incident_with_its_costs(status)


def _is_one_incident_with_its_costs(status):
    incident, response = Incident.objects.get(), Response.objects.get()
    assert incident.drill
    assert not incident.is_open
    assert not Alert.objects.open().exists()
    assert not Delivery.objects.filter(template="stakeholder").exists()
    kinds = set(incident.timeline.values_list("kind", flat=True))
    assert {"energy_response_begun", "action_confirmed", "energy_response_over"} <= kinds
    over = incident.timeline.get(kind="energy_response_over").data
    assert over["trx"].endswith("TRX")
    assert response.cost_sun <= 500 * SUN
    reports = incident.timeline.filter(kind="energy_response_reported")
    assert status in {event.data["status"] for event in reports}
    commander = User.objects.get(username="commander")
    assert over["trx"] in draft(incident, by=commander, at=clock.database_now()).summary


def test_it_is_played_in_the_sandbox_only(town, settings):
    settings.SANDBOX = "http://127.0.0.1:1"
    with pytest.raises(Refused):
        GAMEDAYS["energy-shortage"](print, around)
