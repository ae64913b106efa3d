"""A shortage of the sandbox's hot wallet, answered by the product's own ticks in this process."""

from datetime import timedelta

import pytest

from energy import looking
from energy.domain.responses import Result
from energy.models import EnergyPolicy, Response, StatusName, Wallet
from runbooks.models import Limits
from tests.energy.ticks import until, watch


@pytest.fixture
def shop(seeded, firm):
    """With severities and people, and nothing else going on."""
    looking._prices.cache_clear()
    Wallet.objects.exclude(pk__in=[firm.hot.pk, firm.treasury.pk, firm.spare.pk]).delete()
    EnergyPolicy.objects.create(resume_runway=timedelta(0), paused_for=timedelta(0))
    return firm


def drained(firm, percent):
    firm.act("drain", account="hot", left_percent=percent)
    watch()
    watch()
    return until(Response.objects.first)


def reported(response):
    def done():
        response.refresh_from_db()
        return response.reported_at and response.status != StatusName.RUNNING

    until(done)
    return response


def results(response, *, used=True):
    return [
        (step.lever, str(step.result))
        for step in response.steps.with_results()
        if (step.result is not Result.UNUSED) == used
    ]


def told(incident):
    return [event.kind for event in incident.timeline.order_by("seq")]


def only(shop, **modes):
    """These kinds in these modes, the rest on."""
    for kind, mode in modes.items():
        Limits.objects.filter(kind=kind.replace("__", ".")).update(mode=mode)
