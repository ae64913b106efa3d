"""What the portal sees by itself takes the same road as alerts from outside."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Final, ParamSpec

from django.conf import settings
from django.utils import translation
from django.utils.crypto import get_random_string

from core import tokens
from monitoring.domain.alerts import Signal
from monitoring.models import Alert, Integration
from monitoring.services.storing import store

P = ParamSpec("P")

OURS: Final = "bongsu"  # a source of its own: nobody outside can send by it


def tell(signals: Sequence[Signal], *, at: datetime, drill: bool = False) -> None:
    """Atomic by itself, and part of the caller's transaction where there is one.

    What is a drill's stays apart; but what began in a drill may end after it.
    """
    store(_sender(drill), b"", signals, at=at)
    over = [one for one in signals if one.resolved]
    others = Alert.objects.open().filter(
        integration__source=OURS, key__in=[one.key for one in over]
    )
    if over and others.exclude(integration__drill=drill).exists():
        store(_sender(not drill), b"", over, at=at)


def _sender(drill: bool) -> Integration:
    name = "Bongsu (drill)" if drill else "Bongsu"
    sender, _is_new = Integration.objects.get_or_create(
        source=OURS, drill=drill,
        defaults={"name": name, "token_hash": tokens.hashed(get_random_string(40))},
    )  # fmt: skip
    return sender


def in_each_language(write: Callable[P, Signal]) -> Callable[P, Signal]:
    """Written in the installation's language, and carrying how the others say it."""

    @wraps(write)
    def written(*args: P.args, **kwargs: P.kwargs) -> Signal:
        signals = {}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                signals[language] = write(*args, **kwargs)
        ours = signals.pop(settings.LANGUAGE_CODE)
        others = {language: _otherwise(one, ours) for language, one in signals.items()}
        return replace(ours, translations={key: told for key, told in others.items() if told})

    return written


def _otherwise(one: Signal, ours: Signal) -> dict[str, str]:
    said = {"title": (one.title, ours.title), "description": (one.description, ours.description)}
    return {name: theirs for name, (theirs, known) in said.items() if theirs != known}
