"""PostgreSQL refuses to run as root, and `make run` as root must work: this steps down."""

from __future__ import annotations

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path


class CannotStepDown(Exception):
    """One sentence: what is missing, and what to do."""


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Give a folder and all in it to this account, when it is not already its own."""
        if os.geteuid() != 0 or path.stat().st_uid == self.uid:
            return
        for inside in (path, *path.rglob("*")):
            os.chown(inside, self.uid, self.gid, follow_symlinks=False)


def account_for(folder: Path) -> Account:
    """Ourselves; as root whoever owns the folder already, otherwise `nobody`.

    A number per home would keep two homes apart better, but initdb insists on a name.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if folder.exists() and (owner := folder.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def prefix(account: Account, *, passing: tuple[Path, ...], farewell: str) -> list[str]:
    """The words before a command that run it as the account; none are needed unless we are root."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise CannotStepDown(
            "PostgreSQL does not run as root and `setpriv` (util-linux) is missing: "
            "install it, run as an ordinary user, or set DATABASE_URL."
        )
    # Changing identity clears the parent-death signal, so setpriv has to ask for it again.
    stepping = [f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups"]
    return [setpriv, *stepping, f"--pdeathsig={farewell}", *_passage(passing)]


def _passage(paths: tuple[Path, ...]) -> list[str]:
    """Leave to pass 0700 folders, such as /root or a mktemp directory, only where one is in the way.

    `no_setuid_fixup` makes access(2) honour the capability too: initdb asks it about its binaries.
    """
    if not any(_closed(path) for path in paths):
        return []
    return [
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
        "--securebits=+no_setuid_fixup",
    ]


def _closed(path: Path) -> bool:
    return not all(folder.stat().st_mode & 0o1 for folder in path.parents)
