"""Templates of error lines: what they have in common when numbers, names and addresses are left out.

Drain (He and others, ICWS 2017): a tree by the number of words and the first ones leads to a few
templates, of which the most similar takes the line. Bounded: the template not seen for longest goes.
"""

import json
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from monitoring.domain.logs.masking import masked

ANY: Final = "‹›"
SIMILAR: Final = 0.5
DEPTH: Final = 2  # words that lead
BRANCHES: Final = 60  # of a node; more words there are no words but names
MOST: Final = 1_000  # templates
MOST_WORDS: Final = 40
SHAPES: Final = 4_000  # remembered as they were, so that a storm of one error is cheap

_VARIES: Final = re.compile("[0-9‹]")
_THROWN: Final = (b"Exception", b"Error")
_SAID: Final = ("msg", "message", "error", "log", "event")


@dataclass
class Template:
    words: list[str]
    written: str = ""  # the text its row has

    @property
    def text(self) -> str:
        return " ".join(self.words)


class Miner:
    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._tree: dict[tuple[Any, ...], list[Template]] = {}
        self._branches: dict[tuple[Any, ...], set[str]] = {}
        self._shapes: OrderedDict[tuple[str, ...], Template] = OrderedDict()
        self._alive: OrderedDict[int, tuple[tuple[Any, ...], Template]] = OrderedDict()

    def __call__(self, text: bytes) -> Template:
        """The template of an entry, masked before anything is remembered of it."""
        words = words_of(text)
        shape = tuple(words)
        template = self._shapes.get(shape)
        if template is None or id(template) not in self._alive:
            template = self._nearest(words)
            self._shapes[shape] = template
            if len(self._shapes) > SHAPES:
                self._shapes.popitem(last=False)
        self._alive.move_to_end(id(template))
        return template

    def know(self, text: str) -> None:
        """A template of an earlier life."""
        words = text.split()
        path = self._path(words)
        self._tree.setdefault(path, [])
        self._new(path, words).written = text

    def __len__(self) -> int:
        return len(self._alive)

    def _nearest(self, words: list[str]) -> Template:
        path = self._path(words)
        leaf = self._tree.setdefault(path, [])
        best, most = None, 0.0
        for template in leaf:
            alike = sum(a == b for a, b in zip(template.words, words, strict=True)) / len(words)
            if alike > most:
                best, most = template, alike
        if best is not None and most >= SIMILAR:
            best.words = [a if a == b else ANY for a, b in zip(best.words, words, strict=True)]
            return best
        return self._new(path, words)

    def _new(self, path: tuple[Any, ...], words: list[str]) -> Template:
        template = Template(list(words))
        self._tree[path].append(template)
        self._alive[id(template)] = (path, template)
        if len(self._alive) > self._most:
            _, (old, gone) = self._alive.popitem(last=False)
            self._tree[old].remove(gone)
            if not self._tree[old]:
                del self._tree[old]
        return template

    def _path(self, words: Sequence[str]) -> tuple[Any, ...]:
        path: tuple[Any, ...] = (len(words),)
        for word in words[:DEPTH]:
            path = (*path, self._branch(path, word))
        return path

    def _branch(self, path: tuple[Any, ...], word: str) -> str:
        known = self._branches.setdefault(path, set())
        if word not in known:
            if len(known) >= BRANCHES:
                return ANY
            known.add(word)
        return word


def words_of(text: bytes) -> list[str]:
    """What is said, word by word, with a gap for each that varies or may not be remembered.

    Words with a digit go first: most addresses are such, and masking is the dearest part.
    """
    said = _said(text).decode(errors="replace").replace("\0", "")
    bare = " ".join([ANY if _VARIES.search(word) else word for word in said.split()])
    kept = masked(bare.encode(errors="replace")).decode(errors="replace")
    words = [ANY if "‹" in word else word for word in kept.split(None, MOST_WORDS)[:MOST_WORDS]]
    begun = next((n for n, word in enumerate(words) if word != ANY), 0)
    return words[begun:] or [ANY]


def _said(text: bytes) -> bytes:
    """The message of a JSON line; the first line of a trace with what was raised."""
    first, _, more = text.partition(b"\n")
    if first[:1] == b"{":
        return _of_json(first)
    for line in more.split(b"\n") if more else ():
        name = line.split(b":", 1)[0]
        if name.endswith(_THROWN) and b" " not in name:
            return first[:2000] + b" " + line[:500]
    return first[:2000]


def _of_json(line: bytes) -> bytes:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return line[:2000]
    if not isinstance(found, dict):
        return line[:2000]
    parts = [str(found[name]) for name in _SAID if found.get(name)]
    return " ".join(parts).encode(errors="replace")[:2000] or line[:2000]
