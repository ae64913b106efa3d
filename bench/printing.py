"""A fresh process that prints the sample, by the product (`ours`) or by WeasyPrint alone (`alone`).

Called as `python -m bench.printing ours|alone`; answers with a Print as JSON. `ours` prints in the
process itself, so that its processor and memory can be told; the product does so in one of its own.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass

import psutil

WARM = 4
PAGE = re.compile(rb"/Type\s*/Page\b")
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
KILOBYTES = 1 if sys.platform == "darwin" else 1024  # what ru_maxrss counts in


@dataclass(frozen=True)
class Print:
    cold: float  # seconds from the start of the process, imports included
    warm: list[float]
    processor: list[float]  # seconds of processor of each warm one
    pages: int
    size: int
    peak: int  # bytes of memory after the first


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django  # noqa: PLC0415 - the time of the imports is part of what is measured

    django.setup()
    write = {"ours": _ours, "alone": _alone}[sys.argv[1]]()
    pdf = write()
    cold = time.time() - psutil.Process().create_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTES
    warm, processor = zip(*(_timed(write) for _ in range(WARM)), strict=True)
    found = Print(cold, list(warm), list(processor), _pages(pdf), len(pdf), peak)
    json.dump(asdict(found), sys.stdout)


def _ours() -> Callable[[], bytes]:
    from bench.sample import EIGHT_PAGES  # noqa: PLC0415
    from core.printing.press import to_pdf  # noqa: PLC0415
    from postmortems.pdf import html  # noqa: PLC0415

    return lambda: to_pdf(html(EIGHT_PAGES))


def _alone() -> Callable[[], bytes]:
    """The same page with the same style sheet and fonts, as WeasyPrint's manual shows it."""
    from weasyprint import CSS, HTML  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    from bench.sample import EIGHT_PAGES  # noqa: PLC0415
    from config.children import BASE  # noqa: PLC0415
    from postmortems.pdf import html  # noqa: PLC0415

    page = html(EIGHT_PAGES)
    fonts = FontConfiguration()
    style = CSS(filename=str(BASE / "static" / "css" / "print.css"), font_config=fonts)

    def write() -> bytes:
        pdf: bytes = HTML(string=page).write_pdf(stylesheets=[style], font_config=fonts)
        return pdf

    return write


def _timed(write: Callable[[], bytes]) -> tuple[float, float]:
    began, used = time.perf_counter(), time.process_time()
    write()
    return time.perf_counter() - began, time.process_time() - used


def _pages(pdf: bytes) -> int:
    """The page objects are packed into compressed streams."""
    return sum(len(PAGE.findall(_unpacked(found[1]))) for found in STREAM.finditer(pdf))


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:  # a stream that is not packed holds no objects
        return b""


if __name__ == "__main__":
    main()
