"""Regular expressions as Alertmanager means them: RE2's, of the whole text."""

import re
from functools import lru_cache
from typing import Final

from monitoring.domain.walking import (
    END,
    BadPattern,
    Part,
    Program,
    Walk,
    either,
    in_a_row,
    times,
)

LONGEST: Final = 512  # characters of a pattern
DEEPEST: Final = 50  # brackets in brackets
CLASS: Final = re.compile(r"\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]", re.DOTALL)
POSIX: Final = {
    "[:alnum:]": "0-9A-Za-z", "[:alpha:]": "A-Za-z", "[:digit:]": "0-9", "[:lower:]": "a-z",
    "[:upper:]": "A-Z", "[:space:]": r"\s", "[:word:]": r"\w", "[:xdigit:]": "0-9A-Fa-f",
}  # fmt: skip
GROUP: Final = re.compile(r"\((?:\?(?:P?<\w+>|:))?(?!\?)")
TIMES: Final = re.compile(r"\{(\d{1,4})(,(\d{1,4})?)?\}")
ESCAPE: Final = re.compile(r"\\(?:[dDsSwW]|x[0-9A-Fa-f]{2}|[tnrfv]|[^0-9A-Za-z])")


@lru_cache(maxsize=512)
def pattern(text: str) -> Walk:
    """Raises BadPattern."""
    if len(text) > LONGEST:
        raise BadPattern("the pattern is too long")
    ignoring = text.startswith("(?i)")
    parser = _Parser(text.removeprefix("(?i)"), re.IGNORECASE if ignoring else re.NOFLAG)
    whole = parser.alternatives(depth=0)
    if parser.at < len(parser.text):
        raise BadPattern("unexpected )")
    program = Program()
    return Walk(program, whole(program, END))


class _Parser:
    def __init__(self, text: str, flags: re.RegexFlag) -> None:
        self.text, self.at, self.flags = text, 0, flags | re.ASCII  # RE2's \w knows ASCII only

    def alternatives(self, *, depth: int) -> Part:
        if depth > DEEPEST:
            raise BadPattern("brackets are nested too deeply")
        parts = [self._sequence(depth)]
        while self._eat("|"):
            parts.append(self._sequence(depth))
        return parts[0] if len(parts) == 1 else either(parts)

    def _sequence(self, depth: int) -> Part:
        parts: list[Part] = []
        if depth == 0:
            self._eat("^")  # it is anchored anyway
        while self._here() not in {"", "|", ")"}:
            if self._here() == "$" and depth == 0 and self.text[self.at + 1 :][:1] in {"", "|"}:
                self.at += 1
                break
            parts.append(self._repeated(self._one(depth)))
        return in_a_row(parts)

    def _one(self, depth: int) -> Part:
        if self._here() == "(":
            return self._group(depth)
        if self._here() in "*+?":
            raise BadPattern("nothing to repeat before *, + or ?")
        if self._here() in "^$":
            raise BadPattern("^ and $ stand at the ends only")
        return self._leaf()

    def _group(self, depth: int) -> Part:
        if not (opening := GROUP.match(self.text, self.at)):
            raise BadPattern("only plain groups, (?:…) and (?P<name>…) are known")
        self.at = opening.end()
        inside = self.alternatives(depth=depth + 1)
        if not self._eat(")"):
            raise BadPattern("missing )")
        return inside

    def _leaf(self) -> Part:
        try:
            fits = re.compile(self._leaf_text(), self.flags).fullmatch
        except re.error as error:
            raise BadPattern("bad characters in [ ]") from error
        return lambda program, then: program.add(fits, then)

    def _leaf_text(self) -> str:
        """The source of a pattern of one character, which is left to `re`."""
        here = self._here()
        if here not in "[\\":
            self.at += 1
            return here if here == "." else re.escape(here)
        if not (found := (CLASS if here == "[" else ESCAPE).match(self.text, self.at)):
            raise BadPattern("missing ]" if here == "[" else "unknown escape")
        self.at = found.end()
        source = found[0]
        for name, meaning in POSIX.items():
            source = source.replace(name, meaning)
        return source

    def _repeated(self, part: Part) -> Part:
        least, most = self._times()
        if (least, most) == (1, 1):
            return part
        self._eat("?")  # lazy or not, the whole text is matched
        if self._here() in {"*", "+", "?"}:
            raise BadPattern("a repetition is repeated")
        return times(part, least, most)

    def _times(self) -> tuple[int, int | None]:
        signs: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if (here := self._here()) in signs:
            self.at += 1
            return signs[here]
        if not (found := TIMES.match(self.text, self.at)):
            return 1, 1
        self.at = found.end()
        least = int(found[1])
        most = least if not found[2] else int(found[3]) if found[3] else None
        if max(least, most or 0) > 1000 or (most is not None and most < least):
            raise BadPattern("a repetition of impossible size")
        return least, most

    def _here(self) -> str:
        return self.text[self.at : self.at + 1]

    def _eat(self, sign: str) -> bool:
        if self._here() != sign:
            return False
        self.at += 1
        return True
