"""The embedded broker: kombu's filesystem transport, with whole messages only."""

import uuid
from pathlib import Path
from time import monotonic_ns
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        """Write aside, then rename.

        kombu's own shows the file first and writes it then; a worker that looks in between reads an
        empty message and ends.
        """
        name = f"{monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        whole = Path(self.data_folder_out, name)
        aside = whole.with_name(f"{name}.new")
        try:
            aside.write_text(dumps(payload))
            aside.rename(whole)
        except OSError as problem:
            raise ChannelError(f"cannot add {name} to the queue: {problem}") from problem

    def _queue_bind(self, *_: object) -> None:
        """Nothing to note down: wake-ups go to their queue by its name.

        kombu's own keeps a table for each exchange; workers that start together find it half-written.
        """


class Transport(filesystem.Transport):
    Channel = Channel
