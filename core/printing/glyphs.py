"""Our fonts with their glyphs numbered as they lie, which is how the PDF maker writes text.

Pretendard names its glyphs by numbers (CIDs) that leave gaps: of its figures, full stops and commas the
number is not the place. WeasyPrint writes the place where PDF asks for the number, and only readers
that make the same mistake showed them (poppler); others showed none. So the list of numbers in
the font, which nothing else uses, is written anew in memory: each glyph's number is its place.
"""

import struct
from typing import Final

CHARSET, CHAR_STRINGS = 15, 17  # operators of the Top DICT: Adobe's Technical Note 5176, table 9
ESCAPE: Final = 12
ONE_RANGE: Final = struct.Struct(
    ">BHH"
)  # format 2 with a single range: its first number, and how many follow


def numbered_by_place(font: bytes) -> bytes:
    start = _table(font, b"CFF ")
    top = _top_dict(font, start)
    count = struct.unpack_from(">H", font, start + top[CHAR_STRINGS])[0]
    numbers = ONE_RANGE.pack(2, 1, count - 2)  # the first glyph is not listed
    at = start + top[CHARSET]
    return font[:at] + numbers + font[at + len(numbers) :]


def _table(font: bytes, name: bytes) -> int:
    tables = struct.unpack_from(">H", font, 4)[0]
    for place in range(tables):
        tag, _sum, offset, _length = struct.unpack_from(">4sLLL", font, 12 + 16 * place)
        if tag == name:
            return int(offset)
    raise ValueError(f"the font has no table {name!r}")


def _top_dict(font: bytes, start: int) -> dict[int, int]:
    """Operators and their last operand; only whole numbers are asked for."""
    _names, after_names = _index(font, start + font[start + 2])
    (dict_at, dict_end), _rest = _index(font, after_names)
    found, operand, at = {}, 0, dict_at
    while at < dict_end:
        first = font[at]
        if first <= 21:  # an operator, of which some have a second byte
            if first != ESCAPE:
                found[first] = operand
            at += 2 if first == ESCAPE else 1
        else:
            operand, at = _number(font, at)
    return found


def _index(font: bytes, at: int) -> tuple[tuple[int, int], int]:
    """Where the first entry of an INDEX begins and ends, and where the INDEX does."""
    count, size = struct.unpack_from(">HB", font, at)
    offsets = [
        int.from_bytes(font[at + 3 + size * place : at + 3 + size * (place + 1)])
        for place in (0, 1, count)
    ]
    data = at + 2 + size * (count + 1)
    first, second, end = (data + offset for offset in offsets)
    return (first, second), end


def _number(font: bytes, at: int) -> tuple[int, int]:
    first = font[at]
    if first == 28:
        return struct.unpack_from(">h", font, at + 1)[0], at + 3
    if first == 29:
        return struct.unpack_from(">i", font, at + 1)[0], at + 5
    if first == 30:  # a broken number in halves of bytes, to the one that ends it
        while font[at + 1] & 0x0F != 0x0F:
            at += 1
        return 0, at + 2
    if first <= 246:
        return first - 139, at + 1
    high = (first - 247) * 256 + 108 if first <= 250 else -(first - 251) * 256 - 108
    return (high + font[at + 1] if first <= 250 else high - font[at + 1]), at + 2
