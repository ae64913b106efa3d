import json
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from integrations.postgresql import Session
from monitoring.asking_postgresql import DatabaseForm, asked
from monitoring.collector import CollectError, Collector, Reading, Settings
from monitoring.kinds import Kind
from monitoring.registry import collectors

MOST: Final = 100
LONGEST: Final = 2000  # letters of a row
EXAMPLE: Final = "SELECT count(*) FROM withdrawal WHERE state = 'waiting'"
NAME: Final = re.compile("[a-z][a-z0-9_]*")
UNITS: Final = [("", "–"), *((unit, unit) for unit in ("s", "B", "%", "/s", "B/s", "days"))]

# The query travels as a value and is executed by the server as one expression in parentheses: a
# second statement, or a COMMIT before a write, is a syntax error there. The answer is bounded there too.
EXECUTE = f"""DO $bongsu$ DECLARE found text; BEGIN
    EXECUTE 'SELECT json_agg(said) FROM (SELECT left(row_to_json(asked)::text, {LONGEST + 1}) AS said'
        || ' FROM (' || chr(10) || current_setting('bongsu.question') || chr(10)
        || ') AS asked LIMIT {MOST + 1}) AS said' INTO found;
    PERFORM set_config('bongsu.found', coalesce(found, '[]'), true);
END $bongsu$"""  # noqa: S608 - of our own constants


class SqlForm(DatabaseForm):
    query = forms.CharField(
        label=_("query"), max_length=8000,
        widget=forms.Textarea(
            attrs={"class": "mono", "rows": 4, "spellcheck": "false", "placeholder": EXAMPLE}
        ),
        help_text=_(
            "Gives one number; or rows, of which the last column is the number and those before it"
            " are labels. It is run in a transaction that can only read."
        ),
    )  # fmt: skip
    metric = forms.CharField(
        label=_("name of the metric"), max_length=100,
        help_text=_("Such as withdrawals_oldest_seconds: small letters, digits and _."),
    )  # fmt: skip
    unit = forms.ChoiceField(label=_("unit"), choices=UNITS, required=False, initial="")

    def clean_query(self) -> str:
        return str(self.cleaned_data["query"]).strip().rstrip(";").rstrip()

    def clean_metric(self) -> str:
        said: str = self.cleaned_data["metric"]
        if not NAME.fullmatch(said):
            raise forms.ValidationError(_("Small letters, digits and _, a letter first."))
        return said


@collectors.register("sql")
class Sql(Collector):
    title = _("Query (SQL)")
    purpose = _(
        "A number of your own from a PostgreSQL: withdrawals a minute, the oldest one waiting."
    )
    kind = Kind.BUSINESS
    form = SqlForm

    def collect(self, settings: Settings, *, timeout: float) -> Iterable[Reading]:
        with asked(settings, timeout=timeout) as server:
            found = answer(server, settings["query"])
        seen = set[frozenset[tuple[str, str]]]()
        for labels, value in found:
            if (key := frozenset(labels.items())) in seen:
                raise CollectError(_now("Two rows have the same labels."))
            seen.add(key)
            yield Reading(settings["metric"], value, labels, unit=settings["unit"])


def answer(server: Session, query: str) -> list[tuple[dict[str, str], float]]:
    server.row("SELECT set_config('bongsu.question', %s, true)", query)
    server.execute(EXECUTE)
    (said,) = server.row("SELECT current_setting('bongsu.found')")
    rows: list[str] = json.loads(said)
    if len(rows) > MOST:
        raise CollectError(_now("More than %(most)s rows.") % {"most": MOST})
    if any(len(row) > LONGEST for row in rows):
        raise CollectError(_now("A row is longer than %(most)s letters.") % {"most": LONGEST})
    return list(_numbers(map(_columns, rows)))


def _columns(row: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = json.loads(row, object_pairs_hook=list)
    return found


def _numbers(rows: Iterable[list[tuple[str, Any]]]) -> Iterator[tuple[dict[str, str], float]]:
    """What is NULL was not measured."""
    for *labels, (name, value) in rows:
        if value is None:
            continue
        if not isinstance(value, (int, float)) or not math.isfinite(value):
            raise CollectError(
                _now("The column %(name)s holds “%(value)s”, which is no number.")
                % {"name": name, "value": str(value)[:50]}
            )
        yield {label: "" if text is None else str(text) for label, text in labels}, float(value)
