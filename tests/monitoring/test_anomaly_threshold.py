"""What people say moves the bar of that metric, within bounds, and can be read off it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.domain.anomalies import Feedback, Threshold
from monitoring.domain.anomalies.threshold import HIGHEST, LOWEST

NOISE, USEFUL = Feedback.NOISE, Feedback.USEFUL


@pytest.mark.parametrize(
    ("said", "score", "then"),
    [
        (NOISE, 0.6, 0.55),
        (NOISE, 0.5, 0.51),
        (NOISE, 0.2, 0.51),
        (USEFUL, 0.6, 0.49),
    ],
)
def test_one_word_moves_the_bar(said, score, then):
    assert Threshold().after(said, score).value == pytest.approx(then)


@given(st.floats(0.5, 0.85))
def test_noise_said_often_enough_silences_that_score(score):
    threshold = Threshold()
    for _ in range(8):
        threshold = threshold.after(NOISE, score)
    assert score < threshold.value


@given(st.lists(st.tuples(st.sampled_from(Feedback), st.floats(0, 1))))
def test_the_bar_stays_in_bounds_and_what_was_said_is_counted(words):
    threshold = Threshold()
    for said, score in words:
        threshold = threshold.after(said, score)
    assert LOWEST <= threshold.value <= HIGHEST
    assert threshold.useful + threshold.noise == len(words)
