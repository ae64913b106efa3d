"""What the timeline says of a response to an energy shortage. The manual's names stand as they are."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core import durations

Data = Mapping[str, Any]

# By the word of `energy.domain.responses.Result`.
RESULTS: dict[str, Promise] = {
    "running": gettext_lazy("being done"),
    "waits": gettext_lazy("waits for approval"),
    "done": gettext_lazy("done"),
    "failed": gettext_lazy("failed"),
    "never_came": gettext_lazy("paid, and nothing came"),
    "no_rise": gettext_lazy("confirmed, and the limit did not rise"),
    "late": gettext_lazy("paid, nothing came so far"),
    "shadowed": gettext_lazy("only decided"),
    "withdrawn": gettext_lazy("withdrawn"),
}


def _span(seconds: int) -> str:
    return durations.words(timedelta(seconds=seconds), language=get_language() or "")


def _begun(data: Data) -> str:
    said = _("%(name)s: %(wallet)s has %(percent)s %% of its energy left. The response begins.")
    return said % data


def _reported(data: Data) -> str:
    said = _("The response has come to %(status)s.") % data
    steps = ", ".join(
        f"{one['lever']} {RESULTS.get(one['result'], one['result'])}" for one in data["steps"]
    )
    if steps:
        said += f" {steps}."
    said += _lost(data)
    if data.get("shadow"):
        said += " " + _("In shadow: nothing of it was done.")
    if (seconds := data.get("estimate")) is not None:
        told = _span(seconds) if seconds else _("now")
        said += " " + _("Estimated recovery: %(when)s.") % {"when": told}
    return said


def _lost(data: Data) -> str:
    if not (trx := data.get("lost")):
        return ""
    return " " + _("%(trx)s were paid for energy that never came.") % {"trx": trx}


def _cleared(data: Data) -> str:
    return _("Cleared with %(market)s: %(trx)s paid for energy that never came. %(text)s") % data


def _back(data: Data) -> str:
    return _("%(wallet)s has energy again: %(percent)s %%.") % data


def _fell(data: Data) -> str:
    return _("%(wallet)s is short again: %(percent)s %%. The response goes on.") % data


def _no_rise(data: Data) -> str:
    said = _(
        "%(lever)s is confirmed by the chain, and the energy limit did not rise. Nothing else is bought or "
        "staked by itself until it shows, or a person goes on without it."
    )
    return said % data


def _stake_review(data: Data) -> str:
    return (
        _("%(trx)s of %(wallet)s are staked still: whoever led is asked whether it is wanted.")
        % data
    )


def _rose_late(data: Data) -> str:
    return _("%(lever)s shows in the energy limit after all.") % data


def _gone_on(data: Data) -> str:
    return _("Goes on without %(lever)s, which the limit does not show.") % data


def _over(data: Data) -> str:
    said = _("The response of %(wallet)s is over, after %(duration)s. Energy bought for %(trx)s.")
    return said % {**data, "duration": _span(data["seconds"])} + _lost(data)


TELLERS: dict[str, Callable[[Data], str]] = {
    "energy_response_begun": _begun,
    "energy_response_reported": _reported,
    "energy_response_over": _over,
    "energy_back": _back,
    "energy_fell_again": _fell,
    "energy_cleared": _cleared,
    "energy_no_rise": _no_rise,
    "energy_stake_review": _stake_review,
    "energy_rose_late": _rose_late,
    "energy_gone_on": _gone_on,
}
