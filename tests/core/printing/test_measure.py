"""How much text has room."""

import pytest

from core.printing import measure


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
