"""The web server, whose workers are forks of one process that has loaded the portal once.

Granian would load it in each worker: 70 MB and two seconds of a core apiece. Forks share what they
do not change, and one that died is back at once. Takes granian's own command line, the application
last; where processes are not forked (macOS) each worker loads it as usual.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys

from granian.cli import entrypoint

from config import children


def main() -> None:
    module, _, _ = sys.argv[-1].partition(":")
    load(module)
    serve()


def load(module: str) -> None:
    """All that forks are to share: nothing of it may be an open connection, or still be collected."""
    importlib.import_module(module)
    _fill_what_all_need()
    _leave_nothing_open()
    gc.collect()
    gc.freeze()  # the collector would write to every shared page, and none would be shared


def serve() -> None:
    """A worker that outlived the one who started it would keep the port."""
    if vow := children.dies_with_parent(signal.SIGKILL):
        os.register_at_fork(after_in_child=vow)
    entrypoint()  # type: ignore[no-untyped-call]


def _fill_what_all_need() -> None:
    """What the first page of each worker would fill in, for itself alone."""
    from django.urls import get_resolver  # noqa: PLC0415 - the application has set Django up

    get_resolver().reverse_dict  # noqa: B018


def _leave_nothing_open() -> None:
    """Two processes on one connection would read each other's answers."""
    from django.db import connections  # noqa: PLC0415 - the application has set Django up

    connections.close_all()


if __name__ == "__main__":
    main()
