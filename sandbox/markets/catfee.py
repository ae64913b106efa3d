"""CatFee v1: headers signed within five seconds, one order for one key of the client's."""

import hmac
import time
from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.markets.book import Refusal, Sale
from sandbox.markets.desk import Call, Desk

SECRET = b"sandbox"
SKEW = 5
LEAST = 65_000
HOUR = 3600


class CatFee(Desk):
    name = "catfee"
    price = 55

    def calls(self) -> list[tuple[str, str, Call]]:
        return [
            ("GET", "/v1/account", self.account),
            ("GET", "/v1/estimate", self.estimate),
            ("POST", "/v1/order", self.create),
            ("GET", "/v1/order/{id}", self.order),
        ]

    def allowed(self, request: Request, body: bytes) -> bool:
        said = request.headers
        try:
            at = datetime.fromisoformat(said["CF-ACCESS-TIMESTAMP"]).timestamp()
            words = f"{said['CF-ACCESS-TIMESTAMP']}{request.method}{self.path(request)}"
            digest = hmac.new(SECRET, words.encode(), sha256).digest()
            signed = hmac.compare_digest(b64encode(digest).decode(), said["CF-ACCESS-SIGN"])
        except (KeyError, ValueError):
            return False
        return signed and abs(time.time() - at) < SKEW and bool(said.get("CF-ACCESS-KEY"))

    def unauthorized(self) -> Response:
        said = {"code": 401, "msg": "Unauthorized", "sub_code": "", "sub_msg": "Invalid signature"}
        return JSONResponse(said, status_code=401)

    def refused(self, error: Refusal) -> Response:
        return JSONResponse({"code": 1, "msg": "fail", "sub_code": "", "sub_msg": str(error)})

    def account(self, request: Request, body: bytes) -> Response:
        return _well({"id": "sandbox", "balance": self.book.balance})

    def estimate(self, request: Request, body: bytes) -> Response:
        quantity = self._quantity(request)
        return _well(
            {"quantity": quantity, "duration": 60, "pay_amount_sun": self.book.cost(quantity, HOUR)}
        )

    def create(self, request: Request, body: bytes) -> Response:
        wish = request.query_params
        key = wish.get("client_order_id", "")
        if earlier := self.book.find(key):
            return _well(self._told(earlier))
        quantity = self._quantity(request)
        return _well(self._told(self.book.sell(wish["receiver"], quantity, HOUR, client_id=key)))

    def order(self, request: Request, body: bytes) -> Response:
        sale = self.book.sales.get(request.path_params["id"])
        if sale is None:
            raise Refusal("order not found")
        return _well(self._told(sale))

    @staticmethod
    def _quantity(request: Request) -> int:
        quantity = int(request.query_params["quantity"])
        if quantity < LEAST or request.query_params.get("duration") != "1h":
            raise Refusal("quantity must be >= 65000, duration 1h")
        return quantity

    def _told(self, sale: Sale) -> dict[str, Any]:
        at, ends = int(sale.at * 1000), int(sale.ends * 1000)
        return {
            "id": sale.id, "client_order_id": sale.client_id, "resource_type": "ENERGY",
            "source_type": "API", "pay_timestamp": at, "receiver": sale.receiver,
            "delegate_hash": sale.txid, "delegate_timestamp": at, "reclaim_hash": None,
            "reclaim_timestamp": 0, "pay_amount_sun": sale.paid_sun, "activate_amount_sun": 0,
            "quantity": sale.asked, "staked_sun": 0, "duration": 60, "expired_timestamp": ends,
            "status": "DELEGATE_SUCCESS" if sale.claimed else "PAYMENT_SUCCESS",
            "activate_status": "ALREADY_ACTIVATED",
            "confirm_status": "DELEGATION_CONFIRMED" if sale.claimed else "UNCONFIRMED",
            "balance": self.book.balance,
        }  # fmt: skip


def _well(data: Any) -> Response:
    return JSONResponse({"code": 0, "msg": "success", "data": data})
