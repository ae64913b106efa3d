"""TronZap v1: a signature over the body, prices in TRX, errors as codes with status 200."""

import hmac
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.chain.accounts import SUN
from sandbox.markets.book import Refusal, Sale
from sandbox.markets.desk import Call, Desk, read

SECRET = b"sandbox"
HOUR = 3600
AUTH_ERROR, INVALID_ENERGY, INVALID_DURATION, NOT_FOUND, REFUSED = 1, 11, 12, 20, 6


class TronZap(Desk):
    name = "tronzap"
    price = 38

    def calls(self) -> list[tuple[str, str, Call]]:
        return [
            ("POST", "/v1/balance", self.balance),
            ("POST", "/v1/services", self.services),
            ("POST", "/v1/calculate", self.calculate),
            ("POST", "/v1/transaction/new", self.create),
            ("POST", "/v1/transaction/check", self.check),
        ]

    def allowed(self, request: Request, body: bytes) -> bool:
        given = request.headers.get("X-Signature", "")
        signed = hmac.compare_digest(sha256(body + SECRET).hexdigest(), given)
        return signed and request.headers.get("Authorization", "").startswith("Bearer ")

    def unauthorized(self) -> Response:
        return _ill(AUTH_ERROR, "Invalid token or signature")

    def refused(self, error: Refusal) -> Response:
        return _ill(REFUSED, str(error))

    def balance(self, request: Request, body: bytes) -> Response:
        return _well({"balance": self.book.balance / SUN})

    def services(self, request: Request, body: bytes) -> Response:
        price = round(self.book.unit_price() / 1000, 3)
        offer = {"duration": 1, "min_amount": 60_000, "max_amount": 2_600_000, "price": price}
        return _well({"energy": [offer]})

    def calculate(self, request: Request, body: bytes) -> Response:
        wish = read(body)
        energy = int(wish.get("amount") or wish["energy"])
        price = self.book.cost(energy, HOUR) / SUN
        return _well(
            {"amount": energy, "duration": 1, "price": price, "activation_fee": 0, "total": price}
        )

    def create(self, request: Request, body: bytes) -> Response:
        wish = read(body)
        params = wish["params"]
        energy = int(params["amounts"]["energy"])
        if not 60_000 <= energy <= 2_600_000:
            return _ill(INVALID_ENERGY, "Invalid energy amount")
        if params["duration"] != 1:
            return _ill(INVALID_DURATION, "Invalid duration")
        key = str(wish.get("external_id") or "")
        sale = self.book.sell(str(params["address"]), energy, HOUR, client_id=key)
        return _well(self._told(sale))

    def check(self, request: Request, body: bytes) -> Response:
        wish = read(body)
        found = self.book.sales.get(str(wish.get("id") or ""))
        found = found or self.book.find(str(wish.get("external_id") or ""))
        return _well(self._told(found)) if found else _ill(NOT_FOUND, "Transaction not found")

    @staticmethod
    def _told(sale: Sale) -> dict[str, Any]:
        return {
            "id": sale.id, "external_id": sale.client_id, "service": "energy",
            "status": "success" if sale.claimed else "processing", "amount": sale.asked,
            "total": sale.paid_sun / SUN, "hash": sale.txid, "created_at": int(sale.at),
            "params": {"address": sale.receiver, "duration": 1},
        }  # fmt: skip


def _well(result: Any) -> Response:
    return JSONResponse({"code": 0, "result": result})


def _ill(code: int, message: str) -> Response:
    return JSONResponse({"code": code, "message": message})
