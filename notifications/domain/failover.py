"""When one provider fails and another is there."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """What a provider said no with; status 0 when it said nothing."""

    provider: str
    status: int
    text: str
    retry_after: int | None = None
    of_address: bool = False

    @property
    def permanent(self) -> bool:
        """It would say the same again."""
        return 400 <= self.status < 500 and self.status not in {408, 429}

    @property
    def another_may_help(self) -> bool:
        """It is about the provider or our account there, not about the number or the words."""
        return not self.permanent or self.status in {401, 402, 403}


@dataclass(frozen=True)
class Verdict:
    text: str
    permanent: bool
    retry_after: int | None


def verdict(failures: Sequence[Failure]) -> Verdict:
    """Of one attempt: for good only if each refused for good; again when the first may be asked."""
    several = len(failures) > 1
    said = [f"{each.provider}: {each.text}" if several else each.text for each in failures]
    passing = [each for each in failures if not each.permanent]
    waits = [each.retry_after for each in passing if each.retry_after is not None]
    return Verdict(
        text="; ".join(said),
        permanent=not passing,
        retry_after=min(waits) if waits and len(waits) == len(passing) else None,
    )
