"""TronSave v2, as its documentation and its Python client have it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.chain import addresses, cast
from sandbox.markets.book import Refusal, Sale
from sandbox.markets.desk import Call, Desk, read

LEAST = 32_000


class TronSave(Desk):
    name = "tronsave"
    price = 60

    def calls(self) -> list[tuple[str, str, Call]]:
        return [
            ("GET", "/v2/user-info", self.user_info),
            ("POST", "/v2/estimate-buy-resource", self.estimate),
            ("POST", "/v2/buy-resource", self.buy),
            ("GET", "/v2/order/{id}", self.order),
            ("GET", "/v2/orders", self.orders),
        ]

    def allowed(self, request: Request, body: bytes) -> bool:
        return bool(request.headers.get("apikey"))

    def unauthorized(self) -> Response:
        said = {"error": True, "message": "API_KEY_REQUIRED", "data": None}
        return JSONResponse(said, status_code=401)

    def refused(self, error: Refusal) -> Response:
        return JSONResponse({"error": True, "message": str(error), "data": None}, status_code=400)

    def user_info(self, request: Request, body: bytes) -> Response:
        deposit = addresses.shown(cast.address(cast.MARKET))
        return _well(
            {"id": "sandbox", "balance": str(self.book.balance), "representAddress": deposit,
             "depositAddress": deposit}
        )  # fmt: skip

    def estimate(self, request: Request, body: bytes) -> Response:
        wish = read(body)
        energy, seconds = int(wish["resourceAmount"]), int(wish.get("durationSec") or 259_200)
        return _well(
            {"unitPrice": self.book.unit_price(), "durationSec": seconds,
             "estimateTrx": self.book.cost(energy, seconds),
             "availableResource": self.book.spare()}
        )  # fmt: skip

    def buy(self, request: Request, body: bytes) -> Response:
        wish = read(body)
        options = wish.get("options") or {}
        energy, seconds = int(wish["resourceAmount"]), int(wish.get("durationSec") or 259_200)
        if wish.get("resourceType") != "ENERGY" or energy < LEAST:
            raise Refusal("INVALID_PARAMS")
        most = options.get("maxPriceAccepted")
        if most is not None and self.book.unit_price() > int(most):
            raise Refusal("PRICE_EXCEED_MAX_PRICE_ACCEPTED")
        if options.get("preventDuplicateIncompleteOrders") and self._unfilled(wish):
            raise Refusal("ORDER_ALREADY_EXISTS")
        return _well({"orderId": self.book.sell(str(wish["receiver"]), energy, seconds).id})

    def order(self, request: Request, body: bytes) -> Response:
        sale = self.book.sales.get(request.path_params["id"])
        if sale is None:
            said = {"error": True, "message": "ORDER_NOT_FOUND", "data": None}
            return JSONResponse(said, status_code=404)
        return _well(self._told(sale))

    def orders(self, request: Request, body: bytes) -> Response:
        page = int(request.query_params.get("page") or 0)
        size = int(request.query_params.get("pageSize") or 10)
        newest = list(self.book.sales.values())[::-1]
        listed = newest[page * size : (page + 1) * size]
        return _well({"total": len(newest), "data": [self._told(sale) for sale in listed]})

    def _unfilled(self, wish: dict[str, Any]) -> bool:
        return any(
            sale.receiver == wish["receiver"] and not sale.claimed
            for sale in self.book.sales.values()
        )

    def _told(self, sale: Sale) -> dict[str, Any]:
        owner = addresses.shown(cast.address(cast.MARKET))
        filled = sale.asked if sale.claimed else sale.delivered
        delegate = {"delegator": owner, "amount": filled, "txid": sale.txid}
        return {
            "id": sale.id, "requester": owner, "receiver": sale.receiver,
            "resourceAmount": sale.asked, "resourceType": "ENERGY",
            "remainAmount": sale.asked - filled, "orderType": "NORMAL", "price": self.price,
            "durationSec": sale.seconds, "allowPartialFill": True, "payoutAmount": sale.paid_sun,
            "fulfilledPercent": filled * 100 // sale.asked,
            "delegates": [delegate] if sale.txid else [],
        }  # fmt: skip


def _well(data: Any) -> Response:
    return JSONResponse({"error": False, "message": "Success", "data": data})
