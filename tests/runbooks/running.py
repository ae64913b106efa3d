"""Runbooks for tests: written as text, and gone through without threads, step by step."""

import json
from datetime import timedelta
from typing import Any

from core import clock
from runbooks import services
from runbooks.crew import outcome
from runbooks.models import Run, Runbook, Version
from runbooks.services.loading import write

TEXT = {"ko": "글", "en": "text"}


def step(name: str, **what: Any) -> dict[str, Any]:
    return {"name": name, "title": {"ko": f"{name} 하기", "en": f"do {name}"}, **what}


def book(*steps: dict[str, Any], key: str = "trial", **more: Any) -> Version:
    body = {"title": {"ko": "시험", "en": "Trial"}, "summary": TEXT, "steps": list(steps), **more}
    found, _made = Runbook.objects.get_or_create(key=key)
    return write(found, json.dumps(body), at=clock.now(), by=None)


def go(run: Run, *, later: timedelta = timedelta(0), rounds: int = 50) -> Run:
    """As far as it goes without waiting for anybody or for time to pass."""
    for _round in range(rounds):
        claims = services.claim(run.pk, at=clock.database_now() + later, most=100)
        if not claims:
            break
        for claim in claims:
            services.finish(claim, outcome(claim), at=clock.database_now())
    run.refresh_from_db()
    return run


def states(run: Run) -> dict[str, str]:
    return dict(run.steps.order_by("position").values_list("path", "state"))
