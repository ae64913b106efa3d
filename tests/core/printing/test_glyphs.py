"""Readers that keep to the standard look a glyph up by its number, and show none where it is the wrong one."""

import io
import re
import zlib

import pytest
from fontTools.ttLib import TTFont

from core.printing.glyphs import numbered_by_place
from core.printing.press import FONTS, to_pdf

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def numbers(font: bytes) -> list[str]:
    return list(TTFont(io.BytesIO(font)).getGlyphOrder()[1:])


def fonts_in(pdf: bytes) -> list[bytes]:
    found = []
    for stream in STREAM.findall(pdf):
        try:
            said = zlib.decompressobj().decompress(stream)
        except zlib.error:
            continue
        if said.startswith(b"OTTO"):
            found.append(said)
    return found


@pytest.mark.parametrize("path", FONTS.values(), ids=lambda path: path.stem)
def test_each_glyph_has_the_number_of_its_place_and_nothing_else_changes(path):
    ours, theirs = numbered_by_place(path.read_bytes()), path.read_bytes()
    assert numbers(ours) == [f"cid{place:05}" for place in range(1, len(numbers(ours)) + 1)]
    assert numbers(theirs) != numbers(ours)
    assert sum(one != other for one, other in zip(ours, theirs, strict=True)) < 6


def test_what_is_embedded_is_numbered_by_place():
    embedded = fonts_in(
        to_pdf("<title>x</title><p style='font-family: Pretendard Print'>가 1.5–2 ✓")
    )
    assert embedded
    for font in embedded:
        assert all(name == f"cid{place:05}" for place, name in enumerate(numbers(font), 1))
