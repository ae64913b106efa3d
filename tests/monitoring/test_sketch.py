import math

from hypothesis import given
from hypothesis import strategies as st

from monitoring.domain.sketch import ERROR, SMALLEST, Sketch, key_of, value_of

VALUES = st.floats(-1e100, 1e100, allow_nan=False)
LISTS = st.lists(VALUES, min_size=1, max_size=60)


@given(VALUES)
def test_what_a_bucket_says_is_off_by_two_hundredths_at_most(value):
    off = abs(value_of(key_of(value)) - value)

    assert off <= abs(value) * ERROR * (1 + 1e-9) or off <= SMALLEST


@given(VALUES, VALUES)
def test_keys_are_in_the_order_of_the_values_and_fit_sixteen_bits(one, other):
    low, high = sorted((one, other))

    assert -32768 <= key_of(low) <= key_of(high) <= 32767


@given(LISTS, st.floats(0, 1))
def test_a_quantile_is_near_the_real_one(values, share):
    real = sorted(values)[max(1, math.ceil(share * len(values))) - 1]

    found = Sketch.of(values).quantile(share)

    assert abs(found - real) <= abs(real) * ERROR * (1 + 1e-9) + SMALLEST


@given(LISTS, LISTS, LISTS)
def test_sketches_merge_in_any_order_into_that_of_all(a, b, c):
    one, two, three = map(Sketch.of, (a, b, c))

    assert one.merged(two).merged(three) == three.merged(one.merged(two)) == Sketch.of(a + b + c)


def test_nothing_has_no_quantile():
    assert Sketch().quantile(0.5) is None
