import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.charts.units import figure, said, scaled, unit_of

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (1_503_238_553, "bytes", "1.4 GiB"),
        (512, "bytes", "512 B"),
        (2048, "bytes/s", "2 KiB/s"),
        (0.23, "seconds", "230 ms"),
        (0.000_012, "seconds", "12 µs"),
        (90, "seconds", "1.5 min"),
        (230, "milliseconds", "230 ms"),
        (1_500, "milliseconds", "1.5 s"),
        (0.125, "ratio", "12.5 %"),
        (42, "%", "42 %"),
        (1_280, "transfers", "1,280 transfers"),
        (64_000_000, "transfers", "64 M transfers"),
        (1_234_567, "", "1.23 M"),
        (81_200, "", "81.2 k"),
        (-3.5, "", "−3.5"),
        (0, "seconds", "0 s"),
        (0, "bytes", "0 B"),
        (None, "bytes", "–"),
    ],
)
def test_a_value_is_said_as_people_say_it(value, unit, words):
    assert said(value, unit).replace(NBSP, " ") == words


@pytest.mark.parametrize(
    ("name", "told", "unit"),
    [
        ("node_memory_MemFree_bytes", "", "bytes"),
        ("node_network_receive_bytes_total", "", "bytes"),
        ("http_request_duration_seconds_sum", "", "seconds"),
        ("disk_used_ratio", "", "ratio"),
        ("cpu_percent", "", "%"),
        ("queue", "", ""),
        ("queue_bytes", "transfers", "transfers"),
        ("x", "S", "seconds"),
        ("latency", "ms", "milliseconds"),
    ],
)
def test_a_unit_is_what_was_told_or_what_the_name_ends_with(name, told, unit):
    assert unit_of(name, told) == unit


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["", "bytes", "seconds"]))
def test_any_number_can_be_said(value, unit):
    assert said(value, unit)
    assert len(figure(value)) <= 20
    assert scaled(unit, value).by > 0
