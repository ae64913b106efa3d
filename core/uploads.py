from collections.abc import Mapping
from typing import IO, Any, Final

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

MOST: Final = 11 * 1024 * 1024  # the largest file there may be, and what goes with it
READ_AWAY: Final = 64 * 1024 * 1024  # so that a browser hears the answer; who sends more does not


class Bounded(FileUploadHandler):
    """No request brings more, whoever sends it: files are read before anybody asks who it is."""

    refused = False
    reset = False

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: Mapping[str, Any],  # noqa: N803 - the name Django calls it by
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.refused = content_length > MOST
        self.reset = content_length > READ_AWAY

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if self.refused:
            raise StopUpload(connection_reset=self.reset)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
