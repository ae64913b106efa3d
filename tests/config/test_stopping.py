"""What Ctrl-C leaves behind in a process that has heard it."""

import subprocess
import sys

from config.children import BASE

ENDS_SLOWLY = """
import os, signal, time
from config.stopping import AGAIN_AFTER, Stopped, Stopping

stopping = Stopping()
stopping.listen()
try:
    os.kill(os.getpid(), signal.SIGTERM)
    signal.pause()
except Stopped:
    stopping.hear()
signal.signal(signal.SIGALRM, signal.SIG_DFL)  # as Python does with all of them at its end
time.sleep(2 * AGAIN_AFTER)
"""


def test_a_stop_that_was_heard_does_not_come_again_while_the_process_ends() -> None:
    ended = subprocess.run([sys.executable, "-c", ENDS_SLOWLY], check=False, cwd=BASE, timeout=30)

    assert ended.returncode == 0
