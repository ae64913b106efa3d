"""What may be kept as evidence, judged by its content; and under which name."""

import unicodedata
from typing import Final

MOST: Final = 10 * 1024 * 1024  # bytes a file
FILES: Final = 50  # an incident
LONGEST_NAME: Final = 120

TEXT: Final = "text/plain"
KINDS: Final = {
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    "webp": "image/webp", "pdf": "application/pdf",
    "txt": TEXT, "log": TEXT, "csv": TEXT, "json": TEXT,
}  # fmt: skip
MAGIC: Final = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
]
MAY_STAND_IN_TEXT: Final = frozenset("\t\n\r\f\x1b")  # the last one colours logs


def type_of(body: bytes) -> str | None:
    """What the bytes are, whatever anybody says; None for what is not kept."""
    for magic, kind in MAGIC:
        if body.startswith(magic):
            return kind
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return TEXT if _is_text(body) else None


def fits(name: str, kind: str) -> bool:
    """Whether a file of this name is what its name says."""
    return KINDS.get(extension(name)) == kind


def extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def safe_name(name: str) -> str:
    """Without folders and what cannot be seen; a long one is cut before its extension."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/")).rpartition("/")[2]
    seen = "".join(
        letter for letter in last if unicodedata.category(letter)[0] not in "CZ" or letter == " "
    )
    stem, dot, ending = " ".join(seen.split()).lstrip(". ").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    return f"{stem[: LONGEST_NAME - len(ending) - 1] or 'evidence'}{dot}{ending[:10]}"


def _is_text(body: bytes) -> bool:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all(
        letter in MAY_STAND_IN_TEXT or unicodedata.category(letter) != "Cc" for letter in set(text)
    )
