"""The capacities as a PDF: a list and a page of each, made by the worker."""

import pytest
from django.test import Client

from core import clock
from maintenance.models import CapacityPaper
from maintenance.services import forecast_due, printing
from tests.maintenance import courses
from tests.maintenance.test_foreseeing import GB, disk, marked
from tests.postmortems.test_pdf import poppler, text

pytestmark = pytest.mark.django_db
__all__ = ["disk"]
PDF = "/capacity/capacity.pdf?language=en"


@pytest.fixture
def reader(commander):
    client = Client()
    client.force_login(commander)
    return client


def foreseen():
    forecast_due(at=clock.now())


def printed(language="en"):
    row = printing.ask(language)
    printing.print_due()
    row.refresh_from_db()
    assert row.error == ""
    return bytes(row.pdf)


def test_it_lists_all_and_has_a_page_of_each_with_dates_advice_and_price(disk):
    marked(courses.line(base=400, a_day=0) * GB, full_at=1400 * GB, name="flat")
    foreseen()
    pdf = printed()
    said = text(pdf)

    assert "Pages:           3" in poppler("pdfinfo", pdf)
    for words in ("Add 1 × 500 GB SSD", "120,000 KRW", "7 days of lead time", "20 % more users"):
        assert words in " ".join(said.split())


def test_what_is_not_foreseen_is_listed_and_takes_no_page(disk):
    marked(courses.line(days=3), full_at=90, name="young")
    foreseen()
    pdf = printed()

    assert "Pages:           2" in poppler("pdfinfo", pdf)
    assert "young" in text(pdf)
    assert "Too little is known yet" in " ".join(text(pdf).split())


def test_of_a_house_without_capacities_it_says_so(seeded):
    assert "Nothing is marked as a capacity yet" in text(printed())


def test_it_is_in_the_language_that_was_asked_for(disk):
    foreseen()

    assert "용량" in text(printed("ko"))
    assert CapacityPaper.objects.count() == 1


def test_a_person_sees_how_far_it_is_and_then_the_pdf(disk, reader):
    foreseen()
    waiting = reader.get(PDF)
    assert waiting.status_code == 202

    printing.print_due()

    there = reader.get(PDF)
    assert there["Content-Type"] == "application/pdf"
    assert there.content.startswith(b"%PDF-")


def test_the_same_is_made_once_and_a_new_forecast_is_another(disk):
    foreseen()
    first = printed()
    assert printed() == first
    disk.full_at = 1500 * GB
    disk.save()
    foreseen()

    assert printed() != first
    assert CapacityPaper.objects.count() == 1  # only the newest is kept


def test_one_that_failed_is_made_again_when_a_person_asks(disk, reader):
    foreseen()
    printing.ask("en")
    CapacityPaper.objects.update(error="x")
    assert reader.get(PDF).status_code == 200
    assert reader.post(PDF).status_code == 302
    printing.print_due()

    assert reader.get(PDF)["Content-Type"] == "application/pdf"
