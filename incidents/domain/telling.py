"""The words of a text that tell one trouble from another."""

import re
from collections.abc import Iterable
from typing import Final

MOST: Final = 12  # each is asked of an index
SHORTEST: Final = 2
WORD: Final = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")  # db-02 and 1.4.2 are one word each
# What Korean hangs on a noun, the longer first. One cut too many does no harm: words are compared by how they begin.
PARTICLES: Final = (
    "에서는", "으로는", "에게서", "에서", "으로", "까지", "부터", "에게", "처럼", "보다", "이나",
    "은", "는", "이", "가", "을", "를", "에", "의", "로", "와", "과", "도", "만",
)  # fmt: skip
SILENT: Final = frozenset(
    [
        "a",
        "about",
        "after",
        "again",
        "all",
        "also",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "before",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "down",
        "for",
        "from",
        "had",
        "has",
        "have",
        "in",
        "into",
        "is",
        "it",
        "its",
        "more",
        "no",
        "not",
        "now",
        "of",
        "off",
        "on",
        "only",
        "or",
        "our",
        "out",
        "over",
        "since",
        "so",
        "some",
        "still",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "to",
        "too",
        "under",
        "until",
        "up",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "would",
        "you",
        "your",
        "incident",
        "alert",
        "error",
        "issue",
        "problem",
        "그리고",
        "그래서",
        "하지만",
        "지금",
        "현재",
        "아직",
        "다시",
        "모두",
        "매우",
        "있음",
        "없음",
        "있어요",
        "없어요",
        "있습니다",
        "없습니다",
        "했어요",
        "했습니다",
        "됩니다",
        "돼요",
        "합니다",
        "해요",
        "때문",
        "관련",
        "경우",
        "이후",
        "이전",
        "대한",
        "대해",
        "확인",
        "장애",
        "문제",
        "발생",
        "오류",
        "알림",
        "중",
    ]
)


def telling_words(texts: Iterable[str]) -> list[str]:
    """The first that say something, each once, as they begin. Earlier texts count for more."""
    found: dict[str, None] = {}
    for text in texts:
        for word in WORD.findall(text.lower()):
            bare = _without_particle(word)
            if len(bare) >= SHORTEST and bare not in SILENT and not _mere_number(bare):
                found.setdefault(bare)
            if len(found) == MOST:
                return list(found)
    return list(found)


def _without_particle(word: str) -> str:
    tail = next((each for each in PARTICLES if word.endswith(each)), "")
    bare = word.removesuffix(tail)
    return bare if len(bare) >= SHORTEST else word


def _mere_number(word: str) -> bool:
    """A count or a time, but not the code of an error: 503."""
    return word.replace(".", "").replace("-", "").isdigit() and len(word) < 3
