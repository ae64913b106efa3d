"""Keys of a local run: ours, by which runbooks reach the sandbox's servers, and theirs, by which we know them."""

from __future__ import annotations

from pathlib import Path

import asyncssh

from core import durable

OURS, THEIRS = "id_ed25519", "sandbox_host"


def make(home: Path) -> None:
    """Once; what is there is never overwritten."""
    folder = home / "ssh"
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in (OURS, THEIRS):
        if not (folder / name).exists():
            key = asyncssh.generate_private_key("ssh-ed25519", comment="bongsu")
            key.write_public_key(str(folder / f"{name}.pub"))
            durable.put(
                folder / name, key.export_private_key(), mode=0o600
            )  # last: then both are there


def host_key(home: Path) -> str:
    """The servers' public key, or nothing."""
    file = home / "ssh" / f"{THEIRS}.pub"
    return " ".join(file.read_text().split()[:2]) if file.is_file() else ""
