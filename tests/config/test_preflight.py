import errno
import socket
import sys
from collections import namedtuple
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from unittest.mock import patch

import pytest

from config import preflight
from config.cluster import StartError
from config.options import MAIL_OFFSET, Options


@pytest.fixture
def taken() -> Iterator[int]:
    with held() as port:
        yield port


@contextmanager
def held() -> Iterator[int]:
    """A port somebody listens at, where nobody does at the one for whose mail it would be."""
    with ExitStack() as holders:
        while True:
            holder = holders.enter_context(socket.create_server(("127.0.0.1", 0)))
            port = int(holder.getsockname()[1])
            with suppress(OSError), socket.create_server(("127.0.0.1", port - MAIL_OFFSET)):
                break
        yield port


def free_port() -> int:
    with held() as port:
        return port


def options(home: Path, **changed: object) -> Options:
    usual = {"bind": "127.0.0.1", "port": 1, "sandbox_port": 2, "embedded": True, "sandbox": True}
    return Options(home=home, **{**usual, **changed})


def test_a_taken_port_is_named_with_the_variable_that_moves_it(tmp_path: Path, taken: int) -> None:
    with pytest.raises(StartError, match=rf"Port {taken} for the portal is taken.*PORT="):
        preflight.check_ports(options(tmp_path, port=taken, sandbox=False))


def test_the_port_for_statsd_is_looked_at_where_there_is_one(tmp_path: Path, taken: int) -> None:
    wanted = options(tmp_path, port=free_port(), sandbox=False, statsd_port=taken)

    with pytest.raises(StartError, match=r"StatsD is taken.*BONGSU_STATSD_PORT="):
        preflight.check_ports(wanted)


def test_the_mail_port_of_the_sandbox_is_looked_at_too(tmp_path: Path, taken: int) -> None:
    both = options(tmp_path, port=free_port(), sandbox_port=taken - MAIL_OFFSET)

    with pytest.raises(StartError, match=r"mail .* is taken.*SANDBOX_PORT="):
        preflight.check_ports(both)


@pytest.mark.parametrize("sandbox", [0, -MAIL_OFFSET])
def test_a_port_asked_for_twice_is_refused(tmp_path: Path, sandbox: int) -> None:
    port = free_port()
    twice = options(tmp_path, port=port, sandbox_port=port + sandbox)

    with pytest.raises(StartError, match=rf"Port {port} is asked for twice.*PORT or SANDBOX_PORT"):
        preflight.check_ports(twice)


def test_another_port_that_is_proposed_is_open_to_everybody(tmp_path: Path) -> None:
    with (
        patch.object(socket.socket, "bind", side_effect=OSError(errno.EACCES, "no")),
        pytest.raises(StartError, match=r"`PORT=8000 make run`"),
    ):
        preflight.check_ports(options(tmp_path, port=80))


@pytest.mark.parametrize("value", ["http", "0", "65536", "-1"])
def test_a_port_that_is_no_port_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", value)

    with pytest.raises(StartError, match="PORT"):
        Options.read([])


def test_the_sandbox_port_leaves_room_for_its_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_PORT", "65530")

    with pytest.raises(StartError, match="from 1 to 65510"):
        Options.read([])


def test_a_database_of_ones_own_needs_no_embedded_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/bongsu")

    assert not Options.read([]).embedded


def test_no_embedded_database_and_no_other_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with pytest.raises(StartError, match="DATABASE_URL"):
        Options.read(["--no-embedded"])


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_another_python_is_named(version: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", version)

    with pytest.raises(StartError, match=rf"Python 3\.{version[1]}.*3\.11, 3\.12 and 3\.13"):
        preflight.check_python()


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(7 * 2**20))

    with pytest.raises(StartError, match=r"Only 7 MB.*BONGSU_HOME"):
        preflight.check_space(tmp_path)


def test_a_home_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StartError, match="cannot be written"):
        preflight.make_home(tmp_path / "file")


def test_missing_pdf_libraries_warn_and_say_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "DRAWING", ("libnot-there.so.0",))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda program: program == "apt-get")
    said: list[str] = []

    preflight.look_for_pdf_libraries(said.append)

    assert len(said) == 1
    assert "PDFs are unavailable" in said[0]
    assert "sudo apt-get install libpango-1.0-0" in said[0]
