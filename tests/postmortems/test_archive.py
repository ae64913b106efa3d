"""The archive: found by words and quarter, and taken along as one ZIP."""

import csv
import io
from datetime import date, datetime, timedelta
from unittest.mock import Mock
from zipfile import ZipFile

import pytest
from django.test import Client

from incidents.models import Incident
from postmortems import services
from postmortems.domain.quarters import Quarter, down_from
from postmortems.models import Postmortem, Rendering
from postmortems.services import binding, printing
from tests.postmortems.conftest import after

ZIP = "/postmortems/archive.zip"


@pytest.mark.parametrize(
    ("day", "quarter", "first", "before", "later"),
    [
        ("2026-01-01", "2026-Q1", "2026-01-01", "2025-Q4", "2026-Q2"),
        ("2026-09-30", "2026-Q3", "2026-07-01", "2026-Q2", "2026-Q4"),
        ("2026-12-31", "2026-Q4", "2026-10-01", "2026-Q3", "2027-Q1"),
    ],
)
def test_quarters_follow_each_other(day, quarter, first, before, later):
    found = Quarter.of(date.fromisoformat(day))
    assert (str(found), str(found.before), str(found.after)) == (quarter, before, later)
    assert found.first_day == date.fromisoformat(first)
    assert Quarter.read(quarter) == found


@pytest.mark.parametrize(
    "written", ["", "2026", "2026-Q5", "2026-Q0", "0000-Q1", "٢٠٢٦-Q1", "2026-Q1 "]
)
def test_what_is_no_quarter_is_none(written):
    assert Quarter.read(written) is None


def test_quarters_to_choose_from_are_not_without_end():
    assert len(down_from(Quarter(2026, 4), Quarter(1000, 1), most=24)) == 24


@pytest.fixture
def two(resolved, commander, db):
    """One of this quarter about withdrawals, one of the last, graver, about keys."""
    found = []
    for title, severity, began in (
        ("출금 지연", "P1", "2026-11-23T03:00:00+00:00"),
        ("=HYPERLINK(1) 열쇠", "P0", "2026-09-30T14:59:00+00:00"),
    ):
        incident = resolved(severity)
        at = datetime.fromisoformat(began)
        Incident.objects.filter(pk=incident.pk).update(
            title=title, detected_at=at, resolved_at=at + timedelta(hours=1)
        )
        incident.refresh_from_db()
        found.append(services.draft(incident, by=commander, at=after(hours=1)))
    services.revise(found[1], {"lessons": "예비 열쇠"}, seen=1, by=None, at=after(hours=2))
    return [Postmortem.objects.get(pk=one.pk) for one in found]


@pytest.fixture
def browser(commander):
    client = Client()
    client.force_login(commander)
    return client


@pytest.fixture
def press(monkeypatch):
    made = Mock(side_effect=lambda report, told: b"%PDF-" + str(report.number).encode())
    monkeypatch.setattr(printing, "render", made)
    return made


def numbers(answer):
    return {row.incident_id for row, _due in answer.context["rows"]}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {0, 1}),
        ("quarter=2026-Q3", {1}),
        ("quarter=2026-Q4", {0}),
        ("quarter=x&state=y", set()),
        ("severity=P0", {1}),
        ("service=withdrawals", {0, 1}),
        ("service=none", set()),
        ("state=draft", {0, 1}),
        ("q=지연", {0}),
        ("q=예비", {1}),
        ("q=%00", {0, 1}),
    ],
)
def test_it_is_found_by_words_quarter_service_severity_and_state(browser, two, asked, found):
    answer = browser.get(f"/postmortems/?{asked.replace('%00', '')}")

    assert numbers(answer) == {two[place].incident_id for place in found}


def test_a_search_shows_the_found_part_alone(browser, two):
    part = browser.get("/postmortems/?q=지연", headers={"hx-request": "true"}).content.decode()

    assert "출금 지연" in part
    assert "<html" not in part


def test_the_zip_comes_when_all_are_made(browser, two, press):
    page = browser.get(ZIP)
    assert page.status_code == 202
    assert "2개 가운데 0개" in page.content.decode()

    services.render_due()
    part = browser.get(ZIP, headers={"hx-request": "true"})
    answer = browser.get(part["HX-Redirect"])
    whole = b"".join(answer.streaming_content)

    with ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        first, second, index = archive.namelist()
        assert archive.read(first) == b"%PDF-" + str(two[1].incident_id).encode()
        rows = list(csv.reader(io.StringIO(archive.read(index).decode("utf-8-sig"))))
    assert second.startswith("2026-11-23")
    assert first == f"2026-09-30-{two[1].incident_id}-P0-ko.pdf"
    assert [row[2] for row in rows[1:]] == ["'=HYPERLINK(1) 열쇠", "출금 지연"]
    assert b"".join(browser.get(ZIP).streaming_content) == whole


def test_one_that_fails_keeps_no_other_back(browser, two, monkeypatch):
    def made(report, told):
        if report.number == two[0].incident_id:
            raise ValueError("broken")
        return b"%PDF-"

    monkeypatch.setattr(printing, "render", made)
    browser.get(ZIP)
    services.render_due()

    page = browser.get(ZIP).content.decode()
    assert "broken" in page
    rest = b"".join(browser.get(f"{ZIP}?anyway=1").streaming_content)
    with ZipFile(io.BytesIO(rest)) as archive:
        assert len(archive.namelist()) == 2
        assert "broken" in archive.read("index.csv").decode()

    browser.post(ZIP)
    assert not Rendering.objects.exclude(error="").exists()


def test_too_many_or_none_are_refused_with_what_to_do(browser, two, monkeypatch):
    assert "맞는 사후 분석이 없어요" in browser.get(f"{ZIP}?q=zzz", follow=True).content.decode()
    monkeypatch.setattr(binding, "MOST", 1)
    assert "분기" in browser.get(ZIP, follow=True).content.decode()
    assert not Rendering.objects.exists()
