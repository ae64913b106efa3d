"""Whether a market that was set aside may be suggested again. To bring it back is a person's to do."""

from typing import Final

GOOD_QUOTES: Final = 5  # in a row, a minute apart, none dearer than burning


def is_good(total_sun: int, energy: int, *, fee_sun: int) -> bool:
    return 0 < total_sun <= energy * fee_sun


def is_suggested(good_quotes: int, *, still_owes: bool) -> bool:
    """`still_owes`: something may come yet, which says by itself what the market is worth."""
    return good_quotes >= GOOD_QUOTES and not still_owes
