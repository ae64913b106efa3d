from django.utils.translation import override

from core.bilingual import in_both
from core.told import Joined, Told


def test_a_sentence_is_put_into_words_when_it_is_read():
    said = Told("a whole number from %(least)s to %(most)s", least=1, most=9)
    with override("en"):
        assert str(said) == "a whole number from 1 to 9"
    with override("ko"):
        assert str(said) == "1에서 9 사이의 정수여야 해요"


def test_what_stands_in_a_gap_may_be_told_itself():
    inner = Told("it was killed")
    assert in_both(Told("No answer: %(why)s", why=inner)) == {
        "ko": "응답이 없어요: 강제로 종료되었어요",
        "en": "No answer: it was killed",
    }


def test_a_sentence_without_gaps_may_hold_any_sign():
    assert str(Told("100 % of %(it)s")) == "100 % of %(it)s"


def test_what_says_nothing_leaves_no_gap():
    with override("en"):
        assert str(Joined(["app1", "", Told("it was killed")], by=": ")) == "app1: it was killed"
    assert str(Joined([])) == ""


def test_an_exception_says_what_it_was_given():
    assert in_both(ValueError(Told("it was killed")))["ko"] == "강제로 종료되었어요"
