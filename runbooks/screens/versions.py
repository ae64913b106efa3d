"""A version of a runbook as somebody sees it before it counts: what is different, and what it would do."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.bilingual import in_language
from core.errors import Refused
from runbooks.domain.inputs import Input
from runbooks.domain.writing import Wrong
from runbooks.models import Database, Host, Pool, Version
from runbooks.services import foretold
from runbooks.step import steps

SHOWN: Final = 200  # steps
BOX: Final = (
    "max-height:32rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8125rem"
)
COLOURS: Final = {
    "+": "text-green-700 dark:text-green-400", "-": "text-red-700 dark:text-red-400", "@": "opacity-60",
}  # fmt: skip


def difference(version: Version) -> SafeString | str:
    current = version.runbook.current
    if current is None:
        return _("There is no current version yet.")
    if current.pk == version.pk:
        return _("This is the current version.")
    lines = list(_lines(current.source, version.source))
    if not lines:
        return _("The text is the same.")
    marked = format_html_join(
        "\n", '<span class="{}">{}</span>', ((COLOURS.get(line[0], ""), line) for line in lines)
    )
    return format_html('<pre style="{}">{}</pre>', BOX, marked)


def _lines(before: str, after: str) -> Iterator[str]:
    """Without the heads of two files that there are not."""
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    return (line or " " for number, line in enumerate(found) if number > 1)


def source(version: Version) -> SafeString:
    return format_html('<pre style="{}">{}</pre>', BOX, version.source)


def preview(version: Version) -> SafeString | str:
    """Of each step what it would do, by the defaults and, where there is none, by an example."""
    try:
        inputs = {
            name: example_of(one)
            for name, one in version.document.inputs.items()
            if (one.required or one.type == "hosts") and one.default in (None, "", [])
        }
        rows = foretold(version, inputs)
    except (Refused, Wrong) as error:
        return str(error)
    told = format_html_join("", "<li class='mb-2'>{} · {}<pre style='{}'>{}</pre></li>", (
        (in_language(one.step.title.ko, one.step.title.en), steps[one.step.kind].label, BOX, text)
        for one, text in rows[:SHOWN]
    ))  # fmt: skip
    more = _("… and %(count)s more.") % {"count": len(rows) - SHOWN} if len(rows) > SHOWN else ""
    return format_html("{}<ol class='list-decimal ps-6'>{}</ol>{}", _given(inputs), told, more)


def _given(inputs: Mapping[str, Any]) -> SafeString | str:
    if not inputs:
        return ""
    words = {
        name: ", ".join(value) if isinstance(value, list) else value
        for name, value in inputs.items()
    }
    told = " · ".join(f"{name} = {value}" for name, value in words.items())
    return format_html("<p>{} <code>{}</code></p>", _("With these examples:"), told)


def example_of(one: Input) -> Any:
    """Something that fits, so that its steps can be shown."""
    named: dict[str, Any] = {"host": Host, "pool": Pool, "database": Database}
    if one.type == "hosts":
        return list(Host.objects.values_list("name", flat=True)[:3]) or ["host1", "host2"]
    if one.type in named:
        return named[one.type].objects.values_list("name", flat=True).first() or f"{one.type}1"
    plain = {"number": max(0, one.least), "duration": f"{max(30, one.least)}s", "flag": False}
    return plain.get(one.type, one.choices[0] if one.choices else "example")
