"""Rules in a sentence, as whoever is paged by one would want to read it."""

from datetime import timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from core import durations
from monitoring.domain.rules import State
from monitoring.domain.rules.wording import figure
from monitoring.models import Rule, RuleKind

AGGREGATES: Final[dict[str, Promise]] = {
    "last": gettext_lazy("the last value"),
    "mean": gettext_lazy("the mean"),
    "max": gettext_lazy("the highest value"),
    "min": gettext_lazy("the lowest value"),
    "sum": gettext_lazy("the sum"),
    "percentile": gettext_lazy("the percentile"),
}
THAN: Final[dict[str, Promise]] = {
    "yesterday": gettext_lazy("the same time yesterday"),
    "last-week": gettext_lazy("the same time last week"),
}
EXPLAINED: Final[dict[str, Promise]] = {
    RuleKind.THRESHOLD: gettext_lazy("A value passes a bar."),
    RuleKind.RATE: gettext_lazy("It grows or falls too fast."),
    RuleKind.CHANGE: gettext_lazy("It is not as it was at this time yesterday or last week."),
    RuleKind.ABSENCE: gettext_lazy("Nothing is heard of it any more."),
    RuleKind.RATIO: gettext_lazy("It is too large a share, such as failures of requests."),
    RuleKind.FORECAST: gettext_lazy("It will be full, or used up, before long."),
    RuleKind.ANOMALY: gettext_lazy("It is not as its own past would lead one to expect."),
    RuleKind.COMPOSITE: gettext_lazy("Other rules fire at the same time, or without another."),
}
STATES: Final[dict[State, Promise]] = {
    State.OK: gettext_lazy("ok"),
    State.PENDING: gettext_lazy("pending"),
    State.FIRING: gettext_lazy("firing"),
    State.NO_DATA: gettext_lazy("no data"),
}
TONES: Final = {State.OK: "good", State.PENDING: "p2", State.FIRING: "p0", State.NO_DATA: ""}


def condition(rule: Rule) -> str:
    """When it fires, such as “mean of 5 min above 90, for 2 min”."""
    text = SENTENCES[RuleKind(rule.kind)](rule)
    if rule.lasts:
        text = _("%(what)s, for %(span)s") % {"what": text, "span": spell(rule.lasts)}
    return text


def spell(span: timedelta | float) -> str:
    length = span if isinstance(span, timedelta) else timedelta(seconds=span)
    return durations.words(length, language=get_language() or "ko")


def _beyond(rule: Rule) -> str:
    limit = figure(rule.params["limit"])
    if rule.params.get("above", True):
        return _("above %(limit)s") % {"limit": limit}
    return _("below %(limit)s") % {"limit": limit}


def _threshold(rule: Rule) -> str:
    how = rule.params.get("aggregate", "last")
    if how == "percentile":
        name = f"p{figure(rule.params.get('percentile', 95))}"
    else:
        name = str(AGGREGATES[how])
    said = {"aggregate": name, "span": spell(rule.params.get("window", 300))}
    what = name if how == "last" else _("%(aggregate)s of %(span)s") % said
    return _("%(what)s %(beyond)s") % {"what": what, "beyond": _beyond(rule)}


def _rate(rule: Rule) -> str:
    said = {"span": spell(rule.params.get("window", 300)), "beyond": _beyond(rule)}
    return _("growth a minute over %(span)s %(beyond)s") % said


def _change(rule: Rule) -> str:
    than = str(THAN[rule.params.get("than", "yesterday")])
    limit = rule.params["limit"]
    said = {"than": than, "limit": figure(limit)}
    if rule.params.get("above", True):
        return _("more than %(limit)s %% over %(than)s") % said
    return _("less than %(than)s by more than %(limit)s %%") % (said | {"limit": figure(-limit)})


def _absence(rule: Rule) -> str:
    return _("no sample for %(span)s") % {"span": spell(rule.params["limit"])}


def _ratio(rule: Rule) -> str:
    said = {
        "span": spell(rule.params.get("window", 300)),
        "against": rule.params["against"],
        "beyond": _beyond(rule),
    }
    return _("share of %(against)s over %(span)s %(beyond)s %%") % said


def _forecast(rule: Rule) -> str:
    said = {"full": figure(rule.params["full"]), "span": spell(rule.params["limit"])}
    return _("reaches %(full)s within %(span)s") % said


def _strange(rule: Rule) -> str:
    text = _("anomaly with a score of %(score)s or more") % {"score": figure(rule.params["limit"])}
    if window := rule.params.get("window"):
        text = _("%(what)s in the last %(span)s") % {"what": text, "span": spell(window)}
    return text


def _composite(rule: Rule) -> str:
    params = rule.params
    said = {"n": len(params["rules"]), "least": params.get("least", 1)}
    need = params.get("need", "all")
    if need == "all":
        text = ngettext("%(n)d rule fires", "all %(n)d rules fire", said["n"]) % said
    elif need == "any":
        text = _("any of %(n)d rules fires") % said
    else:
        text = _("at least %(least)d of %(n)d rules fire") % said
    if params.get("unless"):
        text = _("%(what)s, and none of %(n)d others") % {"what": text, "n": len(params["unless"])}
    return text


SENTENCES: Final = {
    RuleKind.THRESHOLD: _threshold,
    RuleKind.RATE: _rate,
    RuleKind.CHANGE: _change,
    RuleKind.ABSENCE: _absence,
    RuleKind.RATIO: _ratio,
    RuleKind.FORECAST: _forecast,
    RuleKind.ANOMALY: _strange,
    RuleKind.COMPOSITE: _composite,
}
