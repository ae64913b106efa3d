"""Commands on hosts: real SSH on loopback, and this machine itself."""

import dataclasses
import multiprocessing
import os
import signal
import time
from pathlib import Path

import asyncssh
import pytest
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as quickly
from hypothesis import strategies as st

from integrations.ssh import KEPT, Target, run
from sandbox.hosts.ssh import BIN
from tests.integrations.sshd import host

HERE = Target("here")
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\x1f"), max_size=40)


@pytest.fixture(autouse=True)
def in_english():
    translation.activate("en")


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with host(home, tmp_path_factory.mktemp("keys") / "id") as one:
        yield one, home.parent / next(home.parent.glob("keys*")).name / "id"


@pytest.fixture
def app1(there, settings, monkeypatch):
    one, key = there
    settings.SSH_KEY_FILE = str(key)
    monkeypatch.setenv("HOME", str(one.home))  # of commands on this machine
    return one


@pytest.fixture(params=["ssh", "local"])
def target(request, app1):
    return app1.target if request.param == "ssh" else HERE


def one(target, *argv, seconds=20.0, **more):
    [said] = run([target], argv, seconds=seconds, **more)
    return said


def test_a_command_says_what_it_printed_and_how_it_ended(target):
    said = one(target, "sh", "-c", "echo out; echo err >&2; exit 3")
    assert (said.code, said.out, said.err, said.fault) == (3, "out\n", "err\n", "")


@quickly(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, min_size=1, max_size=4))
def test_no_word_is_ever_read_by_a_shell(target, words):
    said = one(target, "printf", r"%s\037", *words)
    assert said.out.split("\x1f")[:-1] == words


@quickly(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, min_size=1, max_size=3))
def test_nor_where_it_is_done_once(target, words):
    said = one(target, "printf", r"%s\037", *words, once=f"k{time.monotonic_ns()}")
    assert said.out.split("\x1f")[:-1] == words


@pytest.fixture
def by_sudo(target, monkeypatch):
    monkeypatch.setenv("PATH", f"{BIN}:{os.environ['PATH']}")
    return dataclasses.replace(target, sudo=True)


@pytest.mark.parametrize("once", [False, True])
def test_what_needs_root_goes_by_sudo_and_all_else_does_not(by_sudo, once):
    tells = ["sh", "-c", 'echo "${AS_ROOT:-no}"']
    for root in (True, False):
        key = f"k{time.monotonic_ns()}" if once else ""
        said = one(by_sudo, *tells, once=key, root=root)
        assert (said.code, said.out) == (0, "yes\n" if root else "no\n")


@quickly(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, min_size=1, max_size=4), once=st.booleans())
def test_nor_is_a_word_read_on_the_way_through_sudo(by_sudo, words, once):
    key = f"k{time.monotonic_ns()}" if once else ""
    said = one(by_sudo, "printf", r"%s\037", *words, root=True, once=key)
    assert said.out.split("\x1f")[:-1] == words


@pytest.mark.parametrize("once", [False, True])
def test_where_sudo_refuses_nothing_has_begun(by_sudo, app1, once):
    (app1.home / "no-sudo").touch()
    key = f"k{time.monotonic_ns()}" if once else ""
    said = one(by_sudo, "true", root=True, once=key)
    (app1.home / "no-sudo").unlink()
    assert (said.code, said.begun) == (None, False)
    assert str(said.fault) == "sudo refuses: a password is required"


def test_what_takes_too_long_is_ended_and_may_have_been_done(target):
    said = one(target, "sleep", "30", seconds=2.0)
    assert (said.code, said.begun) == (None, True)
    assert "not done within 2 s" in str(said.fault)


def test_under_a_key_it_is_done_once_and_answers_the_same(target, tmp_path):
    file, key = tmp_path / "file", f"k{time.monotonic_ns()}"
    argv = ["sh", "-c", 'echo more >>"$1"; echo told; exit 4', "sh", str(file)]
    first, second = one(target, *argv, once=key), one(target, *argv, once=key)
    assert first == second
    assert (first.code, first.out, file.read_text()) == (4, "told\n", "more\n")


def test_what_was_cut_off_in_the_middle_is_not_known(target, app1):
    marks = app1.home / ".bongsu" / "cut"
    marks.mkdir(parents=True, exist_ok=True)
    (marks / "pid").write_text("999999\n")
    said = one(target, "true", once="cut")
    assert (said.code, str(said.fault), said.begun) == (None, "it began and was cut off", True)


def _begin(target, argv, key):
    run([target], argv, seconds=30.0, once=key)


def test_it_lives_on_when_whoever_asked_is_killed(target, tmp_path):
    file, key = tmp_path / "file", f"k{time.monotonic_ns()}"
    argv = ["sh", "-c", 'echo begun >>"$1"; sleep 2; echo ended >>"$1"', "sh", str(file)]
    asker = multiprocessing.get_context("fork").Process(target=_begin, args=[target, argv, key])
    asker.start()
    while not (file.exists() and file.read_text()):
        time.sleep(0.05)
    os.kill(asker.pid, signal.SIGKILL)
    asker.join()
    assert one(target, *argv, once=key).code == 0
    assert file.read_text() == "begun\nended\n"


def test_of_much_that_is_printed_head_and_tail_are_kept(target):
    said = one(
        target, "sh", "-c", "echo first; head -c 3000000 /dev/zero | tr '\\0' x; echo; echo last"
    )
    assert said.out.startswith("first\n")
    assert said.out.endswith("last\n")
    assert "bytes left out" in said.out
    assert len(said.out) < 2 * KEPT + 100


@pytest.mark.usefixtures("app1")
def test_another_host_key_is_refused_and_so_is_none(app1):
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    for key, fault in ((other, "Host key is not trusted"), ("", "host key is not known")):
        said = one(dataclasses.replace(app1.target, host_key=key), "true")
        assert fault in str(said.fault)
        assert not said.begun


@pytest.mark.usefixtures("app1")
def test_a_host_that_is_away_costs_the_others_nothing(app1):
    away = dataclasses.replace(app1.target, name="away", port=1)
    said = run([away, app1.target], ["true"], seconds=10.0)
    assert [one.code for one in said] == [None, 0]
    assert not said[0].begun


def test_a_program_that_is_not_there_is_a_plain_failure(target):
    said = one(target, "no-such-program-here")
    assert said.code == 127 or (said.fault and not said.begun)


def test_without_a_key_of_ours_nothing_is_tried(app1, settings, tmp_path: Path):
    settings.SSH_KEY_FILE = str(tmp_path / "none")
    assert "BONGSU_SSH_KEY_FILE" in str(one(app1.target, "true").fault)
