"""A load balancer behind a small HTTP contract, for whatever has no adapter of its own.

GET  ADDRESS/BACKEND/MEMBER  →  200 {"state": "ready" | "drain" | "maint", "up": true, "sessions": 3}, or 404
POST ADDRESS/BACKEND/MEMBER     {"state": "drain"}  →  200 to 299
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from integrations import http
from integrations.balancers import PATIENCE, Balancer, Fault, Member, known, plain


@dataclass(frozen=True)
class HttpBalancer(Balancer):
    address: str  # such as https://balancer.internal/pools
    backend: str

    def members(self, names: Sequence[str]) -> dict[str, Member]:
        found = (self._member(name) for name in names)
        return {member.name: member for member in found if member is not None}

    def put(self, name: str, state: str) -> None:
        self._answer("POST", name, json.dumps({"state": known(state)}).encode())

    def told(self, name: str, state: str) -> str:
        return f"POST {self._url(name)} {json.dumps({'state': known(state)})}"

    def _member(self, name: str) -> Member | None:
        answer = self._answer("GET", name)
        if answer is None:
            return None
        try:
            said = json.loads(answer.body)
            return Member(
                name,
                known(str(said["state"])),
                up=said["up"] is True,
                sessions=int(said["sessions"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise Fault(f"{self._url(name)}: the answer is not understood") from error

    def _answer(self, method: str, name: str, body: bytes = b"") -> http.Answer | None:
        headers = {"Content-Type": "application/json"} if body else {}
        try:
            answer = http.call(
                method, self._url(name), headers=headers, body=body, seconds=PATIENCE, trusted=True
            )
        except http.Forbidden as error:
            raise Fault(str(error), permanent=True) from error
        except http.Unreachable as error:
            raise Fault(f"{self._url(name)}: {error}") from error
        if answer.status == 404 and method == "GET":
            return None
        if not answer.ok:
            refused = 400 <= answer.status < 500
            raise Fault(f"{self._url(name)}: HTTP {answer.status}", permanent=refused)
        return answer

    def _url(self, name: str) -> str:
        return f"{self.address.rstrip('/')}/{plain(self.backend)}/{plain(name)}"
