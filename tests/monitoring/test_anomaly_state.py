"""A detector that was stored goes on as if it had not been, and stays small."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.domain.anomalies import Detector, UnknownState
from monitoring.domain.anomalies.detector import HEADING
from tests.monitoring.metrics import daily, judged, moments

readings = st.lists(
    st.one_of(
        st.none(),
        st.floats(allow_nan=True, allow_infinity=True),
        st.floats(-100, 100),
        st.integers(0, 3).map(float),
    ),
    min_size=1,
    max_size=300,
)


@settings(max_examples=10, deadline=None)
@given(readings, st.integers(0, 900), st.booleans())
def test_a_restart_at_any_point_changes_nothing(tail, cut, counter):
    values = [*daily(600), *tail]
    at = moments(len(values))
    cut = min(cut, len(values))
    whole, first = Detector.fresh(counter=counter), Detector.fresh(counter=counter)
    unbroken = judged(values, whole, at)
    before = judged(values[:cut], first, at[:cut])
    second = Detector.load(first.dump())
    assert before + judged(values[cut:], second, at[cut:]) == unbroken
    assert second.dump() == whole.dump()


def test_many_restarts_change_nothing():
    values = [*daily(1500), *daily(500, seed=2, noise=9)]
    detector, said = Detector.fresh(), []
    for at, value in zip(moments(2000), values, strict=True):
        detector = Detector.load(detector.dump())
        said.append(detector.update(at, value))
    assert said == judged(values)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats()), max_size=400))
def test_whatever_comes_the_score_is_a_share(values):
    for judgement in judged(values):
        assert 0 <= judgement.score <= 1
        assert 0 <= judgement.probability <= 1


@pytest.mark.parametrize("kind", ["gauss", "heavy"])
def test_the_state_stays_below_64_kb(kind):
    chance = random.Random(3)
    draw = (lambda: chance.gauss(0, 1)) if kind == "gauss" else (lambda: chance.paretovariate(0.7))
    detector = Detector.fresh()
    judged([draw() for _ in range(25_000)], detector)
    assert len(detector.dump()) <= 64_000


@pytest.mark.parametrize("written", [b"", b"bongsu anomaly 0\n", Detector.fresh().dump()[:-9]])
def test_state_of_another_version_or_cut_short_is_refused(written):
    with pytest.raises(UnknownState):
        Detector.load(written)


def test_a_changed_layout_needs_a_new_version():
    """Whoever makes this fail raises the number in `detector.HEADING`, or old state is misread."""
    assert (HEADING, len(Detector.fresh().dump())) == (b"bongsu anomaly 2\n", 8497)
