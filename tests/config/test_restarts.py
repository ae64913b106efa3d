import signal

import pytest

from config.restarts import LONGEST, STEADY_AFTER, Pause

KILLED, CRASHED = -signal.SIGKILL, -signal.SIGSEGV
YOUNG, OLD = 1.0, STEADY_AFTER + 1


@pytest.mark.parametrize(
    ("endings", "pauses"),
    [
        ([(3, YOUNG)] * 3, [0.2, 0.4, 0.8]),
        ([(3, YOUNG)] * 8, [0.2, 0.4, 0.8, 1.6, 3.2, *[LONGEST] * 3]),
        ([(CRASHED, YOUNG), (0, YOUNG)], [0.2, 0.4]),
        ([(KILLED, YOUNG)] * 9, [0.2] * 9),
        ([(3, YOUNG), (3, YOUNG), (KILLED, YOUNG), (3, YOUNG)], [0.2, 0.4, 0.2, 0.4]),
        ([(3, YOUNG), (3, YOUNG), (3, OLD)], [0.2, 0.4, 0.2]),
    ],
)
def test_only_who_keeps_failing_young_waits_longer_and_longer(endings, pauses):
    pause = Pause()

    assert [pause.after(ending, lived=lived) for ending, lived in endings] == pauses
