"""Commands on hosts, over SSH or here: an argument list, a time, and what was printed.

A command under a key is done once on a host, however often it is asked for: whoever asks again under the same key gets
what became of the first time. It lives on without us and keeps what it prints in `~/.bongsu/KEY` there, for a week.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any, Final

from core.told import Told
from core.told import Told as _

KEPT: Final = 64 * 1024  # bytes of head and of tail that are kept of what is printed
AT_ONCE: Final = 100
CONNECTING: Final = 10.0  # seconds
Ended = tuple[int | None, bytes, bytes]  # its code, and what it printed
Way = Callable[[list[str]], Awaitable[Ended]]
SUDO: Final = ("sudo", "-n", "--")
REFUSES: Final = "sudo: "  # such as: a password is required
NOT_BEGUN: Final = frozenset({1, 126, 127})  # there was no place to keep it, or no shell
SAYS: Final = b"bongsu "  # begins the answer of a command that is done once

# Constant: the key and the command are its arguments. It prints `bongsu CODE`, or `bongsu ?` where that cannot be known.
ONCE: Final = r"""
umask 077
keep='n=$(wc -c <"$1"); [ "$n" -le 131072 ] || {
  { head -c 60000 "$1"; echo; echo "… $((n - 120000)) bytes left out …"; tail -c 60000 "$1"; } >"$1.new"; mv "$1.new" "$1"; }'
all="$HOME/.bongsu"; d="$all/$1"; shift
mkdir -p "$all" || exit 1
find "$all" -mindepth 1 -maxdepth 1 -mtime +7 -exec rm -rf {} + 2>/dev/null
if mkdir "$d" 2>/dev/null; then
  new=; command -v setsid >/dev/null && new=setsid
  $new sh -c 'd=$1; keep=$2; shift 2; echo $$ >"$d/pid"; "$@" >"$d/out" 2>"$d/err" </dev/null; code=$?
    for all in out err; do set -- "$d/$all"; eval "$keep"; done; echo "$code" >"$d/new"; mv "$d/new" "$d/code"' \
    bongsu "$d" "$keep" "$@" >/dev/null 2>&1 </dev/null &
fi
tries=0
while [ ! -s "$d/code" ]; do
  if [ -s "$d/pid" ]; then
    kill -0 "$(cat "$d/pid")" 2>/dev/null || [ -s "$d/code" ] || { echo 'bongsu ?'; exit 0; }
  else
    tries=$((tries + 1)); [ $tries -gt 50 ] && { echo 'bongsu ?'; exit 0; }
  fi
  sleep 0.1
