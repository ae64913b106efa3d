"""What a node tells, in protobuf's JSON: a field that is zero is not there."""

from collections.abc import Mapping
from typing import Any

from sandbox.chain import actuators, addresses
from sandbox.chain.accounts import DAY, TOTAL_ENERGY, WINDOW, Account
from sandbox.chain.ledger import ENERGY_FEE, Block, Chain, Receipt
from sandbox.chain.permissions import OWNER

NET_TOTAL = 43_200_000_000
USDT_HOLDER = 64_285
FACTOR = 34_000  # ten-thousandths: USDT's dynamic energy at its cap
PARAMETERS = {
    "getMaintenanceTimeInterval": 21_600_000, "getTransactionFee": 1_000, "getEnergyFee": ENERGY_FEE,
    "getMemoFee": 1_000_000, "getUnfreezeDelayDays": 14, "getMaxDelegateLockPeriod": 864_000,
    "getTotalEnergyCurrentLimit": TOTAL_ENERGY, "getAllowStakingV2": 0,
}  # fmt: skip


def kept(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in (0, "", [], {}, None)}


def account(chain: Chain, one: Account, *, visible: bool) -> dict[str, Any]:
    def shown(address: str) -> str:
        return addresses.shown(address) if visible else address

    slot = chain.slot
    resource = {
        "energy_usage": one.usage(slot),
        "latest_consume_time_for_energy": one.consumed * 3_000 if one.used else 0,
        "energy_window_size": one.window_left(slot),
        "energy_window_optimized": True,
        "delegated_frozenV2_balance_for_energy": sum(one.delegated.values()),
        "acquired_delegated_frozenV2_balance_for_energy": one.acquired,
    }
    said = {
        "address": shown(one.address),
        "balance": one.balance,
        "create_time": one.created,
        "net_window_size": DAY * WINDOW,
        "account_resource": kept(resource),
        "frozenV2": [
            kept({"amount": one.staked_bandwidth}),
            {"type": "ENERGY"} | kept({"amount": one.staked}),
            {"type": "TRON_POWER"},
        ],
        "unfrozenV2": [
            {"type": "ENERGY", "unfreeze_amount": each.sun, "unfreeze_expire_time": each.ends}
            for each in one.unstaking
        ],
        "owner_permission": one.permissions[OWNER].as_json(visible=visible),
        "active_permission": [
            each.as_json(visible=visible) for each in one.permissions.values() if each.id != OWNER
        ],
    }
    return kept(said)


def resources(chain: Chain, one: Account) -> dict[str, Any]:
    slot = chain.slot
    return kept({
        "freeNetUsed": one.net_used_now(slot),
        "freeNetLimit": 600,
        "TotalNetLimit": NET_TOTAL,
        "TotalNetWeight": 26_000_000_000,
        "tronPowerLimit": one.stake // 1_000_000,
        "EnergyUsed": one.usage(slot),
        "EnergyLimit": chain.limit(one),
        "TotalEnergyLimit": TOTAL_ENERGY,
        "TotalEnergyWeight": chain.weight,
    })  # fmt: skip


def block(one: Block) -> dict[str, Any]:
    raw = {"number": one.number, "timestamp": one.at, "version": 31}
    return {"blockID": one.id, "block_header": {"raw_data": raw}}


def receipt(one: Receipt) -> dict[str, Any]:
    said = {
        "id": one.txid,
        "fee": one.fee,
        "blockNumber": one.block,
        "blockTimeStamp": one.at,
        "contractResult": [""],
        "receipt": kept({"net_usage": one.net, "net_fee": one.fee}),
    }
    if one.failed:
        said |= {"result": "FAILED", "resMessage": one.failed.encode().hex()}
    return {name: value for name, value in said.items() if value != 0}


def parameters() -> dict[str, Any]:
    said = [{"key": key} | kept({"value": value}) for key, value in PARAMETERS.items()]
    return {"chainParameter": said}


def prices() -> dict[str, Any]:
    return {"prices": f"0:100,1542607200000:20,1726283400000:210,1754644200000:{ENERGY_FEE}"}


def delegated(owner: Account, receiver: str, *, visible: bool) -> dict[str, Any]:
    sun = owner.delegated.get(receiver)
    if not sun:
        return {}

    def shown(address: str) -> str:
        return addresses.shown(address) if visible else address

    row = {
        "from": shown(owner.address),
        "to": shown(receiver),
        "frozen_balance_for_energy": sun,
        "expire_time_for_energy": owner.locked.get(receiver, 0),
    }
    return {"delegatedResource": [kept(row)]}


def delegatable(chain: Chain, owner: Account) -> dict[str, Any]:
    return kept({"max_size": actuators.delegatable(chain, owner)})
