"""The PDF maker, held to what we ship: it may open our two font files and nothing else."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

STATIC = Path(__file__).resolve().parent.parent / "static"
FONTS = {
    path.as_uri(): path
    for path in (
        STATIC / "fonts" / f"Pretendard-{weight}.otf" for weight in ("Regular", "SemiBold")
    )
}

# Fonts and parsed styles are shared by the process, and the font library under them is not made
# for two threads at once.
one_at_a_time = Lock()


class OnlyOurFonts(URLFetcher):
    """Answers for the bundled fonts by exact address; no network, no other file, no redirect."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if path := FONTS.get(url):
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/otf"})
        return super().fetch(url, headers)


@cache
def _type() -> tuple[FontConfiguration, CSS]:
    """Fonts and styles, read once: they are half the time of a first document."""
    sheet = STATIC / "css" / "print.css"
    fonts = FontConfiguration()
    styles = CSS(
        string=sheet.read_text(encoding="utf-8"),
        base_url=sheet.as_uri(),
        url_fetcher=OnlyOurFonts(),
        font_config=fonts,
    )
    return fonts, styles


@contextmanager
def no_collections() -> Iterator[None]:
    """A document's boxes all live until it is written: looking for dead ones took an eighth of its time.

    The whole process waits with its own, for a second or a few, until the lock is let go.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def to_pdf(html: str) -> bytes:
    """A tagged PDF (PDF/UA-1). The page has no base address: a relative link leads nowhere."""
    with one_at_a_time, no_collections():
        fonts, styles = _type()
        document = HTML(string=html, base_url=None, url_fetcher=OnlyOurFonts())
        pdf: bytes = document.write_pdf(
            font_config=fonts,
            stylesheets=[styles],
            presentational_hints=False,
            pdf_variant="pdf/ua-1",
        )
    return pdf
