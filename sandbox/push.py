"""A push service and the browsers behind it: whose signature is it, and what does the browser read?

Written from RFC 8030, 8188, 8291 and 8292 for the receiving side, with nothing of the sender's.
"""

import base64
import json
import time
from dataclasses import dataclass
from secrets import token_bytes, token_hex
from typing import Any, ClassVar

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.answers import HttpParty
from sandbox.faults import Fault, Mode
from sandbox.inbox import Receipt
from sandbox.settings import HOST
from sandbox.wire import wish
from sandbox.world import World

LARGEST = 4096
A_DAY = 86_400


@dataclass
class Browser:
    key: ec.EllipticCurvePrivateKey
    auth: bytes
    server: str  # whose messages it takes


class Push(HttpParty):
    switches: ClassVar = ("push",)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._browsers: dict[str, Browser] = {}

    def routes(self) -> list[Route]:
        return [
            Route("/push/browsers", self.subscribe, methods=["POST"]),
            Route("/push/send/{name}", self.take_in, methods=["POST"]),
        ]

    async def subscribe(self, request: Request) -> Response:
        """{"applicationServerKey": "B…"}: what `pushManager.subscribe` gives in a new browser."""
        given, name = await wish(request), token_hex(12)
        browser = Browser(
            ec.generate_private_key(ec.SECP256R1()),
            token_bytes(16),
            given.get("applicationServerKey", ""),
        )
        self._browsers[name] = browser
        keys = {"p256dh": encode(_point(browser.key)), "auth": encode(browser.auth)}
        endpoint = f"{self._here}/push/send/{name}"
        return JSONResponse({"endpoint": endpoint, "expirationTime": None, "keys": keys})

    async def take_in(self, request: Request) -> Response:
        name, body = request.path_params["name"], await request.body()
        browser = self._browsers.get(name)
        if browser is None:
            raise HTTPException(404, "no such subscription")
        self._check(request, body, browser)
        said = json.loads(decrypted(body, browser.key, browser.auth))
        receipt = Receipt(
            channel="push",
            to=name,
            subject=str(said.get("title", "")),
            text=str(said.get("body", "")),
            headers=dict(request.headers),
            details=said,
        )
        return await self.take(receipt, switch="push", answer=_created)

    def refusal(self, fault: Fault, *, switch: str, to: str) -> Response:
        match fault.mode:
            case Mode.REJECT:
                return PlainTextResponse("subscription expired", 410)
            case Mode.RATELIMIT:
                wait = {"Retry-After": str(fault.retry_after)}
                return PlainTextResponse("too many", 429, headers=wait)
        return PlainTextResponse("internal error", 500)

    def _check(self, request: Request, body: bytes, browser: Browser) -> None:
        if not request.headers.get("ttl", "").isdecimal():
            raise HTTPException(400, "TTL is missing")
        if request.headers.get("content-encoding") != "aes128gcm":
            raise HTTPException(415, "not aes128gcm")
        if len(body) > LARGEST:
            raise HTTPException(413, "too large")
        server = signed_by(request.headers.get("authorization", ""), audience=self._here)
        if browser.server and server != browser.server:
            raise HTTPException(403, "the browser takes messages of another server")

    @property
    def _here(self) -> str:
        return f"http://{HOST}:{self.world.settings.port}"


def signed_by(authorization: str, *, audience: str) -> str:
    """The public key that really signed it (RFC 8292)."""
    scheme, _, rest = authorization.partition(" ")
    given = dict(each.strip().split("=", 1) for each in rest.split(",") if "=" in each)
    try:
        head, claims, signature = given["t"].split(".")
        raw = decode(signature)
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(given["k"]))
        both = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        point.verify(both, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
        said = json.loads(decode(claims))
    except (KeyError, ValueError, InvalidSignature) as error:
        raise HTTPException(401, f"not signed: {error!r}") from error
    well = (
        scheme.lower() == "vapid"
        and said.get("aud") == audience
        and 0 < said.get("exp", 0) - time.time() <= A_DAY
        and str(said.get("sub", "")).startswith(("mailto:", "https:"))
    )
    if not well:
        raise HTTPException(403, f"not for us, or not now: {said}")
    return given["k"]


def decrypted(body: bytes, key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """As a browser does it; one record (RFC 8188, RFC 8291)."""
    salt, length = body[:16], body[20]
    sender, sealed = body[21 : 21 + length], body[21 + length :]
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
    info = b"WebPush: info\x00" + _point(key) + sender
    secret = _hkdf(key.exchange(ec.ECDH(), theirs), auth, info, 32)
    content_key = _hkdf(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _hkdf(secret, salt, b"Content-Encoding: nonce\x00", 12)
    try:
        padded = AESGCM(content_key).decrypt(nonce, sealed, None)
    except InvalidTag as error:
        raise HTTPException(400, "cannot be decrypted") from error
    content, mark, _padding = padded.rpartition(b"\x02")
    if not mark:
        raise HTTPException(400, "no last record")
    return content


def encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def _created(receipt: Receipt) -> Response:
    place: dict[str, Any] = {"Location": f"/push/messages/{receipt.id}"}
    return Response(status_code=201, headers=place)
