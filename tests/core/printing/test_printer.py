"""The PDF maker's own process: real, started, killed and worn out here."""

import os
from collections.abc import Iterator

import psutil
import pytest

from core.errors import Refused
from core.printing import printer as printing
from core.printing.printer import Printer

PAGE = "<title>한 쪽</title><p>출금 중단</p>"
BROKEN = PAGE + "<p style='font-size: 1e308px'>x</p>"
PAGES = PAGE + "<p style='break-before: page'>x</p>" * 3


@pytest.fixture
def printer() -> Iterator[Printer]:
    made = Printer()
    yield made
    made.close()


@pytest.fixture
def instead(monkeypatch, tmp_path):
    """Something else where the PDF maker's process finds WeasyPrint."""

    def replaced(program: str) -> None:
        (tmp_path / "weasyprint.py").write_text(program)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    return replaced


def test_one_process_makes_many_and_holds_what_this_one_does_not(printer):
    first = printer.to_pdf(PAGE)
    maker = printer._child.pid
    assert first.startswith(b"%PDF-")
    assert printer.to_pdf(PAGE) == first
    assert printer._child.pid == maker != os.getpid()


def test_it_is_told_which_page_is_laid_out(printer):
    pages = []
    printer.to_pdf(PAGES, told=pages.append)
    assert pages == [1, 2, 3, 4]


def test_one_that_is_killed_at_work_is_said_and_the_next_document_is_made(printer):
    with pytest.raises(Refused):
        printer.to_pdf(PAGES, told=lambda _page: printer._child.kill())
    assert printer.to_pdf(PAGE).startswith(b"%PDF-")


def test_one_that_has_gone_home_meanwhile_is_hired_anew(printer):
    printer.to_pdf(PAGE)
    printer._child.kill()
    printer._child.wait()
    assert printer.to_pdf(PAGE).startswith(b"%PDF-")


def test_one_that_takes_for_ever_is_ended(printer, monkeypatch, instead):
    monkeypatch.setattr(printing, "LONGEST", 0.5)
    instead("import time; time.sleep(60)")
    with pytest.raises(Refused):
        printer.to_pdf(PAGE)


def test_without_pango_it_says_what_to_install(printer, instead):
    instead("raise OSError(\"cannot load library 'libpango-1.0-0'\")")
    with pytest.raises(Refused, match="apt-get install libpango"):
        printer.to_pdf(PAGE)


def test_a_document_it_cannot_make_is_said_and_it_lives_on(printer):
    with pytest.raises(Refused):
        printer.to_pdf(BROKEN)
    maker = printer._child.pid
    assert printer.to_pdf(PAGE).startswith(b"%PDF-")
    assert printer._child.pid == maker


def test_it_knows_no_secret_of_the_portal(printer, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "portal")
    printer.to_pdf(PAGE)
    assert "SECRET_KEY" not in psutil.Process(printer._child.pid).environ()


def test_it_ends_when_the_worker_hangs_up(printer):
    printer.to_pdf(PAGE)
    maker = psutil.Process(printer._child.pid)
    printer.close()
    assert not maker.is_running()
