"""TronZap v1: an hour at a fixed price in TRX; our id is a way to look an order up, no more."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
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
from energy.exchange import Call, ask, part, text, trx
from energy.registry import providers

HOUR = 3600
FRESH = timedelta(seconds=30)
NO_SUCH_ORDER = 20
INTERNAL = {500, 999}  # its own errors come with status 200, and prove nothing
STATES = {
    "new": OrderState.PENDING,
    "pending": OrderState.PENDING,
    "processing": OrderState.PENDING,
    "success": OrderState.ACTIVE,
    "completed": OrderState.ACTIVE,
    "error": OrderState.FAILED,
    "failed": OrderState.FAILED,
    "canceled": OrderState.FAILED,
    "refunded": OrderState.REFUNDED,
}


class _NotThere(Rejected):
    """It knows no such order."""


@providers.register("tronzap")
class TronZap:
    name = "tronzap"
    min_energy = 60_000
    max_energy = 2_600_000  # some 100 TRX, the most that one rental may cost
    durations: tuple[int, ...] | None = (HOUR,)
    idempotency: Idempotency = "lookup"

    @property
    def configured(self) -> bool:
        return bool(settings.TRONZAP_URL and settings.TRONZAP_TOKEN and settings.TRONZAP_SECRET)

    def balance(self) -> int:
        result, call = self._ask("/v1/balance", {})
        return trx(result, "balance", call)

    def quote(self, receiver: str, energy: int, seconds: int) -> Quote:
        check_request(self, energy, seconds)
        wish = {"address": receiver, "amount": energy, "duration": seconds // HOUR}
        result, call = self._ask("/v1/calculate", wish)
        total = trx(result, "total", call)
        expires_at = timezone.now() + FRESH
        return Quote(
            self.name, receiver, energy, seconds, total, -(-total // energy), energy, expires_at
        )

    def buy(self, quote: Quote, client_order_id: str, max_total_sun: int) -> OrderRef:
        check_price(quote, max_total_sun)
        wish = {
            "service": "energy",
            "params": {
                "address": quote.receiver,
                "amounts": {"energy": quote.energy},
                "duration": quote.seconds // HOUR,
            },
            "external_id": client_order_id,
        }
        result, call = self._ask("/v1/transaction/new", wish, spends=True)
        return OrderRef(self.name, text(result, "id", call), client_order_id)

    def find(self, client_order_id: str, *, quote: Quote, since: datetime) -> OrderRef | None:
        try:
            wish = {"external_id": client_order_id}
            result, call = self._ask("/v1/transaction/check", wish, looks=True)
        except _NotThere:
            return None
        return OrderRef(self.name, text(result, "id", call), client_order_id)

    def status(self, ref: OrderRef) -> Order:
        result, call = self._ask("/v1/transaction/check", {"id": ref.order_id}, looks=True)
        state = STATES.get(text(result, "status", call), OrderState.PENDING)
        energy = result.get("amount") if state is OrderState.ACTIVE else 0
        txids = (str(result["hash"]),) if result.get("hash") else ()
        return Order(ref, state, int(energy or 0), trx(result, "total", call), txids)

    def _ask(
        self, path: str, wish: dict[str, Any], *, spends: bool = False, looks: bool = False
    ) -> tuple[dict[str, Any], Call]:
        body = json.dumps(wish, separators=(",", ":"))
        headers = {
            "Authorization": f"Bearer {settings.TRONZAP_TOKEN}",
            "X-Signature": sha256((body + settings.TRONZAP_SECRET).encode()).hexdigest(),
        }
        url = settings.TRONZAP_URL + path
        call = Call(self.name, "POST", url, headers, body.encode(), spends, looks)
        said = ask(call)
        code = said.get("code")
        if code == NO_SUCH_ORDER:
            raise _NotThere(f"{self.name}: no such order")
        if code in INTERNAL or (looks and code != 0):
            raise call.unsure(f"code {code}")
        if code != 0:
            raise Rejected(f"{self.name}: {str(said.get('message') or said.get('error'))[:200]}")
        return part(said, "result", call), call