done
echo "bongsu $(cat "$d/code")"
cat "$d/out"; cat "$d/err" >&2
"""
END: Final = r"""
p=$(cat "$HOME/.bongsu/$1/pid" 2>/dev/null) || exit; shift
{ "$@" kill -TERM -- "-$p" || kill -TERM -- "-$p" || kill -TERM "$p"; } 2>/dev/null
"""


@dataclass(frozen=True)
class Target:
    """Where a command is done; without an address it is this machine."""

    name: str
    address: str = ""
    port: int = 22
    user: str = ""
    host_key: str = ""  # such as ssh-ed25519 AAAA…
    sudo: bool = False  # what needs root is done by `sudo -n`


@dataclass(frozen=True)
class Said:
    """What a host answered. Without a code `fault` says why, and `begun` whether it may have been done."""

    host: str
    code: int | None
    out: str = ""
    err: str = ""
    fault: str | Told = ""
    begun: bool = False


def run(
    targets: Sequence[Target],
    argv: Sequence[str],
    *,
    seconds: float,
    once: str = "",
    root: bool = False,
) -> list[Said]:
    """On all of them at once, in their order; no host's trouble is another's. `once` is a key, `root` who does it there."""
    if not argv or any("\0" in word for word in argv):
        raise ValueError("a command is words without NUL")
    return asyncio.run(_all(targets, list(argv), seconds, once, root=root))


def words(target: Target, argv: Iterable[str], *, root: bool) -> list[str]:
    """Behind `--` no word of a command is one for sudo, and no word of it is read by a shell."""
    return [*SUDO, *argv] if root and target.sudo else [*argv]


async def _all(
    targets: Sequence[Target], argv: list[str], seconds: float, once: str, *, root: bool
) -> list[Said]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(target: Target) -> Said:
        async with gate:
            return await _one(target, words(target, argv, root=root), seconds, once)

    return await asyncio.gather(*map(one, targets))


async def _one(target: Target, argv: list[str], seconds: float, once: str) -> Said:
    command = ["sh", "-c", ONCE, "bongsu", once, *argv] if once else argv
    begun = False
    try:
        async with asyncio.timeout(seconds), _way(target) as way:
            begun = True
            code, out, err = await way(command)
    except TimeoutError:
        if begun and once:
            await _end(target, once)
        return Said(
            target.name,
            None,
            fault=_("not done within %(seconds)s s", seconds=f"{seconds:g}"),
            begun=begun,
        )
    except (OSError, ValueError) as error:
        text = error.args[0] if error.args and isinstance(error.args[0], Told) else str(error)[:300]
        return Said(
            target.name,
            None,
            fault=text or type(error).__name__,
            begun=begun and not isinstance(error, FileNotFoundError),
        )
    return _once(target, code, out, err) if once else _said(target, code, out, err)


def _said(target: Target, code: int | None, out: bytes, err: bytes) -> Said:
    told = Said(target.name, code, out.decode(errors="replace"), err.decode(errors="replace"))
    if target.sudo and code == 1 and told.err.startswith(REFUSES):
        why = told.err.removeprefix(REFUSES).strip()[:200]
        return Said(target.name, None, fault=_("sudo refuses: %(why)s", why=why))
    return (
        told
        if code is not None
        else Said(target.name, None, told.out, told.err, _("it was killed"), begun=True)
    )


def _once(target: Target, code: int | None, out: bytes, err: bytes) -> Said:
    first, _newline, rest = out.partition(b"\n")
    if not first.startswith(SAYS):
        said = (err or out).decode(errors="replace")[:300] or f"exit {code}"
        told = said if code is not None else _("the connection was lost")
        return Said(target.name, None, fault=told, begun=code not in NOT_BEGUN)
    if first == SAYS + b"?":
        return Said(target.name, None, fault=_("it began and was cut off"), begun=True)
    return _said(target, int(first[len(SAYS) :]), rest, err)


async def _end(target: Target, once: str) -> None:
    """Best effort: what outlives its time is asked to end."""
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(CONNECTING), _way(target) as way:
            await way(["sh", "-c", END, "bongsu", once, *(SUDO if target.sudo else ())])


@contextlib.asynccontextmanager
async def _way(target: Target) -> AsyncIterator[Way]:
    """A way to run commands there, one after the other."""
    if not target.address:
        yield _here
        return
    wire = import_module("integrations.ssh_wire")
    place = (target.address, target.port, target.user, target.host_key)
    async with wire.connected(*place) as connection:
        yield partial(_there, connection)


async def _there(begin: Any, argv: list[str]) -> Ended:
    process = await begin(argv)
    out, err = await asyncio.gather(_kept(process.stdout), _kept(process.stderr))
    await process.wait_closed()
    return process.exit_status, out, err


async def _here(argv: list[str]) -> Ended:
    process = await asyncio.create_subprocess_exec(
        *argv, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        out, err = await asyncio.gather(_kept(process.stdout), _kept(process.stderr))
        code = await process.wait()
    except asyncio.CancelledError:
        with contextlib.suppress(PermissionError):  # it is root's: nobody waits for it
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        raise
    return (code if code >= 0 else None), out, err


async def _kept(stream: Any) -> bytes:
    """Head and tail: a gigabyte is read to its end and not held."""
    head, tail, left_out = bytearray(), bytearray(), 0
    while chunk := await stream.read(KEPT):
        room = KEPT - len(head)
        head += chunk[:room]
        tail += chunk[room:]
        if len(tail) > KEPT:
            left_out += len(tail) - KEPT
            del tail[:-KEPT]
    cut = f"\n… {left_out:,} bytes left out …\n".encode() if left_out else b""
    return bytes(head) + cut + bytes(tail)
