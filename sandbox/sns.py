"""Amazon SNS: a certificate, messages signed with its key, and the address that confirms."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import ClassVar
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sandbox.answers import HttpParty
from sandbox.faults import Fault
from sandbox.inbox import Receipt
from sandbox.settings import HOST

IN_A_NOTE = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
IN_A_QUESTION = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]


class SNS(HttpParty):
    switches: ClassVar = ("sns",)

    def routes(self) -> list[Route]:
        return [
            Route("/sns/SimpleNotificationService-{name}.pem", self.certificate),
            Route("/sns/", self.confirm),
            Route("/sns/sign", self.sign, methods=["POST"]),
        ]

    async def certificate(self, request: Request) -> Response:
        fault = self.world.faults.strike("sns", "certificate")
        failed = await self._suffer(fault, switch="sns", to="certificate")
        return failed or Response(self._certificate.public_bytes(Encoding.PEM))

    async def confirm(self, request: Request) -> Response:
        said = request.query_params
        receipt = Receipt(
            channel="sns", to=said.get("TopicArn", ""), text=f"confirmed {said.get('Token', '')}"
        )
        return await self.take(receipt, switch="sns", answer=lambda _: PlainTextResponse("<ok/>"))

    async def sign(self, request: Request) -> Response:
        """The message of the body as SNS would post it: whole and signed."""
        message = json.dumps(self._signed(json.loads(await request.body())))
        return Response(message, media_type="text/plain")  # as SNS calls it, too

    def refusal(self, fault: Fault, *, switch: str, to: str) -> Response:
        return PlainTextResponse("Service Unavailable", 503)

    def _signed(self, wish: dict[str, str]) -> dict[str, str]:
        here = f"http://{HOST}:{self.world.settings.port}/sns/"
        message = {
            "Type": "Notification", "MessageId": str(uuid4()), "SignatureVersion": "2",
            "Timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "SigningCertURL": f"{here}SimpleNotificationService-0123456789abcdef.pem",
        } | wish  # fmt: skip
        if message["Type"] != "Notification":
            token = uuid4().hex
            query = f"Action=ConfirmSubscription&TopicArn={message['TopicArn']}&Token={token}"
            message = {"Token": token, "SubscribeURL": f"{here}?{query}"} | message
        return message | {"Signature": b64encode(self._signature(message)).decode()}

    def _signature(self, message: dict[str, str]) -> bytes:
        names = IN_A_NOTE if message["Type"] == "Notification" else IN_A_QUESTION
        text = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
        # The first version of its signature is made with SHA-1.
        kind = SHA1() if message["SignatureVersion"] == "1" else SHA256()  # noqa: S303
        return self._key.sign(text.encode(errors="surrogatepass"), padding.PKCS1v15(), kind)

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @cached_property
    def _certificate(self) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.sandbox")])
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(name, name, self._key.public_key(), 1)
        dated = builder.not_valid_before(now).not_valid_after(now + timedelta(days=365))
        return dated.sign(self._key, SHA256())
