from datetime import UTC, datetime, timedelta

import pytest

from energy.domain.settlement import LEASE, Facts, Receipt, Step, is_abandoned, next_step

EXPIRES = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
OK, NO = Receipt.SUCCEEDED, Receipt.FAILED


def at(seconds):
    return EXPIRES + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("solid_at", "head_at", "solid", "head", "step"),
    [
        (-100, -43, None, None, Step.SEND),  # nobody has seen it, and it can still land
        (-100, -43, None, OK, Step.WAIT),  # in a block that a fork may still lose
        (-100, -43, None, NO, Step.WAIT),
        (-57, 0, None, None, Step.WAIT),  # too late to send, too early to bury
        (0, 57, None, None, Step.WAIT),
        (6, 63, None, None, Step.WAIT),
        (7, 64, None, None, Step.DEAD),
        (7, 64, None, OK, Step.DEAD),  # a head that is not solid so long after is on a lost fork
        (-50, 7, OK, OK, Step.DONE),
        (900, 957, OK, OK, Step.DONE),
        (900, 957, NO, NO, Step.FAILED),
    ],
)
def test_the_chain_alone_decides(solid_at, head_at, solid, head, step):
    assert next_step(EXPIRES, Facts(at(solid_at), at(head_at), solid, head)) is step


def test_a_plan_without_signature_is_given_up_after_its_lease():
    assert not is_abandoned(EXPIRES, now=EXPIRES + LEASE - timedelta(milliseconds=1))
    assert is_abandoned(EXPIRES, now=EXPIRES + LEASE)
