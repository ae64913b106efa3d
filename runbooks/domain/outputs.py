"""What a step printed, as it is kept: whole up to 64 KB, head and tail beyond."""

from typing import Final

LIMIT: Final = 64 * 1024  # characters


def clipped(text: str, limit: int = LIMIT) -> str:
    if len(text) <= limit:
        return text
    half = (limit - 60) // 2
    return f"{text[:half]}\n… {len(text) - 2 * half:,} characters left out …\n{text[-half:]}"
