"""A bucket of an S3-compatible store: whole objects put and deleted, each request bounded in time and tried once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

CONNECT: Final = timedelta(seconds=3)
REQUEST: Final = timedelta(seconds=10)
AT_A_TIME: Final = 200  # deletions


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
        self._store = S3Store(
            address.bucket,
            endpoint=address.endpoint,
            region=address.region,
            access_key_id=address.key,
            secret_access_key=address.secret,
            virtual_hosted_style_request=False,
            client_options={
                "connect_timeout": CONNECT, "timeout": REQUEST,
                "allow_http": address.endpoint.startswith("http:"),
            },
            retry_config={"max_retries": 0, "retry_timeout": REQUEST},
        )  # fmt: skip

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


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:300]
