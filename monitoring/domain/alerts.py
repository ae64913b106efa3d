from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from core.severity import Severity

KEEP_ONLY: Final = "none"  # mapped to this, an alert is kept without an incident

LEVELS: Final = (*Severity, KEEP_ONLY)

FIRING, RESOLVED = "firing", "resolved"
SILENCED = "silenced"  # it fires, and calls nobody
STATES = (FIRING, RESOLVED, SILENCED)
STATUS_CHOICES = [(FIRING, FIRING), (RESOLVED, RESOLVED)]


@dataclass(frozen=True)
class Signal:
    """What a source says about one alert, whatever its wire format was."""

    key: str  # dedup key: at most one open alert carries it
    title: str
    resolved: bool = False
    acknowledged: bool = False  # somebody answered in the sender's own tool
    description: str = ""
    # By language, what is said otherwise there: words of ours, never those of a sender.
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    severities: Sequence[str] = ()  # candidates in the sender's words, the most telling first
    service: str = ""
    group: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    started_at: datetime | None = None
    expires_at: datetime | None = None  # a time to live: not refreshed by then, it is over
    url: str = ""
    runbook_url: str = ""


def severity_of(candidates: Sequence[str], mapping: Mapping[str, str], default: str) -> str:
    """The first of the sender's words that the integration knows, else its default."""
    for word in candidates:
        if word.upper() in Severity.__members__:
            return word.upper()
        if (mapped := mapping.get(word.lower(), "")) in LEVELS:
            return mapped
    return default


def faults_of(mapping: object) -> list[str]:
    """What an administrator mistyped: such an entry would never count."""
    if not isinstance(mapping, Mapping):
        return [str(mapping)]
    return [
        f"{word} → {level}"
        for word, level in mapping.items()
        if word != word.lower() or level not in LEVELS
    ]
