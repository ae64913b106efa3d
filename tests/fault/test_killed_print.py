"""A PDF is being laid out when its worker is killed: another one makes it, once, and nothing is left lying."""

from collections.abc import Callable

import psutil
import pytest

from tests.running import Product, until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(900)]

LINES = 6000  # enough pages to be killed in the midst of them
WRITE = f"""
from core import clock
from incidents import services
from postmortems.services import ask, draft, revise
from teams.models import User
who = User.objects.get(username='commander')
incident = services.declare('긴 밤', severity='P3', by=who, at=clock.now())
services.resolve(incident, by=who, at=clock.now())
made = draft(incident, by=who, at=clock.now())
lessons = chr(10).join(f'교훈 {{n}}' for n in range({LINES}))
revise(made, {{'lessons': lessons}}, seen=made.version, by=who, at=clock.now())
ask(made)
"""
PAGES = "SELECT max(pages) FROM postmortems_rendering WHERE made_at IS NULL"
MADE = "SELECT tries, held_until, substring(pdf FROM 1 FOR 5) FROM postmortems_rendering WHERE made_at IS NOT NULL"


def makers() -> list[psutil.Process]:
    return [one for one in psutil.process_iter() if "core.printing.pressroom" in command(one)]


def command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def test_a_killed_worker_loses_no_pdf_and_leaves_no_maker_behind(
    product: Product, tell: Callable[[object], None]
) -> None:
    others = {one.pid for one in makers()}
    product.manage("shell", "-c", WRITE)
    assert until(lambda: (product.sql(PAGES)[0][0] or 0) > 0, within=120, every=0.05)
    at_work = [one for one in makers() if one.pid not in others]
    product.kill("worker-background")
    assert at_work

    assert until(lambda: product.sql(MADE), within=200)

    ((tries, held_until, begins),) = product.sql(MADE)
    assert (tries, held_until, bytes(begins)) == (2, None, b"%PDF-")
    assert until(lambda: not any(one.is_running() for one in at_work), within=60)
    tell("made by the second worker; the first one's maker has gone")
