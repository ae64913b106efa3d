"""A bucket of an S3-compatible store: whole objects put and deleted, each request bounded in time and tried once.

Files, however large, go piece by piece and are tried again: nobody waits for them as for a page.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

CONNECT: Final = timedelta(seconds=3)
REQUEST: Final = timedelta(seconds=10)
PIECE: Final = 8 << 20
PIECE_REQUEST: Final = timedelta(seconds=60)
AT_A_TIME: Final = 200  # deletions
PATIENCE_TOLD: Final = re.compile(
    r" in [\d.]+\w+, after \d+ retries, max_retries: \d+, retry_timeout: \w+"
)


class StoreError(Exception):
    """It did not take it; the text says why, without the key."""


@dataclass(frozen=True)
class Address:
    """`https://KEY:SECRET@host/bucket?region=…`; the bucket is the last part of the path."""

    endpoint: str
    bucket: str
    region: str
    key: str
    secret: str

    @classmethod
    def of(cls, url: str) -> "Address":
        """Raises ValueError, which does not tell the secret."""
        parts = urlsplit(url)
        above, _, bucket = parts.path.rstrip("/").rpartition("/")
        if parts.scheme not in {"http", "https"} or not (parts.hostname and bucket):
            raise ValueError("it has to be https://KEY:SECRET@host/bucket?region=…")
        if not (parts.username and parts.password):
            raise ValueError("it names no key and secret")
        host = parts.netloc.rpartition("@")[2]
        region = parse_qs(parts.query).get("region", ["us-east-1"])[0]
        return cls(
            f"{parts.scheme}://{host}{above}", bucket, region,
            unquote(parts.username), unquote(parts.password),
        )  # fmt: skip

    @property
    def name(self) -> str:
        return f"{self.endpoint}/{self.bucket}"


class Bucket:
    def __init__(self, address: Address) -> None:
        self._store = _opened(address, REQUEST, tries=1)
        self._of_files = _opened(address, PIECE_REQUEST, tries=3)

    def put(self, name: str, body: bytes, *, type: str, cache: str) -> None:
        said = {"Content-Type": type, "Cache-Control": cache}
        try:
            obstore.put(self._store, name, body, attributes=said, use_multipart=False)
        except (BaseError, OSError) as error:
            raise StoreError(_first_line(error)) from error

    def delete(self, names: Iterable[str]) -> None:
        several = list(names)
        try:
            for start in range(0, len(several), AT_A_TIME):
                obstore.delete(self._store, several[start : start + AT_A_TIME])
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise StoreError(_first_line(error)) from error

    def put_file(self, name: str, path: Path) -> None:
        try:
            obstore.put(self._of_files, name, path, chunk_size=PIECE, max_concurrency=2)
        except (BaseError, OSError) as error:
            raise StoreError(_first_line(error)) from error

    def fetch(self, name: str, path: Path) -> None:
        """Raises FileNotFoundError where there is no such object."""
        try:
            size = obstore.head(self._of_files, name)["size"]
            with path.open("wb") as file:
                for start in range(0, size, PIECE):
                    end = min(size, start + PIECE)
                    file.write(obstore.get_range(self._of_files, name, start=start, end=end))
        except FileNotFoundError:
            raise
        except (BaseError, OSError) as error:
            raise StoreError(_first_line(error)) from error

    def names(self, beginning: str) -> list[str]:
        try:
            pages = obstore.list(self._of_files)
            found = [str(one["path"]) for page in pages for one in page]
        except (BaseError, OSError) as error:
            raise StoreError(_first_line(error)) from error
        return [name for name in found if name.startswith(beginning)]


def _opened(address: Address, patience: timedelta, *, tries: int) -> S3Store:
    return S3Store(
        address.bucket,
        endpoint=address.endpoint,
        region=address.region,
        access_key_id=address.key,
        secret_access_key=address.secret,
        virtual_hosted_style_request=False,
        client_options={
            "connect_timeout": CONNECT, "timeout": patience,
            "allow_http": address.endpoint.startswith("http:"),
        },
        retry_config={"max_retries": tries - 1, "retry_timeout": patience * tries},
    )  # fmt: skip


def _first_line(error: Exception) -> str:
    """Without how long it took and how often it was tried."""
    return PATIENCE_TOLD.sub("", str(error).partition("\n")[0])[:300]
