"""CatFee v1: an hour at a fixed price; the same key of ours is the same order."""

import hmac
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone

from energy.domain.market import (
    Idempotency,
    Order,
    OrderRef,
    OrderState,
    Quote,
    Rejected,
    Unknown,
    check_price,
    check_request,
)
from energy.exchange import Call, ask, part, text, whole
from energy.registry import providers

HOUR = 3600
FRESH = timedelta(seconds=30)
SENT, CONFIRMED = "DELEGATE_SUCCESS", "DELEGATION_CONFIRMED"
STATES = {
    "DELEGATE_FAILED": OrderState.FAILED,
    "REFUNDED": OrderState.REFUNDED,
    "REFUND_SUCCESS": OrderState.REFUNDED,
    "RECLAIM_SUCCESS": OrderState.EXPIRED,
    "EXPIRED": OrderState.EXPIRED,
}


@providers.register("catfee")
class CatFee:
    name = "catfee"
    min_energy = 65_000
    max_energy = 20_000_000
    durations: tuple[int, ...] | None = (HOUR,)
    idempotency: Idempotency = "key"

    @property
    def configured(self) -> bool:
        return bool(settings.CATFEE_URL and settings.CATFEE_KEY and settings.CATFEE_SECRET)

    def balance(self) -> int:
        data, call = self._ask("GET", "/v1/account", {})
        return whole(data, "balance", call)

    def quote(self, receiver: str, energy: int, seconds: int) -> Quote:
        check_request(self, energy, seconds)
        data, call = self._ask("GET", "/v1/estimate", {"quantity": energy, "duration": "1h"})
        total = whole(data, "pay_amount_sun", call)
        expires_at = timezone.now() + FRESH
        # It does not say how much it has: whoever orders more is refused.
        return Quote(
            self.name, receiver, energy, seconds, total, -(-total // energy), energy, expires_at
        )

    def buy(self, quote: Quote, client_order_id: str, max_total_sun: int) -> OrderRef:
        check_price(quote, max_total_sun)
        wish = {
            "quantity": quote.energy,
            "receiver": quote.receiver,
            "duration": "1h",
            "client_order_id": client_order_id,
            "activate": "false",
        }
        data, call = self._ask("POST", "/v1/order", wish, spends=True)
        return OrderRef(self.name, text(data, "id", call), client_order_id)

    def find(self, client_order_id: str, *, quote: Quote, since: datetime) -> OrderRef | None:
        raise Unknown("catfee cannot be searched: repeat the order with the same key (`recover`)")

    def status(self, ref: OrderRef) -> Order:
        data, call = self._ask("GET", f"/v1/order/{ref.order_id}", {}, looks=True)
        said = text(data, "status", call)
        state = STATES.get(said, OrderState.PENDING)
        if said == SENT and data.get("confirm_status") == CONFIRMED:
            state = OrderState.ACTIVE
        ends = _moment(data.get("expired_timestamp"))
        if state is OrderState.ACTIVE and ends and ends <= timezone.now():
            state = OrderState.EXPIRED
        delivered = whole(data, "quantity", call) if state is OrderState.ACTIVE else 0
        txids = (str(data["delegate_hash"]),) if data.get("delegate_hash") else ()
        return Order(ref, state, delivered, whole(data, "pay_amount_sun", call), txids, ends)

    def _ask(
        self,
        method: str,
        path: str,
        query: dict[str, Any],
        *,
        spends: bool = False,
        looks: bool = False,
    ) -> tuple[dict[str, Any], Call]:
        asked = f"?{urlencode(query)}" if query else ""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        signed = path + asked if settings.CATFEE_SIGN_QUERY else path
        headers = {
            "CF-ACCESS-KEY": settings.CATFEE_KEY,
            "CF-ACCESS-TIMESTAMP": now,
            "CF-ACCESS-SIGN": _signature(f"{now}{method}{signed}"),
        }
        call = Call(
            self.name, method, settings.CATFEE_URL + path + asked, headers, b"", spends, looks
        )
        said = ask(call)
        if said.get("code") != 0:
            raise Rejected(f"{self.name}: {str(said.get('sub_msg') or said.get('msg'))[:200]}")
        return part(said, "data", call), call


def _signature(words: str) -> str:
    digest = hmac.new(settings.CATFEE_SECRET.encode(), words.encode(), sha256).digest()
    return b64encode(digest).decode()


def _moment(given: Any) -> datetime | None:
    return datetime.fromtimestamp(given / 1000, UTC) if isinstance(given, int) and given else None
