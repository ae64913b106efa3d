"""Capacities are foreseen from what monitoring keeps, by a tick, and shown in words."""

import re
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal

import numpy as np
import pytest
from django.core.management import call_command

from core import clock
from maintenance.models import Capacity, CapacityForecast, Price, State
from maintenance.services import forecast_due
from maintenance.services.foreseeing import foresee
from teams.models import User
from tests.maintenance import courses
from tests.maintenance.metrics import measured

pytestmark = pytest.mark.django_db
GB = 10**9


def marked(values, *, full_at, **more):
    named = {name: more.pop(name) for name in ("name", "unit", "labels") if name in more}
    return Capacity.objects.create(metric=measured(values, **named), full_at=full_at, **more)


@pytest.fixture
def disk():
    price = Price.objects.create(
        name_ko="500 GB SSD",
        name_en="500 GB SSD",
        adds=500 * GB,
        cost=Decimal(120_000),
        lead_days=7,
    )
    noise = np.random.default_rng(5).normal(0, 20, 90 * 24)
    growing = (courses.line(base=400, a_day=5) + noise) * GB
    return marked(
        growing, full_at=1400 * GB, warning_at=1200 * GB, price=price, site_lost_percent=50
    )


def test_a_growing_disk_has_a_date_a_price_and_scenarios(disk):
    at = clock.now()
    found = foresee(disk, at=at)

    full = found.reaches["today"]["full"]
    assert CapacityForecast.objects.get().until <= at
    assert full["soonest"] < full["likely"] < full["latest"]
    assert found.reaches["users"]["full"]["likely"] < full["likely"]
    assert found.reaches["site"]["full"]["likely"] < found.reaches["users"]["full"]["likely"]
    assert found.advice["count"] == 1
    assert Decimal(found.advice["cost"]) == 120_000
    assert found.pace == pytest.approx(5 * GB, rel=0.1)


def test_the_advice_can_be_reckoned_again_from_what_is_kept(disk):
    advice = foresee(disk, at=clock.now()).advice
    missing = Decimal(advice["expected"]) - Decimal(advice["full_at"])
    exact = missing / Decimal(advice["price"]["adds"])

    assert Decimal(advice["exact"]) == exact.quantize(Decimal("0.01"), ROUND_CEILING)
    assert Decimal(advice["cost"]) == advice["count"] * Decimal(advice["price"]["cost"])


def test_a_metric_without_history_says_so():
    found = foresee(marked([], full_at=10), at=clock.now())
    assert found.state == State.TOO_LITTLE
    assert found.known_days == 0


def test_the_tick_makes_each_once_and_again_when_settings_changed(disk):
    marked(courses.by_day(days=30), full_at=90, name="cpu", unit="percent")
    at = clock.now()

    assert forecast_due(at=at) == 2
    assert forecast_due(at=at) == 0
    disk.save()
    assert forecast_due(at=clock.now()) == 1
    assert forecast_due(at=clock.now() + timedelta(hours=7)) == 2


def test_a_round_ends_when_its_time_is_over(disk):
    assert forecast_due(at=clock.now(), seconds=-1) == 0


def test_one_that_fails_says_why_and_keeps_no_other_from_its_forecast(disk):
    broken = marked(courses.by_day(days=30) * 1e306, full_at=90, name="cpu")
    forecast_due(at=clock.now())

    assert disk.forecast.state == State.KNOWN
    broken.refresh_from_db()
    assert broken.forecast.state == State.FAILED
    assert broken.forecast.detail


def english(client):
    User.objects.update(language="en")
    return client


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_page_says_when_and_what_to_do(disk, browser):
    forecast_due(at=clock.now())
    client = english(browser("viewer"))
    listed, alone = text(client.get("/capacity/")), text(client.get(disk.get_absolute_url()))

    assert re.search(r"between \w+\.? \d+(, \d+)? and \w+\.? \d+", listed)
    assert re.search(r"Add 1 × 500 GB SSD (by \w+\.? \d+|now)", listed)
    assert "120,000 KRW" in alone
    assert "20 % more users" in alone
    assert "One site lost" in alone


def test_an_order_that_is_late_already_is_reckoned_to_its_day_and_due_now(disk, browser):
    Price.objects.update(lead_days=3_000)
    forecast_due(at=clock.now())
    alone = text(english(browser("viewer")).get(disk.get_absolute_url()))
    assert re.search(r"− 3000 days of lead time = \w+\.? \d+, 20\d\d, so now", alone)


def test_of_what_is_read_no_more_no_date_is_told(disk, browser):
    forecast_due(at=clock.now())
    CapacityForecast.objects.update(until=clock.now() - timedelta(days=9))
    client = english(browser("viewer"))
    listed, alone = text(client.get("/capacity/")), text(client.get(disk.get_absolute_url()))
    assert "so nothing is foreseen" in listed
    assert "between" not in listed
    assert "20 % more users" not in alone


def test_an_empty_page_teaches(browser):
    assert "Nothing is marked as a capacity yet" in text(
        english(browser("viewer")).get("/capacity/")
    )


def test_a_page_costs_the_same_with_many(disk, browser, django_assert_max_num_queries):
    for count in range(6):
        marked(courses.by_day(days=12), full_at=90, name=f"cpu_{count}")
    forecast_due(at=clock.now())
    client = browser("viewer")
    client.get("/capacity/")
    with django_assert_max_num_queries(12):
        client.get("/capacity/")


def test_the_api_tells_the_same(disk, browser):
    forecast_due(at=clock.now())
    [row] = browser("viewer").get("/api/v1/capacities/").json()["results"]

    assert row["forecast"]["reaches"]["today"]["full"]["likely"]
    assert row["forecast"]["advice"]["count"] == 1
    assert row["unit"] == "bytes"


def test_the_backtest_prints_a_row_a_capacity(disk, capsys):
    call_command("backtest_capacity")
    head, row = capsys.readouterr().out.strip().split("\n")

    assert head.split()[:3] == ["metric", "forecasts", "relative"]
    assert row.startswith('disk_used_bytes{host="db-1"}')
    assert int(row.split()[1]) == 6


def test_a_backtest_without_capacities_says_so(capsys):
    call_command("backtest_capacity")
    assert "No metric is marked" in capsys.readouterr().out
