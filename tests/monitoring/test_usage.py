import pytest

from monitoring.domain.usage import rates, shares


def test_what_a_processor_did_between_two_looks():
    before = {"user": 10, "system": 5, "idle": 80, "iowait": 5, "steal": 0, "guest": 3}
    after = {"user": 30, "system": 15, "idle": 130, "iowait": 15, "steal": 10, "guest": 9}

    assert shares(before, after) == {"used": 40, "iowait": 10, "steal": 10}


@pytest.mark.parametrize("after", [{}, {"user": 10, "idle": 80}])
def test_of_no_time_nothing_is_said(after):
    assert shares({"user": 10, "idle": 80}, after) == {}


def test_a_processor_counter_that_went_back_counts_for_nothing():
    assert shares({"user": 10, "idle": 80}, {"user": 5, "idle": 90}) == {"used": 0}


def test_rates_leave_out_what_was_reset_or_is_new():
    before = {"sent": 100, "received": 100, "gone": 7}
    after = {"sent": 300, "received": 50, "new": 9}

    assert rates(before, after, 10) == {"sent": 20}
    assert rates(before, after, 0) == {}
