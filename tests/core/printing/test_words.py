"""Korean in print: where a line may end."""

import pytest
from weasyprint.text.line_break import get_log_attrs

from core.templatetags.print import apart, paragraphs, words

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
