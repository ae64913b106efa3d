"""What a manager downloads, read back with poppler's tools."""

import gc
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.request import pathname2url

import pytest
from weasyprint.urls import URLFetchingError, fetch

from core.printing.glyphs import numbered_by_place
from core.printing.press import FONTS, OnlyOurFonts, no_collections
from postmortems.domain.report import Why
from postmortems.pdf import html, render
from tests.postmortems.samples import ENGLISH, FULL, UNKNOWN, busy

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="poppler-utils reads the PDF back"
)

IN_ANOTHER_PROCESS = """
import sys, django
django.setup()
from postmortems.pdf import render
from tests.postmortems.samples import FULL
sys.stdout.buffer.write(render(FULL))
"""

NO_FONTS = (
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig/>'
)


# Reports are values, so what was printed once can be read many times.
printed = cache(render)


def poppler(tool: str, pdf: bytes, *options: str) -> str:
    with NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        output = ["-"] if tool == "pdftotext" else []
        command = [tool, *options, file.name, *output]
        return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def text(pdf: bytes) -> str:
    """All text with single spaces, so that line breaks do not matter."""
    return " ".join(poppler("pdftotext", pdf).split())


def pages(pdf: bytes) -> int:
    lines = poppler("pdfinfo", pdf).splitlines()
    return int(next(line for line in lines if line.startswith("Pages")).split()[1])


