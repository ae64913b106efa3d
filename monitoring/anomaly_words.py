"""Anomalies in words: what was seen, what was expected, how rare that is, and why it was said at all."""

from datetime import timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from core import durations
from core.charts.units import said
from monitoring.domain.anomalies import Reason, View
from monitoring.domain.anomalies.threshold import USUAL
from monitoring.models import Anomaly, MetricState

OF_MANY: Final = (View.LASTING, View.DAY)  # views of more than the last reading

SEEN: Final[dict[str, Promise]] = {
    View.VALUE: gettext_lazy("It reads %(seen)s; %(low)s to %(high)s was usual so far."),
    View.DRIFT: gettext_lazy("It reads %(seen)s; after its last course %(low)s to %(high)s was expected."),
    View.HOUR: gettext_lazy("It reads %(seen)s; at this hour of the week %(low)s to %(high)s is usual."),
    View.LASTING: gettext_lazy("Its mean of late is %(seen)s; %(low)s to %(high)s was usual so far."),
    View.DAY: gettext_lazy("Its mean of late is %(seen)s; at this time of day %(low)s to %(high)s is usual."),
}  # fmt: skip


def explained(one: Anomaly) -> str:
    """What is strange, in a sentence."""
    if one.reason == Reason.NO_DATA:
        return _("No reading came any more.")
    unit = one.metric.shown_in
    if one.reason == Reason.STUCK:
        if one.metric.grows:
            return _("It grows exactly as fast as before for longer than ever.")
        return _("It repeats %(value)s for longer than ever before.") % {
            "value": said(one.value, unit)
        }
    if one.expected is None or one.view not in SEEN:
        return _("It reads %(seen)s, which is unusual.") % {"seen": said(one.seen, unit)}
    text = str(SEEN[one.view]) % {
        "seen": said(one.observed, unit),
        "low": said(one.expected.low, unit),
        "high": said(one.expected.high, unit),
    }
    if one.view in OF_MANY and not one.metric.grows:
        text += " " + _("The last one was %(value)s.") % {"value": said(one.value, unit)}
    return text


def rarity(one: Anomaly) -> str:
    """How often this metric is as strange, as far as anybody can know."""
    if one.reason != Reason.UNUSUAL or not one.every or one.known is None:
        return ""
    apart = one.every / one.probability if one.probability > 1e-9 else timedelta.max
    if apart > one.known:
        return _("Never as strange in the %(known)s it is known.") % {"known": _span(one.known)}
    return _("As strange as this about once in %(apart)s.") % {"apart": _span(apart)}


def bar(state: MetricState | None) -> str:
    """Why alarms begin where they do."""
    if state is None:
        return ""
    if not state.judged:
        return _("This metric is not judged.")
    bars = {"bar": round(100 * state.threshold), "usual": round(100 * USUAL)}
    if bars["bar"] == bars["usual"]:
        at = _("Alarms begin at %(bar)d of 100.") % bars
    else:
        at = _("Alarms begin at %(bar)d of 100 here, elsewhere at %(usual)d.") % bars
    heard = [
        ngettext("%(n)d was a false alarm", "%(n)d were false alarms", state.noise) % {"n": state.noise},
        ngettext("%(n)d was useful", "%(n)d were useful", state.useful) % {"n": state.useful},
    ] if state.noise or state.useful else []  # fmt: skip
    return f"{at} {', '.join(heard)}." if heard else at


def _span(span: timedelta) -> str:
    return durations.words(span, language=get_language() or "ko", most=1)
