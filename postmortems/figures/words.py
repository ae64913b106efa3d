"""Figures in the reader's words."""

from datetime import timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from core import durations
from core.charts.units import figure as plain
from postmortems.domain.figures.changes import Change, Verdict
from postmortems.domain.figures.comparing import Compared
from postmortems.domain.figures.estimates import Figure

SPACE: Final = "\N{NO-BREAK SPACE}"
NAMES: Final[dict[str, Promise]] = {
    Compared.INCIDENTS: gettext_lazy("Incidents"),
    Compared.DETECT: gettext_lazy("Time to notice"),
    Compared.ACKNOWLEDGE: gettext_lazy("Time to acknowledge"),
    Compared.MITIGATE: gettext_lazy("Time to mitigate"),
    Compared.RESOLVE: gettext_lazy("Time to resolve"),
    Compared.ANSWERED_LATE: gettext_lazy("Not answered in time"),
    Compared.RESOLVED_LATE: gettext_lazy("Not resolved in time"),
}
VERDICTS: Final[dict[Verdict, Promise]] = {
    Verdict.LESS: pgettext_lazy("figures", "less than before"),
    Verdict.MORE: pgettext_lazy("figures", "more than before"),
    Verdict.NOISE: gettext_lazy("no change beyond chance"),
    Verdict.TOO_FEW: gettext_lazy("too few to compare"),
}


def said(figure: Figure) -> str:
    """A value that nobody knows is said to be unknown, not zero."""
    return _("not enough data") if figure.value is None else value(figure.value, figure.unit)


def value(number: float, unit: str) -> str:
    if unit == "s":
        return length(number)
    if unit == "of 5":
        return f"{min(number, 5):.1f} / 5"
    if unit == "%/30d":
        return f"{'−' if number < 0 else '+'}{abs(number):,.3g}{SPACE}%"
    if unit in {"%", "points"}:
        return f"{number:,.4g}{SPACE}%".replace("-", "−")
    return f"{number:.2f}×" if unit == "x" else plain(number)


def length(seconds: float) -> str:
    return durations.words(timedelta(seconds=seconds), language=get_language() or "ko")


def bounds(figure: Figure) -> str:
    """Empty where there are none."""
    if figure.low is None or figure.high is None or figure.value is None:
        return ""
    return f"{value(figure.low, figure.unit)} – {value(figure.high, figure.unit)}"


def signed(number: float, unit: str) -> str:
    return f"{'−' if number < 0 else '+'}{value(abs(number), unit)}"


def changed(change: Change) -> str:
    """By how much, where it is more than chance."""
    said = str(VERDICTS[change.verdict])
    if change.value is None or change.verdict == Verdict.NOISE:
        return said
    return f"{said} ({signed(change.value, change.unit)})"
