"""The way to a node's HTTP API: bounded, patient, and never mistaking an error for an answer."""

import json
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from integrations import http
from integrations.tron.errors import NodeLimited, NodeNonsense, NodeUnreachable

LIMIT: Final = 8 * 1024 * 1024  # bytes; a full block is two million, and its JSON more
LIMITED: Final = {403, 429, 503}  # TronGrid says all three to those who ask too often
PAUSE: Final = 0.3
LONGEST_PAUSE: Final = 2  # seconds; who is told to wait longer tells the caller
TRIES: Final = 3
ONCE: Final = {"wallet/broadcasttransaction"}  # only who knows the row behind it may send again


class Provider:
    def __init__(self, url: str, *, api_key: str, seconds: float) -> None:
        if "trongrid" in urlsplit(url).netloc and not api_key:
            raise ValueError("TronGrid needs a key of your own: set TRON_API_KEY")
        self._url = f"{url.rstrip('/')}/"
        self._seconds = seconds
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if api_key:
            self._headers["TRON-PRO-API-KEY"] = api_key

    def __repr__(self) -> str:
        return f"<node at {urlsplit(self._url).hostname}>"  # the path may hold a token

    def ask(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Raises a NodeError; what comes back is an object that is no error."""
        tries = 1 if method in ONCE else TRIES
        for left in reversed(range(tries)):
            try:
                return self._ask_once(method, params)
            except (NodeLimited, NodeUnreachable) as error:
                pause = error.retry_after if isinstance(error, NodeLimited) else PAUSE
                if not left or pause > LONGEST_PAUSE:
                    raise
                time.sleep(pause)
        raise AssertionError("the last try answers or raises")

    def _ask_once(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        try:
            answer = http.call(
                "POST",
                self._url + method,
                headers=self._headers,
                body=json.dumps(params).encode(),
                seconds=self._seconds,
                trusted=True,
                limit=LIMIT,
            )
        except http.Unreachable as error:
            raise NodeUnreachable(f"{method}: {error}", maybe_arrived=error.maybe_arrived) from None
        except http.Forbidden as error:
            raise NodeNonsense(f"{method}: {error}") from None
        if answer.status in LIMITED:
            text = f"{method}: the node answers {answer.status}"
            raise NodeLimited(text, retry_after=_patience(answer))
        if answer.status >= 500:
            text = f"{method}: the node answers {answer.status}"
            raise NodeUnreachable(text, maybe_arrived=True)
        if answer.status != 200 or len(answer.body) >= LIMIT:
            raise NodeNonsense(f"{method}: the node answers {answer.status}")
        return _object(method, answer.body)


def _patience(answer: http.Answer) -> int:
    """Without a word of the node's: its refusals of 403 hold for thirty seconds, the others for one."""
    return answer.retry_after or (30 if answer.status == 403 else 1)


def _object(method: str, body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise NodeNonsense(f"{method}: no JSON") from error
    if not isinstance(answer, dict):
        raise NodeNonsense(f"{method}: no object")
    if "Error" in answer:
        raise NodeNonsense(f"{method}: {str(answer['Error'])[:200]}")
    return answer
