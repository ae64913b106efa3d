"""The embedded broker: kombu's filesystem transport, with whole messages only.

It carries wake-ups. Whatever becomes of its files, workers go on and the rows are found by the sweep.
"""

import uuid
from pathlib import Path
from queue import Empty
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
        aside = self._folder / f"{name}.new"
        try:
            aside.write_text(dumps(payload))
            aside.rename(self._folder / name)
        except OSError as problem:
            self._mend()
            raise ChannelError(f"cannot add {name} to the queue: {problem}") from problem

    def _get(self, queue: str) -> Any:  # type: ignore[override]
        """Somebody emptied the home's folder: that is an empty queue, not the end of the worker."""
        try:
            return super()._get(queue)
        except FileNotFoundError:
            self._mend()
            raise Empty from None

    def _queue_bind(self, *_: object) -> None:
        """Nothing to note down: wake-ups go to their queue by its name.

        kombu's own keeps a table for each exchange; workers that start together find it half-written.
        """

    @property
    def _folder(self) -> Path:
        return Path(self.data_folder_out)

    def _mend(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)


class Transport(filesystem.Transport):
    Channel = Channel
    # A folder has no host: kombu would warn in the log at every start that none was given.
    default_connection_params: dict[str, str] = {}
