"""The page of figures, and the incidents behind each."""

import pytest
from django.test import Client

from core import clock
from tests.postmortems.conftest import after

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(commander, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: after(days=2))
    client = Client()
    client.force_login(commander)
    return client


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_house_is_told_that_there_is_not_enough_data(browser):
    said = text(browser.get("/figures/"))

    assert "데이터 부족" in said
    assert "nan" not in said.lower().split()


def test_it_shows_the_figures_in_both_languages(browser, commander, resolved):
    resolved()
    assert "50분" in text(browser.get("/figures/"))
    commander.language = "en"
    commander.save()
    browser.cookies["django_language"] = "en"
    assert "50\xa0min" in text(browser.get("/figures/"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True), ("by=severity&key=P1", True), ("by=severity&key=P0", False),
        ("by=service&key=withdrawals", True), ("by=service&key=deposits", False),
        ("by=clock&key=resolve", True), ("by=clock&key=detect", False), ("by=late&key=1", False),
        ("by=hour&key=12", True), ("by=hour&key=3", False), ("by=cause&key=x", False),
        ("service=deposits", False), ("by=nonsense&key=x", True),
    ],
)  # fmt: skip
def test_behind_a_figure_stand_its_incidents_and_no_others(browser, resolved, query, found):
    incident = resolved()

    assert (incident.title in text(browser.get(f"/figures/incidents/?{query}"))) is found


def test_each_way_down_leads_to_as_many_as_the_figure_counts(browser, resolved):
    resolved()
    shown = browser.get("/figures/").context
    for bars in [*shown["bars"].values(), shown["hours"]]:
        for bar in bars:
            page = browser.get(f"/figures/incidents/?{bar.query}").context["page"]
            assert page.paginator.count == bar.count


def test_nonsense_in_the_address_shows_the_usual(browser):
    for query in ("days=0", "days=x", "service=nothing", "days=9999999999999"):
        assert browser.get(f"/figures/?{query}").context["asked"].days == 30


def test_the_table_has_every_figure(browser, resolved):
    resolved()
    said = text(browser.get("/figures/figures.csv?days=7"))

    assert "resolve.mean,,3000.0,s,1,,\r\n" in said
    assert "availability,withdrawals," in said


def test_the_line_under_the_list_of_incidents_says_the_same(browser, resolved):
    resolved()

    assert [value for _, value in browser.get("/incidents/").context["stats"]] == [
        "1", "4분", "50분", "1/1",
    ]  # fmt: skip
