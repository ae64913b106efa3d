"""What came of a step, as its row keeps it: without secrets, bounded, and read as sentences."""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, Final

from core.bilingual import in_both
from core.told import Told
from monitoring.domain.logs.masking import without_secrets
from runbooks.domain.findings import finding, said
from runbooks.domain.outputs import clipped
from runbooks.domain.writing import Both
from runbooks.models import RunStep
from runbooks.step import Came, Result

MOST_ROWS: Final = 500  # of what a step read
MASK: Final = "‹secret›"


def kept_of(step: RunStep, result: Result) -> dict[str, Any]:
    rows = [kept(row, _cell) for row in result.rows]
    read = [
        finding(one, "")
        for one in RunStep.objects.values_list("findings", flat=True).get(pk=step.pk)
    ]
    around = {name: value for name, value in step.scope.items() if isinstance(value, str | int)}
    # Sentences may name inputs and items too.
    about = [around | row | _told(given) for row, given in zip(rows, result.rows, strict=True)]
    sentences = said(read, about) if result.came is not Came.UNKNOWN else []
    return {
        **line(result.text),
        "output": clipped(_masked(result.output)),
        "rows": rows[:MOST_ROWS],
        "facts": kept(result.facts, _fact),
        "said": [
            {"ko": _masked(one.text.ko), "en": _masked(one.text.en), "grave": one.grave}
            for one in sentences
        ],
    }


def line(text: object) -> dict[str, str]:
    """What came of a step, in both languages."""
    told = in_both(text)
    return {f"text_{language}": _masked(one)[:500] for language, one in told.items()}


def _told(row: Mapping[str, Any]) -> dict[str, Both]:
    """What a row says in words, for sentences in either language."""
    words = {name: in_both(value) for name, value in row.items() if isinstance(value, Told)}
    return {name: Both(_masked(one["ko"]), _masked(one["en"])) for name, one in words.items()}


def kept(value: Any, text: Callable[[str, str], str], name: str = "") -> Any:
    """Without what JSON or PostgreSQL does not know; all texts by way of `text`, with their names."""
    if isinstance(value, Mapping):
        return {_storable(str(key)): kept(one, text, str(key)) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [kept(one, text, name) for one in value]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Told):
        return text(name, in_both(value)["en"])
    if isinstance(value, float) and isfinite(value):
        return value
    return text(name, str(value))


def _cell(name: str, text: str) -> str:
    """Of a text its name may tell that it is a secret."""
    named, alone = f"{name}={text}", _masked(text)
    return MASK if alone == text and _masked(named) != named else alone


def _fact(_name: str, text: str) -> str:
    """As it was found: later steps go by it."""
    return _storable(text)


def _masked(text: str) -> str:
    return _storable(without_secrets(text.encode(errors="replace")).decode(errors="replace"))


def _storable(text: str) -> str:
    sound = text.encode(errors="replace").decode()
    return sound.replace("\0", "\N{REPLACEMENT CHARACTER}")
