"""How well people answered, by table: what is not known stays blank, and nothing takes less than no time."""

from datetime import timedelta

import pytest

from postmortems.domain.response import Times, stages
from tests.postmortems.conftest import START, after

MINUTES = timedelta(minutes=1)


def of(key, **said):
    times = Times(**({"began": None, "detected": START} | said))
    return next(one for one in stages(times) if one.key == key)


@pytest.mark.parametrize(
    ("key", "said", "took", "kept"),
    [
        ("detected", {"began": after(minutes=-3)}, 3, None),
        ("detected", {}, None, None),
        ("detected", {"began": after(minutes=3)}, None, None),
        ("acknowledged", {"acknowledged": after(minutes=4), "respond_within": 15 * MINUTES}, 4, True),
        ("acknowledged", {"acknowledged": after(minutes=15), "respond_within": 15 * MINUTES}, 15, True),
        ("acknowledged", {"acknowledged": after(minutes=16), "respond_within": 15 * MINUTES}, 16, False),
        ("acknowledged", {"acknowledged": after(minutes=4), "respond_within": 15 * MINUTES, "breached": True}, 4, False),
        ("acknowledged", {"respond_within": 15 * MINUTES}, None, None),
        ("mitigated", {"mitigated": after(minutes=9)}, 9, None),
        ("mitigated", {"mitigated": after(minutes=-1)}, None, None),
        ("resolved", {"resolved": after(hours=3), "resolve_within": 120 * MINUTES}, 180, False),
    ],
)  # fmt: skip
def test_each_stage_is_measured_from_the_detection_against_its_target(key, said, took, kept):
    stage = of(key, **said)

    assert stage.took == (None if took is None else took * MINUTES)
    assert stage.kept is kept
