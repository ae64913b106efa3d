"""TronSave v2: an order book for any time, with a guard for the price but no key of ours."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from energy.domain.market import (
    Idempotency,
    Order,
    OrderRef,
    OrderState,
    Quote,
    Rejected,
    check_price,
    check_request,
)
from energy.exchange import Call, ask, part, text, whole
from energy.registry import providers

FRESH = timedelta(seconds=10)  # its prices move every three seconds or so
SKEW = timedelta(
    seconds=60
)  # between its clock and ours: rather find an order too many than buy two
PAGE = 50


@providers.register("tronsave")
class TronSave:
    name = "tronsave"
    min_energy = 64_001
    max_energy = 100_000_000
    durations: tuple[int, ...] | None = None
    idempotency: Idempotency = "lookup"

    @property
    def configured(self) -> bool:
        return bool(settings.TRONSAVE_URL and settings.TRONSAVE_API_KEY)

    def balance(self) -> int:
        data, call = self._ask("GET", "/v2/user-info")
        return whole(data, "balance", call)

    def quote(self, receiver: str, energy: int, seconds: int) -> Quote:
        check_request(self, energy, seconds)
        wish = self._wish(receiver, energy, seconds) | {"unitPrice": "MEDIUM"}
        data, call = self._ask("POST", "/v2/estimate-buy-resource", wish)
        return Quote(
            self.name,
            receiver,
            energy,
            seconds,
            total_sun=whole(data, "estimateTrx", call),
            sun_per_energy=whole(data, "unitPrice", call),
            available=whole(data, "availableResource", call),
            expires_at=timezone.now() + FRESH,
        )

    def buy(self, quote: Quote, client_order_id: str, max_total_sun: int) -> OrderRef:
        check_price(quote, max_total_sun)
        wish = self._wish(quote.receiver, quote.energy, quote.seconds) | {
            "unitPrice": quote.sun_per_energy,
            "options": {
                "allowPartialFill": True,
                "onlyCreateWhenFulfilled": False,
                "preventDuplicateIncompleteOrders": True,
                "maxPriceAccepted": quote.sun_per_energy,
            },
        }
        data, call = self._ask("POST", "/v2/buy-resource", wish, spends=True)
        return OrderRef(self.name, text(data, "orderId", call), client_order_id)

    def find(self, client_order_id: str, *, quote: Quote, since: datetime) -> OrderRef | None:
        """By what was bought, for whom and when: it stores nothing of ours to look for."""
        data, call = self._ask("GET", f"/v2/orders?page=0&pageSize={PAGE}", looks=True)
        listed = data.get("data")
        if not isinstance(listed, list):
            raise call.unsure("the list of orders is missing")
        for order in listed:
            if _is(order, quote) and _made(str(order.get("id"))) >= since - SKEW:
                return OrderRef(self.name, str(order["id"]), client_order_id)
        return None

    def status(self, ref: OrderRef) -> Order:
        data, call = self._ask("GET", f"/v2/order/{ref.order_id}", looks=True)
        asked, left = whole(data, "resourceAmount", call), whole(data, "remainAmount", call)
        delegates = data.get("delegates") or []
        txids = tuple(str(one["txid"]) for one in delegates if one.get("txid"))
        paid = whole(data, "payoutAmount", call)
        made = _made(ref.order_id)
        ends = made + timedelta(seconds=whole(data, "durationSec", call))
        state = OrderState.PENDING
        if left == 0:
            state = OrderState.ACTIVE if ends > timezone.now() else OrderState.EXPIRED
        elif left < asked:
            state = OrderState.PARTIAL
        return Order(ref, state, asked - left, paid, txids, ends)

    def _ask(
        self,
        method: str,
        path: str,
        wish: dict[str, Any] | None = None,
        *,
        spends: bool = False,
        looks: bool = False,
    ) -> tuple[dict[str, Any], Call]:
        call = Call(
            self.name,
            method,
            settings.TRONSAVE_URL + path,
            {"apikey": settings.TRONSAVE_API_KEY},
            json.dumps(wish).encode() if wish else b"",
            spends,
            looks,
        )
        said = ask(call)
        if said.get("error"):
            raise Rejected(f"{self.name}: {str(said.get('message'))[:200]}")
        return part(said, "data", call), call

    @staticmethod
    def _wish(receiver: str, energy: int, seconds: int) -> dict[str, Any]:
        return {
            "resourceType": "ENERGY",
            "receiver": receiver,
            "resourceAmount": energy,
            "durationSec": seconds,
        }


def _is(order: Any, quote: Quote) -> bool:
    return isinstance(order, dict) and (
        order.get("receiver"),
        order.get("resourceAmount"),
        order.get("durationSec"),
    ) == (quote.receiver, quote.energy, quote.seconds)


def _made(order_id: str) -> datetime:
    """Its ids are MongoDB's, which begin with the second they were made in."""
    try:
        return datetime.fromtimestamp(int(order_id[:8], 16), UTC)
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)  # unreadable: rather found than bought twice
