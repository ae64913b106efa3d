"""An S3-compatible object store: signatures checked as Amazon documents them (version 4), objects read by anybody.

Written from the description of the protocol, with nothing of the sender's.
"""

import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
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

    @property
    def etag(self) -> str:
        return f'"{hashlib.md5(self.body).hexdigest()}"'  # noqa: S324 - its own


class Store(HttpParty):
    switches: ClassVar = ("store",)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._held: dict[str, Held] = {}  # by bucket/key
        self._parts: dict[str, dict[int, bytes]] = {}  # by upload

    def routes(self) -> list[Route]:
        return [
            Route("/store/{bucket}/{key:path}", self.read, methods=["GET"]),
            Route("/store/{bucket}/{key:path}", self.write, methods=["PUT", "DELETE"]),
            Route("/store/{bucket}/{key:path}", self.gather, methods=["POST"]),
            Route("/store/{bucket}", self.clear, methods=["POST"]),
            Route("/store/{bucket}", self.list, methods=["GET"]),
        ]

    async def read(self, request: Request) -> Response:
        held = self._held.get(_name(request))
        if held is None:
            return _error(404, "NoSuchKey")
        headers = {
            "Content-Type": held.type, "Cache-Control": held.cache, "ETag": held.etag,
            "Last-Modified": format_datetime(datetime.now(UTC), usegmt=True),
        }  # fmt: skip
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("range", ""))
        if not wanted:
            return Response(held.body, headers=headers)
        first, last = int(wanted[1]), min(int(wanted[2]), len(held.body) - 1)
        headers["Content-Range"] = f"bytes {first}-{last}/{len(held.body)}"
        return Response(held.body[first : last + 1], 206, headers=headers)

    async def list(self, request: Request) -> Response:
        """`?list-type=2`, all at once."""
        if wrong := _wrong(request, await request.body()):
            return _error(403, wrong)
        bucket = f"{request.path_params['bucket']}/"
        beginning = f"{bucket}{request.query_params.get('prefix', '')}"
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        found = "".join(
            f"<Contents><Key>{escape(name.removeprefix(bucket))}</Key><Size>{len(held.body)}</Size>"
            f"<LastModified>{now}</LastModified><ETag>{escape(held.etag)}</ETag></Contents>"
            for name, held in sorted(self._held.items())
            if name.startswith(beginning)
        )
        return _xml("ListBucketResult", f"<IsTruncated>false</IsTruncated>{found}")

    async def write(self, request: Request) -> Response:
        body = await request.body()
        if wrong := _wrong(request, body):
            return _error(403, wrong)
        heads, key = request.headers, request.path_params["key"]
        receipt = Receipt(channel="store", to=key, text=request.method)
        held = Held(body, heads.get("content-type", ""), heads.get("cache-control", ""))

        def done(_: Receipt) -> Response:
            upload = request.query_params.get("uploadId")
            if request.method == "DELETE":
                (self._parts if upload else self._held).pop(upload or _name(request), None)
                return Response(status_code=204)
            if upload:
                self._parts[upload][int(request.query_params["partNumber"])] = body
            else:
                self._held[_name(request)] = held
            return Response(headers={"ETag": held.etag})

        return await self.take(receipt, switch="store", answer=done)

    async def gather(self, request: Request) -> Response:
        """An upload in parts: `?uploads` begins it, `?uploadId` makes one object of what came."""
        if wrong := _wrong(request, await request.body()):
            return _error(403, wrong)
        key, upload = request.path_params["key"], request.query_params.get("uploadId")
        if not upload:
            upload = uuid.uuid4().hex
            self._parts[upload] = {}
            return _xml("InitiateMultipartUploadResult", f"<UploadId>{upload}</UploadId>")
        parts = self._parts.pop(upload)
        held = Held(b"".join(part for _number, part in sorted(parts.items())), "", "")
        self._held[_name(request)] = held
        self.world.inbox.record(Receipt(channel="store", to=key, text="PUT"))
        return _xml("CompleteMultipartUploadResult", f"<ETag>{escape(held.etag)}</ETag>")

    async def clear(self, request: Request) -> Response:
        """`?delete` with a list of keys."""
        body = await request.body()
        if wrong := _wrong(request, body):
            return _error(403, wrong)
        keys = [unquote(key) for key in re.findall(r"<Key>(.*?)</Key>", body.decode())]
        for key in keys:
            self._held.pop(f"{request.path_params['bucket']}/{key}", None)
            self.world.inbox.record(Receipt(channel="store", to=key, text="DELETE"))
        found = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        return _xml("DeleteResult", found)

    def refusal(self, fault: Fault, *, switch: str, to: str) -> Response:
        if fault.mode == Mode.RATELIMIT:
            return _error(503, "SlowDown")
        return _error(403 if fault.mode == Mode.REJECT else 500, "AccessDenied")


def _name(request: Request) -> str:
    return f"{request.path_params['bucket']}/{request.path_params['key']}"


def _xml(name: str, inside: str) -> Response:
    xmlns = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
    return Response(f"<{name} {xmlns}>{inside}</{name}>", media_type="application/xml")


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
