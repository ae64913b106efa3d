"""Settings in words, for screens, notices and the console's history."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import DurationField
from django.utils.dateparse import parse_duration
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import durations
from core.money import trx
from runbooks.guarded import guarded


class Said(NamedTuple):
    """One field before and after."""

    name: str
    before: str
    after: str


def said(setting: str, fields: Mapping[str, Any]) -> list[Said]:
    """In the reader's language."""
    return [
        Said(label(setting, name), value(setting, name, before), value(setting, name, after))
        for name, (before, after) in fields.items()
    ]


def label(setting: str, name: str) -> str:
    """Without the unit: an amount is said in TRX."""
    found = str(guarded[setting].field(name).verbose_name)
    return found.removesuffix("(sun)").rstrip()


def value(setting: str, name: str, given: Any) -> str:
    field = guarded[setting].field(name)
    if given is None:
        return _("no bound")
    if isinstance(given, bool):
        return _("yes") if given else _("no")
    if isinstance(field, DurationField):
        return _span(given)
    if name.endswith("_sun"):
        return trx(given)
    if isinstance(given, list):
        return _listed(getattr(field, "base_field", None), given)
    return str(dict(field.flatchoices).get(given, given))


def _span(given: str | timedelta) -> str:
    span = given if isinstance(given, timedelta) else parse_duration(given) or timedelta(0)
    return durations.words(span, language=get_language() or "")


def _listed(field: Any, given: list[str]) -> str:
    names = dict(field.flatchoices) if field else {}
    return ", ".join(str(names.get(one, one)) for one in given) or _("none")
