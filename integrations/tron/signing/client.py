import json
import socket
from typing import Any, Final

from django.conf import settings

from integrations.tron.errors import SignerRefused, SignerUnreachable
from integrations.tron.transactions import Signed, Unsigned

SECONDS: Final = 5.0
ANSWER_LIMIT: Final = 4096


def sign(unsigned: Unsigned) -> Signed:
    """By the signer process. The same transaction may be brought again: it is counted once.

    Raises SignerRefused, or SignerUnreachable when there may or may not have been a signature.
    """
    asked = json.dumps({"txid": unsigned.txid, "raw_data": unsigned.raw_data})
    answer = _ask(asked.encode() + b"\n")
    if "refused" in answer:
        raise SignerRefused(str(answer["refused"]))
    if answer.get("txid") != unsigned.txid:
        raise SignerRefused("the signer answered about another transaction")
    try:
        return Signed(unsigned, str(answer.get("signature")))
    except ValueError as error:
        raise SignerRefused(str(error)) from error


def ask_the_signer_how_it_is() -> None:
    """Returns when it would sign. Raises SignerRefused with why it does not, or SignerUnreachable."""
    answer = _ask(b'"how"\n')
    if answer.get("ready") != "yes":
        raise SignerRefused(str(answer.get("refused")))


def _ask(question: bytes) -> dict[str, Any]:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(SECONDS)
            line.connect(str(settings.TRON_SIGNER_SOCKET))
            line.sendall(question)
            answer = json.loads(_heard(line))
    except (OSError, ValueError) as error:
        raise SignerUnreachable(f"the signer: {error}") from error
    if not isinstance(answer, dict):
        raise SignerUnreachable("the signer: no answer")
    return answer


def _heard(line: socket.socket) -> bytes:
    heard = b""
    while b"\n" not in heard and len(heard) < ANSWER_LIMIT:
        part = line.recv(ANSWER_LIMIT)
        if not part:
            break
        heard += part
    return heard
