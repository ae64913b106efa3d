"""The one door for HTTP to the outside: guarded against inside addresses, bounded in time and size."""

import ipaddress
import re
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import httpcore2
from django.conf import settings
from httpcore2 import SOCKET_OPTION, NetworkBackend, NetworkStream, SyncBackend

from integrations.names import addresses_of

BODY_LIMIT: Final = 64 * 1024  # bytes of an answer that are read; nobody needs more
NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
PUBLIC_V6: Final = ipaddress.ip_network("2000::/3")  # all that is handed out to anybody
NOWHERE: Final = [
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24",  # Oracle's clouds tell their secrets at 192.0.0.192; older Pythons call most of it global
        "192.88.99.0/24",  # relays of 6to4 that are gone
        "168.63.129.16/32",  # each machine's own host in Azure, though the number is a public one
        "3fff::/20",  # for documents
    )
]
WEB_ADDRESS: Final = re.compile(r"https?://(?![/?#])[!-~]+", re.IGNORECASE)

IP = ipaddress.IPv4Address | ipaddress.IPv6Address


class Forbidden(Exception):
    """The address leads inside our own network, or nowhere that HTTP is spoken."""


class Unreachable(Exception):
    """No answer. `maybe_arrived`: the request had left before it failed."""

    def __init__(self, text: str, *, maybe_arrived: bool) -> None:
        super().__init__(text)
        self.maybe_arrived = maybe_arrived


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes  # at most as many bytes as were asked for
    certificate: bytes = b""  # of the server, as DER; empty where nothing is encrypted

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def retry_after(self) -> int | None:
        """Seconds to wait, where the server says so in numbers."""
        text = self.headers.get("retry-after", "")
        return min(int(text), 300) if text.isascii() and text.isdigit() else None


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    seconds: float = 5.0,
    trusted: bool = False,
    limit: int = BODY_LIMIT,
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """One request: no redirect, no proxy, no decompression, done within `seconds` in all.

    `trusted` is for addresses from the settings; whatever a person can type goes through the guard.
    Raises Forbidden or Unreachable.
    """
    if not WEB_ADDRESS.fullmatch(url):
        raise Forbidden("not a web address: http or https, a host, plain letters only")
    backend = _Deadline(time.monotonic() + seconds, guarded=not trusted)
    sent = [("User-Agent", "Bongsu/1"), *(headers or {}).items()]
    try:
        with (
            httpcore2.ConnectionPool(ssl_context=tls or _tls(), network_backend=backend) as pool,
            pool.stream(method, url, headers=sent, content=body) as response,
        ):
            return _answer(response, limit)
    except (httpcore2.UnsupportedProtocol, httpcore2.LocalProtocolError, ValueError) as error:
        raise Forbidden(f"not a web address: {error}") from error
    except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        text = str(error) or type(error).__name__
        raise Unreachable(text, maybe_arrived=backend.written) from error


def _answer(response: httpcore2.Response, limit: int) -> Answer:
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in response.headers}
    body = _read(response.iter_stream(), limit)
    return Answer(response.status, headers, body, _certificate(response))


def _read(chunks: Iterable[bytes], limit: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) >= limit:
            break
    return bytes(body[:limit])


def _certificate(response: httpcore2.Response) -> bytes:
    stream = response.extensions.get("network_stream")
    encrypted = stream.get_extra_info("ssl_object") if stream else None
    return (encrypted.getpeercert(True) or b"") if encrypted else b""


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Deadline(NetworkBackend):
    """Resolves a name once, refuses it if any address is inside, connects to those that it checked.

    Every read and write gets what is left of the one deadline: a server that drips a byte a second
    would otherwise hold the caller for as long as it likes.
    """

    def __init__(self, until: float, *, guarded: bool) -> None:
        self.until, self.guarded, self.written = until, guarded, False
        self._real = SyncBackend()

    def left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("no answer in time")
        return left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        fault: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in self._addresses(host, port):
            try:
                stream = self._real.connect_tcp(
                    address, port, self.left(), local_address, socket_options or []
                )
                return _DeadlineStream(stream, self)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                fault = error
        raise fault

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = addresses_of(host, seconds=self.left())
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout(f"{host}: the name was not found in time") from error
        except OSError as error:
            raise httpcore2.ConnectError(f"{host}: {error.strerror or error}") from error
        if self.guarded and f"{host}:{port}" not in settings.OUTBOUND_ALLOW:
            for address in found:
                refuse_inside(address)
        return found


class _DeadlineStream(NetworkStream):
    def __init__(self, stream: NetworkStream, deadline: _Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._deadline.written = True
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _DeadlineStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def refuse_inside(address: str) -> None:
    """Raise Forbidden for every address that is not plainly on the public internet."""
    ip = _meant(ipaddress.ip_address(address.split("%", maxsplit=1)[0]))
    somewhere = ip.version == 4 or ip in PUBLIC_V6
    if not (somewhere and ip.is_global) or ip.is_multicast or any(ip in one for one in NOWHERE):
        raise Forbidden(f"{address} is inside our own network")


def _meant(ip: IP) -> IP:
    """The IPv4 address that an IPv6 one leads to, where it does."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip
