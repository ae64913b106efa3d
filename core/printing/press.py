"""The PDF maker, held to what we ship: it may open our two font files and nothing else."""

import gc
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

from weasyprint import CSS, HTML
from weasyprint.logger import PROGRESS_LOGGER
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from core.printing.glyphs import numbered_by_place

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
FONTS = {
    path.as_uri(): path
    for path in (
        STATIC / "fonts" / f"Pretendard-{weight}.otf" for weight in ("Regular", "SemiBold")
    )
}

LAID_OUT: Final = re.compile(r"Page (\d+)$")

ARCHIVAL: Final = "pdf/a-2a"
ALSO_UNIVERSAL: Final = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""

Told = Callable[[int], None]

# Fonts and parsed styles are shared by the process, and the font library under them is not made
# for two threads at once.
one_at_a_time = Lock()


class OnlyOurFonts(URLFetcher):
    """Answers for the bundled fonts by exact address; no network, no other file, no redirect."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if path := FONTS.get(url):
            return URLFetcherResponse(url, _font(path), {"Content-Type": "font/otf"})
        return super().fetch(url, headers)


@cache
def _font(path: Path) -> bytes:
    return numbered_by_place(path.read_bytes())


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


class Universal(DocumentMetadata):
    """Says beside PDF/A that it is PDF/UA, which WeasyPrint says of a document in place of the other.

    PDF/A wants to be told what a word means that is none of its own: hence the schema.
    """

    def generate_rdf_metadata(self, *variant: object) -> bytes:
        rdf: bytes = super().generate_rdf_metadata(*variant)
        return rdf.replace(b"</rdf:RDF>", ALSO_UNIVERSAL + b"</rdf:RDF>")


class _Counted(logging.Handler):
    """Hears from WeasyPrint's log which page it is at."""

    def __init__(self, told: Told) -> None:
        super().__init__()
        self._told = told

    def emit(self, record: logging.LogRecord) -> None:
        if found := LAID_OUT.search(record.getMessage()):
            self._told(int(found[1]))


@contextmanager
def _pages_told(told: Told) -> Iterator[None]:
    counted = _Counted(told)
    PROGRESS_LOGGER.addHandler(counted)
    PROGRESS_LOGGER.setLevel(logging.INFO)
    try:
        yield
    finally:
        PROGRESS_LOGGER.removeHandler(counted)


def to_pdf(html: str, told: Told = lambda _page: None) -> bytes:
    """Tagged, for the archive and for screen readers (PDF/A-2a and PDF/UA-1).

    The page has no base address: a relative link leads nowhere.
    """
    with one_at_a_time, no_collections(), _pages_told(told):
        fonts, styles = _type()
        page = HTML(string=html, base_url=None, url_fetcher=OnlyOurFonts())
        document = page.render(
            font_config=fonts,
            stylesheets=[styles],
            presentational_hints=False,
            pdf_variant=ARCHIVAL,
        )
        document.metadata = Universal(**vars(document.metadata))
        pdf: bytes = document.write_pdf(pdf_variant=ARCHIVAL)
    return pdf
