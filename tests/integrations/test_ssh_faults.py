"""Hosts that print without end, are lost in the middle, or never answer: memory is bounded, and nothing is done twice."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.utils import translation

from integrations.ssh import KEPT, Target, run
from tests.integrations.sshd import host

pytestmark = pytest.mark.timeout(300)

BASE = Path(__file__).resolve().parents[2]
BIG = 1 << 30
OVER_SSH = BIG if os.environ.get("BONGSU_TEST_BIG") else 64 << 20
ROOM = (
    24 << 20
)  # beyond what the process has before: both ends of what is kept, and what is on its way
# Prints the code, how much of the output it kept, and how much more memory it has had at the most.
ASKS = """
import json, os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
import django
django.setup()
from django.conf import settings
from integrations import ssh
def most():  # kilobytes; getrusage would tell of whoever began this process, too
    told = dict(line.split(":", 1) for line in open("/proc/self/status"))
    return int(told["VmHWM"].split()[0])
target, size, key, once = json.loads(sys.argv[1])
settings.SSH_KEY_FILE = key
there = ssh.Target(**target)
ssh.run([there], ["true"], seconds=60)
before = most()
[said] = ssh.run([there], ["head", "-c", str(size), "/dev/zero"], seconds=240, once=once)
after = most()
print(json.dumps([said.code, len(said.out), (after - before) * 1024]))
"""


@pytest.fixture(autouse=True)
def in_english():
    translation.activate("en")


@pytest.fixture
def app1(tmp_path, settings, monkeypatch):
    settings.SSH_KEY_FILE = str(tmp_path / "id")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))  # of commands on this machine
    (tmp_path / "home").mkdir()
    with host(tmp_path / "home", tmp_path / "id") as there:
        yield there


def asked_by_a_process_of_its_own(target, size, key, once=""):
    given = json.dumps([vars(target), size, key, once])
    said = subprocess.run(
        [sys.executable, "-c", ASKS, given], cwd=BASE, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout.splitlines()[-1])


@pytest.mark.parametrize("once", ["", "big"], ids=["reads", "once"])
@pytest.mark.parametrize("way", ["local", "ssh"])
def test_a_gigabyte_is_read_to_its_end_and_not_held(app1, settings, tell, way, once):
    target, size = (app1.target, OVER_SSH) if way == "ssh" else (Target("here"), BIG)

    code, kept, more = asked_by_a_process_of_its_own(target, size, settings.SSH_KEY_FILE, once)

    assert code == 0
    assert kept < 2 * KEPT + 100
    assert more < ROOM
    tell(f"{size >> 20} MB printed, {way} {once}: {more >> 10} KB more memory")
    if once:  # nor does the host hold it for a week
        assert (app1.home / ".bongsu" / once / "out").stat().st_size < 2 * KEPT


def during(action, target, argv, **more):
    """What the host says of a command in the midst of which something happens to it."""
    said = []
    asks = threading.Thread(target=lambda: said.extend(run([target], argv, **more)))
    asks.start()
    action()
    asks.join()
    return said[0]


def begun(file):
    while not (file.exists() and file.read_text()):
        time.sleep(0.02)


@pytest.mark.parametrize("once", ["", "dropped"], ids=["plain", "once"])
def test_a_line_that_drops_in_the_middle_leaves_it_unknown_and_done_once(app1, tmp_path, once):
    file = tmp_path / "file"
    argv = ["sh", "-c", 'echo begun >>"$1"; sleep 1; echo ended >>"$1"', "sh", str(file)]

    def cut():
        begun(file)
        app1.drop()

    said = during(cut, app1.target, argv, seconds=30.0, once=once)

    assert (said.code, said.begun) == (None, True)
    assert str(said.fault)
    if once:  # it lives on, and whoever asks again hears how it ended
        [again] = run([app1.target], argv, seconds=30.0, once=once)
        assert again.code == 0
        assert file.read_text() == "begun\nended\n"


@pytest.mark.parametrize("once", ["", "frozen"], ids=["plain", "once"])
def test_a_host_that_freezes_in_the_middle_is_waited_for_no_longer_than_said(app1, tmp_path, once):
    file = tmp_path / "file"
    argv = ["sh", "-c", 'echo begun >>"$1"; sleep 3; echo ended >>"$1"', "sh", str(file)]

    def freeze():
        begun(file)
        with app1.frozen():
            time.sleep(6)

    said = during(freeze, app1.target, argv, seconds=3.0, once=once)

    assert (said.code, said.begun) == (None, True)
    assert "not done within 3 s" in str(said.fault)
    assert file.read_text().count("begun") == 1


def test_a_host_that_takes_the_call_and_says_nothing_has_begun_nothing(app1):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        target = Target("mute", "127.0.0.1", mute.getsockname()[1], "ops", app1.target.host_key)
        silent, answered = run([target, app1.target], ["true"], seconds=2.0)
    assert (silent.code, silent.begun) == (None, False)
    assert answered.code == 0  # and costs the others nothing
