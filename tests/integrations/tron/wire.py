"""A node on this machine that says what a test tells it to, and answers as recorded otherwise."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from integrations.tron import Unsigned

OWNER = "TWAFRfZFmhVQZjxM3De7Mp5UZ9sLqWqpHp"
RECEIVER = "TQ4gjjpAjLNnE67UFbmK5wVt5fzLfyEVs3"
BLOCK = 83_000_123
TXID = "081256264131fbc9f3d4686aab15ae69c0e77b39d276367c11a7ab13e39747ec"

# As a mainnet node writes them: zeros left out, bandwidth without a type.
RECORDED = {
    "wallet/getaccountresource": {
        "freeNetUsed": 268,
        "freeNetLimit": 600,
        "TotalNetLimit": 43_200_000_000,
        "TotalNetWeight": 26_982_826_755,
        "tronPowerLimit": 50_000,
        "EnergyUsed": 467_999,
        "EnergyLimit": 473_684,
        "TotalEnergyLimit": 180_000_000_000,
        "TotalEnergyWeight": 19_018_684_711,
    },
    "wallet/getaccount": {
        "address": OWNER,
        "balance": 1_000_000_000_000,
        "create_time": 1_777_440_000_000,
        "latest_opration_time": 1_777_446_761_000,
        "account_resource": {
            "energy_usage": 467_999,
            "latest_consume_time_for_energy": 1_777_446_761_000,
            "energy_window_size": 28_800_000,
            "energy_window_optimized": True,
            "delegated_frozenV2_balance_for_energy": 7_000_000,
            "acquired_delegated_frozenV2_balance_for_energy": 9_000_000,
        },
        "owner_permission": {
            "permission_name": "owner",
            "threshold": 1,
            "keys": [{"address": OWNER, "weight": 1}],
        },
        "active_permission": [
            {
                "type": "Active",
                "id": 2,
                "permission_name": "energy",
                "threshold": 1,
                "operations": "000000000000400e" + "0" * 48,
                "keys": [{"address": RECEIVER, "weight": 1}],
            }
        ],
        "frozenV2": [{}, {"type": "ENERGY", "amount": 50_000_000_000}, {"type": "TRON_POWER"}],
        "unfrozenV2": [
            {
                "type": "ENERGY",
                "unfreeze_amount": 3_000_000,
                "unfreeze_expire_time": 1_778_656_361_000,
            }
        ],
    },
    "wallet/getchainparameters": {
        "chainParameter": [
            {"key": "getEnergyFee", "value": 100},
            {"key": "getTransactionFee", "value": 1000},
            {"key": "getAllowUpdateAccountName"},
            {"key": "getUnfreezeDelayDays", "value": 14},
            {"key": "getMaxDelegateLockPeriod", "value": 864_000},
            {"key": "getMemoFee", "value": 1_000_000},
        ]
    },
    "wallet/getcandelegatedmaxsize": {"max_size": 1_200_000_000},
    "walletsolidity/gettransactioninfobyid": {
        "id": TXID,
        "fee": 268_000,
        "blockNumber": BLOCK,
        "blockTimeStamp": 1_777_446_765_000,
        "contractResult": [""],
        "receipt": {"net_fee": 268_000},
    },
    "wallet/broadcasttransaction": {"result": True, "txid": TXID},
}


def block(number: int, *, ago: float = 3.0) -> dict[str, Any]:
    at = int((time.time() - ago) * 1000)
    return {
        "blockID": f"{number:016x}" + "ab" * 24,
        "block_header": {"raw_data": {"number": number, "timestamp": at}},
    }


class Wire:
    def __init__(self) -> None:
        self.answers = deepcopy(RECORDED)
        self.statuses: list[tuple[int, dict[str, str]]] = []  # used up before any answer
        self.calls: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.permission_code = "NOT_ENOUGH_PERMISSION"
        self.offer = lambda offered: offered  # what a hostile node makes of a transaction
        self.prefix = "/"
        wire = self

        class Ear(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                method = self.path.removeprefix(wire.prefix)
                wire.calls.append((self.path, body, dict(self.headers.items())))
                status, headers = wire.statuses.pop(0) if wire.statuses else (200, {})
                answer = wire.answer(method, body)
                said = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, method: str, body: dict[str, Any]) -> object:
        if method in self.answers:
            return self.answers[method]
        if method == "wallet/getnowblock":
            return block(BLOCK)
        if method == "walletsolidity/getnowblock":
            return block(BLOCK - 19, ago=60)
        if method == "wallet/getsignweight":
            return self.weigh(body)
        return {}

    def weigh(self, body: dict[str, Any]) -> dict[str, Any]:
        offered = {
            "visible": False,
            "txID": Unsigned.read(body["raw_data"]).txid,
            "raw_data": deepcopy(body["raw_data"]),
        }
        return {
            "result": {"code": self.permission_code},
            "transaction": {"result": {"result": True}, "transaction": self.offer(offered)},
        }


@contextmanager
def wires() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.server.shutdown()
    wire.server.server_close()
