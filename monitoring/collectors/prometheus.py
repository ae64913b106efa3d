import math
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from monitoring.asking import ServerForm, ask
from monitoring.collector import CollectError, Collector, Reading, Settings
from monitoring.kinds import Kind
from monitoring.registry import collectors

NAME: Final = "__name__"
SAID: Final = 300  # letters of what the server says is wrong


class PrometheusForm(ServerForm):
    query = forms.CharField(
        label=_("query (PromQL)"), max_length=4000,
        widget=forms.Textarea(attrs={"class": "mono", "rows": 3, "spellcheck": "false"}),
    )  # fmt: skip
    metric = forms.RegexField(
        "^[a-z][a-z0-9_]*$", label=_("name of the metric"), required=False, max_length=100,
        help_text=_("Empty: the one that the result has; what is computed has none."),
    )  # fmt: skip
    unit = forms.CharField(
        label=_("unit"), required=False, max_length=40, help_text=_("Such as s, B, TRX or %.")
    )
    empty_is_zero = forms.BooleanField(
        label=_("nothing found counts as 0"), required=False,
        help_text=_("For queries that find trouble only, such as up == 0."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("empty_is_zero") and not said.get("metric"):
            self.add_error("metric", _("Say what the 0 is called."))
        return said


@collectors.register("prometheus")
class Prometheus(Collector):
    title = _("Prometheus query")
    purpose = _("Each element of what a query finds in your Prometheus, with its labels.")
    kind = Kind.APPLICATION
    form = PrometheusForm

    def collect(self, settings: Settings, *, timeout: float) -> Iterable[Reading]:
        found = [*elements(self._result(settings, timeout))]
        metric, unit = settings["metric"], settings["unit"]
        if not found and settings["empty_is_zero"]:
            yield Reading(metric, 0.0, unit=unit)
        for labels, value in found:
            name = metric or labels.get(NAME, "")
            if not name:
                raise CollectError(_now("The result has no name: give the metric one."))
            if math.isfinite(value):  # 0/0 is no measurement
                yield Reading(
                    name, value, {key: text for key, text in labels.items() if key != NAME}, unit
                )

    def _result(self, settings: Settings, timeout: float) -> Any:
        asked = {"query": settings["query"], "timeout": f"{timeout:g}s"}
        address = f"{settings['url'].rstrip('/')}/api/v1/query?{urlencode(asked)}"
        answer = ask({**settings, "url": address}, timeout=timeout)
        said = answer.json if answer.answer.body else {}
        if not isinstance(said, dict) or said.get("status") != "success":
            fault = said.get("error") if isinstance(said, dict) else None
            raise CollectError(str(fault or answer.answer.status)[:SAID])
        return said.get("data")


def elements(data: Any) -> Iterator[tuple[dict[str, str], float]]:
    """Of an instant vector or a scalar. Raises CollectError for anything else."""
    try:
        kind, result = data["resultType"], data["result"]
        rows = [{"metric": {}, "value": result}] if kind == "scalar" else result
        if kind not in {"scalar", "vector"}:
            raise CollectError(
                _now("The query gives a %(kind)s, not numbers of one moment.") % {"kind": kind}
            )
        for row in rows:
            labels = {str(name): str(text) for name, text in row["metric"].items()}
            yield labels, float(row["value"][1])
    except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
        raise CollectError(_now("This is no answer of a Prometheus.")) from error
