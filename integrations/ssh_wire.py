"""The wire of SSH. Loaded when a host is first spoken to: the library takes 13 MB, and most processes never do."""

import shlex
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import asyncssh
from django.conf import settings

from core.told import Told as _

asyncssh.set_log_level("WARNING")  # else each command stands in the log with its arguments

CONNECTING: Final = 10.0  # seconds
PORT: Final = 22
Keep = Callable[[Any], Awaitable[bytes]]  # reads a stream to its end


class Failed(OSError):
    """What the other side or the way to it said."""


@asynccontextmanager
async def connected(address: str, port: int, user: str, host_key: str) -> AsyncIterator[Any]:
    """A way to run commands there, one after the other. Raises Failed, OSError or ValueError."""
    try:
        connection = await asyncssh.connect(
            address, port, username=user or None, known_hosts=_known(address, port, host_key),
            client_keys=[_key()], agent_path=None, config=None, connect_timeout=CONNECTING,
            preferred_auth="publickey", login_timeout=CONNECTING,
        )  # fmt: skip
        async with connection:
            yield partial(_there, connection)
    except asyncssh.Error as error:
        raise Failed(f"{type(error).__name__}: {error}") from error


def _known(address: str, port: int, host_key: str) -> Any:
    if not host_key.strip():
        raise ValueError(_("its host key is not known: nobody could tell it from an impostor"))
    name = address if port == PORT else f"[{address}]:{port}"
    return asyncssh.import_known_hosts(f"{name} {' '.join(host_key.split()[:2])}\n")


def _key() -> str:
    path = Path(settings.SSH_KEY_FILE)
    if not path.is_file():
        raise ValueError(_("there is no SSH key of ours: set BONGSU_SSH_KEY_FILE"))
    return str(path)


async def _there(
    connection: asyncssh.SSHClientConnection, argv: list[str]
) -> "asyncssh.SSHClientProcess[bytes]":
    """Quoted word by word, as the other side hands it to a shell."""
    return await connection.create_process(shlex.join(argv), encoding=None, stdin=asyncssh.DEVNULL)
