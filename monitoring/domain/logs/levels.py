"""How grave a line says it is."""

from enum import IntEnum
from typing import Final

from monitoring.domain.logs.expressions import expression, together

HEAD: Final = 512  # bytes: what says how grave it is stands at the beginning


class Level(IntEnum):
    UNKNOWN = 0
    INFO = 1
    WARNING = 2
    ERROR = 3
    FATAL = 4


NAMED: Final = (
    rb"(?i)(?:\b|[\"'_])(?:log)?(?:level|severity|lvl)(?:name|text)?[\"']?\s{0,2}[=:]\s{0,2}[\"']?"
)
INFO: Final = rb"TRACE|DEBUG|INFO|NOTICE"
WARNING: Final = rb"WARN|WARNING"
ERROR: Final = rb"ERROR|ERR|SEVERE"
FATAL: Final = rb"FATAL|CRITICAL|CRIT|EMERG|EMERGENCY|PANIC|ALERT"

# A named level says it for certain, with words or with the numbers of Node's loggers.
CERTAIN: Final = (
    (
        NAMED + rb"(?:trace|debug|info|informational|notice|log)\b|\"level\":(?:10|20|30)\b",
        Level.INFO,
    ),
    (NAMED + rb"(?:warn|warning)\b|\"level\":40\b", Level.WARNING),
    (NAMED + rb"(?:error|err|severe)\b|\"level\":50\b", Level.ERROR),
    (NAMED + rb"(?:fatal|critical|crit|emerg|emergency|panic|alert)\b|\"level\":60\b", Level.FATAL),
)
WORDS: Final = (
    (rb"\b(?:" + INFO + rb")\b|\[(?:info|debug|notice)\]|^I\d{4} ", Level.INFO),
    (rb"\b(?:" + WARNING + rb")\b|\[warn(?:ing)?\]|^W\d{4} ", Level.WARNING),
    (
        rb"\b(?:"
        + ERROR
        + rb")\b|\[error\]|^E\d{4} |(?:^|\s)error:|Traceback \(most recent call last\)"
        rb"|\b[A-Z][\w.]{0,80}(?:Exception|Error)(?::|$)|segfault at",
        Level.ERROR,
    ),
    (
        rb"\b(?:" + FATAL + rb")\b|\[(?:crit|emerg|alert)\]|^F\d{4} |(?i:kernel panic|^panic: )",
        Level.FATAL,
    ),
)
ALL: Final = (*CERTAIN, *WORDS)
_ANY: Final = together(one for one, _ in ALL)
_FIRST: Final = expression(
    rb"\b(?:(" + INFO + rb")|(" + WARNING + rb")|(" + ERROR + rb")|(" + FATAL + rb"))\b"
)


def level_of(line: bytes) -> Level:
    """What is named beats what is found as a word; of several words the first is the level."""
    found = _ANY.Match(line[:HEAD])
    if not found:
        return Level.UNKNOWN
    if certain := [ALL[number][1] for number in found if number < len(CERTAIN)]:
        return max(certain)
    if len(found) == 1:
        return ALL[found[0]][1]
    first = _FIRST.search(line[:HEAD])
    return Level(first.lastindex) if first else max(ALL[number][1] for number in found)


def of_priority(priority: int) -> Level:
    """Syslog's and journald's numbers, 0 (emergency) to 7 (debug)."""
    if priority <= 2:
        return Level.FATAL
    if priority == 3:
        return Level.ERROR
    return Level.WARNING if priority == 4 else Level.INFO
