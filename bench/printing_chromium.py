"""The same page printed by headless Chromium, a process each time. Answers with a Chromium as JSON, or null."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

TIMES = 3
GLANCE = 0.02
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")


@dataclass(frozen=True)
class Chromium:
    seconds: list[float]
    peak: int  # bytes of all its processes, what they share counted once


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django  # noqa: PLC0415 - as in bench.printing

    django.setup()
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    json.dump(asdict(measured(program)) if program else None, sys.stdout)


def measured(program: str) -> Chromium:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        page.write_text(_page(), encoding="utf-8")
        command = [
            program,
            *FLAGS,
            f"--user-data-dir={folder}",
            f"--print-to-pdf={folder}/page.pdf",
        ]
        found = [_printed([*command, page.as_uri()]) for _ in range(TIMES)]
    seconds, peaks = zip(*found, strict=True)
    return Chromium(list(seconds), max(peaks))


def _page() -> str:
    """With our style sheet and fonts, which the product hands to the PDF maker beside the page."""
    from bench.sample import EIGHT_PAGES  # noqa: PLC0415
    from config.children import BASE  # noqa: PLC0415
    from postmortems.pdf import html  # noqa: PLC0415

    sheet = (BASE / "static" / "css" / "print.css").as_uri()
    link = f'<link rel="stylesheet" href="{sheet}"></head>'
    return html(EIGHT_PAGES).replace("</head>", link)


def _printed(command: list[str]) -> tuple[float, int]:
    began = time.perf_counter()
    child = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peaks = [0]
    watcher = threading.Thread(target=_watch, args=[child, peaks])
    watcher.start()
    child.wait()
    took = time.perf_counter() - began
    watcher.join()
    return took, peaks[0]


def _watch(child: psutil.Popen, peaks: list[int]) -> None:
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
        peaks[0] = max(peaks[0], sum(map(_share, [child, *child.children(recursive=True)])))
        time.sleep(GLANCE)


def _share(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


if __name__ == "__main__":
    main()
