"""An S3-compatible object store: signatures checked as Amazon documents them (version 4), objects read by anybody.

Written from the description of the protocol, with nothing of the sender's.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from urllib.parse import parse_qsl, quote, unquote
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sandbox.answers import HttpParty
from sandbox.faults import Fault, Mode
from sandbox.inbox import Receipt
from sandbox.world import World

KEY, SECRET = "sandbox-store", "sandbox-store-secret"
CREDENTIAL = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(\S+?)/(\d{8})/(\S+?)/s3/aws4_request, ?"
    r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})"
)
LATE = timedelta(minutes=15)
SIGNED = {"host", "x-amz-date", "x-amz-content-sha256"}


@dataclass
class Held:
    body: bytes
    type: str
    cache: str


class Store(HttpParty):
    switches: ClassVar = ("store",)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._held: dict[str, Held] = {}

    def routes(self) -> list[Route]:
        return [
            Route("/store/{bucket}/{key:path}", self.read, methods=["GET"]),
            Route("/store/{bucket}/{key:path}", self.write, methods=["PUT", "DELETE"]),
            Route("/store/{bucket}", self.clear, methods=["POST"]),
        ]

    async def read(self, request: Request) -> Response:
        held = self._held.get(request.path_params["key"])
        if held is None:
            return _error(404, "NoSuchKey")
        headers = {"Content-Type": held.type, "Cache-Control": held.cache}
        return Response(held.body, headers=headers)

    async def write(self, request: Request) -> Response:
        key, body = request.path_params["key"], await request.body()
        if wrong := _wrong(request, body):
            return _error(403, wrong)
        heads = request.headers
        receipt = Receipt(channel="store", to=key, text=request.method)

        def done(_: Receipt) -> Response:
            if request.method == "DELETE":
                self._held.pop(key, None)
                return Response(status_code=204)
            self._held[key] = Held(
                body, heads.get("content-type", ""), heads.get("cache-control", "")
            )
            return Response(headers={"ETag": f'"{hashlib.md5(body).hexdigest()}"'})  # noqa: S324 - its own

        return await self.take(receipt, switch="store", answer=done)

    async def clear(self, request: Request) -> Response:
        """`?delete` with a list of keys."""
        body = await request.body()
        if wrong := _wrong(request, body):
            return _error(403, wrong)
        keys = [unquote(key) for key in re.findall(r"<Key>(.*?)</Key>", body.decode())]
        for key in keys:
            self._held.pop(key, None)
            self.world.inbox.record(Receipt(channel="store", to=key, text="DELETE"))
        found = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        xmlns = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
        return Response(
            f"<DeleteResult {xmlns}>{found}</DeleteResult>", media_type="application/xml"
        )

    def refusal(self, fault: Fault, *, switch: str, to: str) -> Response:
        if fault.mode == Mode.RATELIMIT:
            return _error(503, "SlowDown")
        return _error(403 if fault.mode == Mode.REJECT else 500, "AccessDenied")


def _error(status: int, code: str) -> Response:
    return PlainTextResponse(f"<Error><Code>{code}</Code></Error>", status)


def _wrong(request: Request, body: bytes) -> str:
    """Why the signature does not stand for this request; nothing if it does."""
    found = CREDENTIAL.fullmatch(request.headers.get("authorization", ""))
    if not found:
        return "AccessDenied"
    key, day, region, names, signature = found.groups()
    stamp = request.headers.get("x-amz-date", "")
    if key != KEY or not stamp.startswith(day) or not set(names.split(";")) >= SIGNED:
        return "InvalidAccessKeyId"
    if abs(datetime.now(UTC) - datetime.strptime(stamp, "%Y%m%dT%H%M%S%z")) > LATE:
        return "RequestTimeTooSkewed"
    if request.headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
        return "XAmzContentSHA256Mismatch"
    expected = _signature(_canonical(request, names), stamp, f"{day}/{region}/s3/aws4_request")
    return "" if hmac.compare_digest(expected, signature) else "SignatureDoesNotMatch"


def _canonical(request: Request, names: str) -> str:
    asked = sorted(parse_qsl(request.url.query, keep_blank_values=True))
    query = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in asked)
    headers = "".join(
        f"{name}:{' '.join(request.headers[name].split())}\n" for name in names.split(";")
    )
    path = quote(unquote(request.scope["raw_path"].decode()), safe="/-_.~")
    sha = request.headers["x-amz-content-sha256"]
    return "\n".join([request.method, path, query, headers, names, sha])


def _signature(canonical: str, stamp: str, scope: str) -> str:
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = f"AWS4{SECRET}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(
        key, f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}".encode(), "sha256"
    ).hexdigest()
