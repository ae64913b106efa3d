"""TRX as people read and write it. Amounts are int sun everywhere else."""

from typing import Final

from core.charts.units import SPACE

SUN: Final = 1_000_000  # one TRX


def trx(sun: int) -> str:
    """The last digits where there is little: 12,400 TRX, 6.5 TRX."""
    whole, rest = divmod(abs(sun), SUN)
    sign = "\N{MINUS SIGN}" if sun < 0 else ""
    digits = f"{rest:06}"[: 0 if whole >= 1_000 else 2 if whole else 6].rstrip("0")
    return f"{sign}{whole:,}{'.' + digits if digits else ''}{SPACE}TRX"