@contextmanager
def trap() -> Iterator[socket.socket]:
    """A port that tells whether anybody knocked."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        yield listener


def test_a_korean_title_can_be_found_in_the_text():
    assert FULL.title in text(printed(FULL))


def test_nothing_that_keeps_words_whole_is_in_the_text_or_the_bookmarks():
    made = printed(FULL)
    bookmarks = poppler("pdftohtml", made, "-xml", "-i", "-stdout")
    assert "\N{WORD JOINER}" not in text(made) + bookmarks
    assert f">{FULL.title}<" in bookmarks


def test_every_record_owner_and_cause_is_there():
    found = text(printed(FULL))
    wanted = [entry.text for entry in FULL.entries]
    wanted += [action.owner for action in FULL.actions] + [why.answer for why in FULL.whys]
    assert [part for part in wanted if part not in found] == []


def test_the_same_report_is_the_same_bytes():
    assert render(FULL) == printed(FULL)


def test_another_process_without_fonts_makes_the_same_bytes(tmp_path):
    (tmp_path / "fonts.conf").write_text(NO_FONTS)
    alone = os.environ | {
        "FONTCONFIG_FILE": str(tmp_path / "fonts.conf"),
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "7",
    }
    made = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS], env=alone, capture_output=True, check=True
    )
    assert made.stdout == printed(FULL)


@pytest.mark.parametrize("report", [FULL, ENGLISH, UNKNOWN], ids=["korean", "english", "unknown"])
def test_only_our_fonts_are_embedded(report):
    fonts = [line.split() for line in poppler("pdffonts", printed(report)).splitlines()[2:]]
    assert fonts
    assert all("Pretendard" in font[0] for font in fonts)
    assert all("yes" in font for font in fonts)


def test_a_report_without_anything_known_asks_for_it():
    found = text(printed(UNKNOWN))
    assert "—" in found
    assert found.count("?") > UNKNOWN.open_questions


def test_an_unanswered_why_is_an_open_question_and_no_root_cause():
    whys = (*ENGLISH.whys[:2], Why(question="Why could it not be refilled?", depth=2))
    found = text(printed(replace(ENGLISH, whys=whys)))
    assert "Not answered yet" in found
    assert "root cause" not in found


def test_the_last_answer_is_the_root_cause():
    found = text(printed(replace(ENGLISH, whys=ENGLISH.whys[:2])))
    assert "immediate cause" in found
    assert "root cause" in found


def test_an_english_report_is_english_throughout():
    found = text(printed(replace(ENGLISH, commander="", author="")))
    assert "Page 2 of 3" in found
    assert "Acknowledge 2 min 40 s" in found.replace("\N{NO-BREAK SPACE}", " ")
    assert not any("가" <= letter <= "힣" for letter in found)


def test_times_are_those_of_the_reports_zone():
    assert "02:47:10" in text(printed(FULL))
    assert "17:47:10" in text(printed(replace(FULL, timezone="UTC", figures=())))


def test_without_records_the_pages_still_stand():
    assert pages(printed(replace(FULL, entries=(), phases=(), curves=()))) >= 2


@pytest.mark.parametrize(("records", "least"), [(12, 3), (60, 4), (120, 6), (500, 20)])
def test_many_records_run_over_several_pages_and_none_is_lost(records, least):
    report = busy(records)
    made = printed(report)
    rows = poppler("pdftotext", made, "-layout").splitlines()
    times = [row for row in rows if any(part.startswith("+") for part in row.split()[1:5])]
    assert pages(made) >= least
    assert len(times) == records


@pytest.mark.parametrize("title", ["가" * 300, "출금 중단 " * 60, "A" * 300])
def test_a_title_of_three_hundred_letters_stays_on_its_page(title):
    made = printed(replace(FULL, title=title))
    cover = poppler("pdftotext", made, "-l", "1")
    assert "".join(title.split()) in "".join(cover.split())
    boxes = poppler("pdftotext", made, "-l", "1", "-bbox").splitlines()
    rights = [float(box.split('xMax="')[1].split('"')[0]) for box in boxes if "xMax=" in box]
    assert max(rights) <= 596  # points: the paper's edge


def test_a_long_summary_is_whole_on_a_later_page():
    long = " ".join(f"{number}번째 문장은 이렇게 이어져요." for number in range(1, 90))
    later = poppler("pdftotext", printed(replace(FULL, summary=long)), "-f", "2").split()
    assert [word for word in long.split() if word not in later] == []


def test_metadata_names_the_document_its_author_and_its_day():
    info = poppler("pdfinfo", printed(FULL), "-isodates")
    assert f"#209 {FULL.title}" in info
    assert "김하늘" in info
    assert "2026-11-20T16:40:00+09" in info
    assert "Tagged:          yes" in info


def test_title_and_sections_are_bookmarks():
    bookmarks = poppler("pdftohtml", printed(ENGLISH), "-xml", "-i", "-stdout")
    marked = [line for line in bookmarks.splitlines() if line.startswith("<item")]
    assert len(marked) == 7
    assert ENGLISH.title in marked[0]


def test_it_says_that_it_is_made_for_the_archive_and_for_screen_readers():
    said = poppler("pdfinfo", printed(FULL), "-meta")
    assert 'pdfaid:part="2"' in said
    assert 'pdfaid:conformance="A"' in said
    assert 'pdfuaid:part="1"' in said
    assert said.count("<rdf:RDF") == 1


def test_the_cover_tells_on_which_page_each_part_is():
    cover = poppler("pdftotext", printed(FULL), "-layout", "-l", "1")
    assert re.search(r"타임라인\s+2\b", cover)
    assert re.search(r"후속 조치\s+3\b", cover)


def test_one_document_in_both_languages():
    both = render(replace(FULL, title="출금 중단"), replace(ENGLISH, title="Withdrawals stopped"))
    bookmarks = poppler("pdftohtml", both, "-xml", "-i", "-stdout")
    first, last = poppler("pdftotext", both, "-l", "1"), poppler("pdftotext", both, "-f", "4")
    assert ">출금 중단<" in bookmarks
    assert ">Withdrawals stopped<" in bookmarks
    assert "출금 중단" in first
    assert "Withdrawals stopped" in last
    assert "Page 5 of 6" in text(both)


def test_a_tree_of_causes_keeps_each_answer_beside_its_evidence():
    whys = (
        Why(answer="first", evidence="E1"),
        Why(answer="left", evidence="E2", depth=1),
        Why(answer="deep left", evidence="E3", depth=2),
        Why(answer="right", evidence="E4", depth=1),
    )
    made = printed(replace(ENGLISH, whys=whys))
    lines = poppler("pdftotext", made, "-layout")
    assert "Why 2b" in lines
    assert text(made).count("root cause") == 2


def test_hostile_text_is_only_text_and_nobody_is_called():
    with trap() as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        hostile = (
            f"<img src={address}/x> <link rel=attachment href=file:///etc/passwd> "
            f"<style>@import url({address}/y);</style> &lt;script&gt; \" onload='x'"
        )
        entry = replace(FULL.entries[0], text=hostile, actor=hostile, kind=hostile)
        report = replace(
            FULL,
            title=hostile,
            summary=hostile,
            company=hostile,
            services=(hostile,),
            figures=(replace(FULL.figures[0], label=hostile, note=hostile),),
            entries=(entry,),
            whys=(Why(question=hostile, answer=hostile, evidence=hostile),),
            lessons=(hostile,),
            went_well=(hostile,),
            contributing_factors=(hostile,),
            version_hash=hostile,
            author=hostile,
        )
        made = printed(report)
        with pytest.raises(TimeoutError):
            listener.accept()
    tight = "".join(text(made).split())
    assert f"<imgsrc={address}/x>" in tight
    assert "<linkrel=attachmenthref=file:///etc/passwd>" in tight
    assert "0 embedded files" in poppler("pdfdetach", made, "-list")


def test_control_characters_do_not_reach_the_document():
    page = html(replace(FULL, title="출금\x00\x0b\x1b\u202e중단"))
    assert "출금중단" in page


def test_the_collector_works_again_after_a_print_that_failed():
    with pytest.raises(ZeroDivisionError), no_collections():
        assert not gc.isenabled()
        1 / 0  # noqa: B018
    assert gc.isenabled()


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/x",
        "https://example.com/",
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "file://" + pathname2url(str(ROOT / "static" / "css" / "print.css")),
        next(iter(FONTS)).replace("/fonts/", "/fonts/../fonts/"),
        "//example.com/x",
    ],
)
def test_the_pdf_maker_opens_nothing_but_our_fonts(address):
    with pytest.raises(URLFetchingError), fetch(OnlyOurFonts(), address):
        pass


def test_our_fonts_are_opened():
    for address, path in FONTS.items():
        with fetch(OnlyOurFonts(), address) as response:
            assert response.read() == numbered_by_place(path.read_bytes())
