"""Run in the product's own process: switches the response to a shortage on, and judges what came of it."""

from datetime import timedelta

import httpx2
from django.conf import settings

from energy.models import EnergyPolicy, Response
from integrations.tron import SUN
from runbooks.domain.actions import Mode
from runbooks.models import Limits
from runbooks.registry import actions
from tests.energy.audits import audit
from tests.energy.company import Firm

BUDGET = {"energy.buy": 300 * SUN, "energy.stake": 300_000 * SUN}


def switch_on() -> None:
    EnergyPolicy.objects.create(resume_runway=timedelta(0), paused_for=timedelta(seconds=10))
    for kind in actions:
        Limits.of(kind)
    Limits.objects.update(mode=Mode.ON, second_above_sun=None, cooldown=timedelta(0))
    for kind, sun in BUDGET.items():
        Limits.objects.filter(kind=kind).update(
            action_cap_sun=sun // 3, day_cap_sun=sun, lifetime_cap_sun=sun
        )


def judge() -> str:
    """Its status; raises AssertionError."""
    shop = Firm.__new__(Firm)
    shop.http = httpx2.Client(base_url=settings.SANDBOX, timeout=10)
    responses = list(Response.objects.all())
    audit(shop, responses, BUDGET, dict.fromkeys(BUDGET, 0))
    return ", ".join(one.status for one in responses)
