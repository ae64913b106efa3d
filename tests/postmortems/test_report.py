from dataclasses import replace
from datetime import timedelta

import pytest
from weasyprint.text.line_break import get_log_attrs

from postmortems.domain import measure
from postmortems.domain.report import Report
from postmortems.templatetags.print import apart, paragraphs, words
from tests.postmortems.samples import FULL, UNKNOWN, after, busy


@pytest.mark.parametrize(("severity", "lit"), [("P0", 5), ("P1", 4), ("P2", 3), ("P3", 2)])
def test_a_graver_severity_lights_more_beacons(severity, lit):
    fires = replace(FULL, severity=severity).fires
    assert (len(fires), sum(fires)) == (5, lit)


def test_a_finished_report_has_no_open_question():
    assert FULL.open_questions == 0


def test_every_blank_is_an_open_question():
    figures, impact, whys, texts = 5, 2, 1, 4
    assert UNKNOWN.open_questions == figures + impact + whys + texts
    assert replace(FULL, whys=()).open_questions == 1


def phases_of(report: Report) -> list[str | None]:
    return [report.phase_of(entry) for entry in report.entries]


def test_a_record_between_two_phases_belongs_to_the_one_it_opens():
    assert phases_of(FULL) == [
        "detect",
        *["acknowledge"] * 2,
        *["mitigate"] * 6,
        *["resolve"] * 3,
    ]


def test_records_outside_the_phases_belong_to_none():
    early = replace(FULL.entries[0], at=after("-1:00"))
    late = replace(FULL.entries[0], at=after("66:00"))
    assert phases_of(replace(FULL, entries=(early, late))) == [None, None]


def test_days_are_counted_where_the_reader_lives():
    assert FULL.days == 1
    assert replace(FULL, timezone="America/Los_Angeles").days == 1
    assert busy(3, over=timedelta(days=2)).days == 2


JOINER = "\N{WORD JOINER}"


def test_korean_words_are_kept_whole_and_others_are_left_to_the_line_breaker():
    assert (
        words("에너지가 1% 아래 energy")
        == f"에{JOINER}너{JOINER}지{JOINER}가 1% 아{JOINER}래 energy"
    )


@pytest.mark.parametrize(
    "word",
    ["TRC-20이", "A/B를", "“조사", "50,000(원)을", "출금·입금", "출금→입금", "02:47–03:52에"],
)
def test_no_line_ends_inside_a_korean_word(word):
    joined = words(word)
    ends = get_log_attrs(joined, "ko")
    assert joined.replace(JOINER, "") == word
    assert not any(ends[place].is_line_break for place in range(1, len(joined)))


@pytest.mark.parametrize("cluster", ["가\u0301", "👨\u200d👩\u200d👧가", "👍🏽가"])
def test_nothing_comes_between_a_letter_and_its_marks(cluster):
    assert words(cluster).rstrip("가").rstrip(JOINER) == cluster.rstrip("가")


def test_a_word_too_long_for_a_line_may_break():
    assert words("가" * 300) == "가" * 300


def test_a_titles_words_say_which_of_them_stay_whole():
    assert apart("출금 TRC-20 " + "가" * 40) == [
        ("출금", True),
        ("TRC-20", False),
        ("가" * 40, False),
    ]


def test_markup_in_a_text_is_only_text():
    assert "<img" not in words('출금 <img src="x">출금')
    assert "&lt;img" in words('출금 <img src="x">출금')


def test_paragraphs_are_parted_by_blank_lines():
    assert paragraphs("하나\n둘\n\n \n셋\n") == ["하나\n둘", "셋"]


def test_a_short_summary_is_the_covers_paragraph():
    assert measure.opening("하나예요. 둘이에요.\n\n다음 문단.", 100) == "하나예요. 둘이에요."


def test_a_long_summary_is_cut_after_a_sentence():
    assert (
        measure.opening("첫 문장이에요. 둘째 문장은 아주 길어요 길어요 길어요.", 14)
        == "첫 문장이에요."
    )


def test_without_a_sentence_to_end_at_an_ellipsis_says_so():
    assert measure.opening("가" * 500, 100).endswith("…")


@pytest.mark.parametrize("room", [10, 55.5, 460])
def test_a_shortened_text_fits_its_room(room):
    assert measure.width(measure.shorten("에너지 고갈 TRC-20 " * 30, room, 12), 12) <= max(room, 24)
