"""What each kind of transaction asks for and does, with the refusals a real node gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sandbox.chain.accounts import MOST_UNSTAKES, SUN, TOTAL_ENERGY, Account, Unstaking

if TYPE_CHECKING:
    from sandbox.chain.ledger import Chain

Value = Mapping[str, Any]
BYTE_FEE = 1_000  # sun
BLOCK = 3_000  # ms: a lock is counted in blocks
USUAL_LOCK = 86_400  # blocks: three days
LONGEST_LOCK = 864_000  # blocks, a parameter of the chain
UNSTAKED_AFTER = 14 * 86_400_000  # ms
ENERGY, BANDWIDTH = 1, 0


class Invalid(Exception):
    """Contract validate error; the text is the node's."""


def validate(chain: Chain, kind: str, value: Value) -> None:
    chain.account(value["owner_address"])
    _VALIDATE[kind](chain, value)


def apply(chain: Chain, kind: str, value: Value) -> None:
    _APPLY[kind](chain, value)


def charge(owner: Account, size: int, slot: int) -> tuple[int, int]:
    """Sun burned and bytes taken of the free bandwidth; raises Invalid where neither suffices."""
    free = owner.free_bandwidth(slot)
    if free >= size:
        owner.net_used, owner.net_at = owner.net_used_now(slot) + size, slot
        return 0, size
    if owner.balance < size * BYTE_FEE:
        raise Invalid("Account resource insufficient error.")
    owner.balance -= size * BYTE_FEE
    return size * BYTE_FEE, 0


def delegatable(chain: Chain, owner: Account) -> int:
    """Sun whose energy is not in use."""
    used = owner.usage(chain.slot) * chain.weight * SUN // TOTAL_ENERGY
    return max(0, owner.staked - max(0, used - owner.acquired))


def undelegate(chain: Chain, owner: Account, receiver: str, sun: int) -> None:
    """The receiver loses the stake, and the use that this stake had served goes back with it."""
    other = chain.accounts[receiver]
    moved = other.usage(chain.slot) * sun // other.stake if other.stake else 0
    moved = min(moved, sun // SUN * TOTAL_ENERGY // chain.weight)
    other.give_back(moved, chain.slot)
    other.acquired -= sun
    owner.delegated[receiver] -= sun
    if not owner.delegated[receiver]:
        del owner.delegated[receiver]
        owner.locked.pop(receiver, None)
    owner.staked += sun
    owner.use(moved, chain.slot)


def withdrawable(owner: Account, at: int) -> int:
    return sum(one.sun for one in owner.unstaking if one.ends <= at)


def _transfer_is_valid(chain: Chain, value: Value) -> None:
    if value["amount"] <= 0:
        raise Invalid("Amount must be greater than 0.")
    if value["amount"] > chain.account(value["owner_address"]).balance:
        raise Invalid("Validate TransferContract error, balance is not sufficient.")


def _transfer(chain: Chain, value: Value) -> None:
    chain.account(value["owner_address"]).balance -= value["amount"]
    chain.add(Account(value["to_address"])).balance += value["amount"]


def _freeze_is_valid(chain: Chain, value: Value) -> None:
    sun = value["frozen_balance"]
    if sun <= 0:
        raise Invalid("frozenBalance must be positive")
    if sun < SUN:
        raise Invalid("frozenBalance must be greater than or equal to 1 TRX")
    if sun > chain.account(value["owner_address"]).balance:
        raise Invalid("frozenBalance must be less than or equal to accountBalance")


def _freeze(chain: Chain, value: Value) -> None:
    owner = chain.account(value["owner_address"])
    owner.balance -= value["frozen_balance"]
    _stake(owner, value["resource"], value["frozen_balance"])


def _unfreeze_is_valid(chain: Chain, value: Value) -> None:
    owner, sun = chain.account(value["owner_address"]), value["unfreeze_balance"]
    held = owner.staked if value["resource"] == ENERGY else owner.staked_bandwidth
    if held <= 0:
        raise Invalid(f"no frozenBalance({'ENERGY' if value['resource'] else 'BANDWIDTH'})")
    if not 0 < sun <= held:
        raise Invalid(f"Invalid unfreeze_balance, [{sun}] is invalid")
    if len(owner.unstaking) >= MOST_UNSTAKES:
        raise Invalid("Invalid unfreeze operation, unfreezing times is over limit")


def _unfreeze(chain: Chain, value: Value) -> None:
    owner = chain.account(value["owner_address"])
    _stake(owner, value["resource"], -value["unfreeze_balance"])
    owner.unstaking.append(Unstaking(value["unfreeze_balance"], chain.now() + UNSTAKED_AFTER))


def _withdraw_is_valid(chain: Chain, value: Value) -> None:
    if not withdrawable(chain.account(value["owner_address"]), chain.now()):
        raise Invalid("no unFreeze balance to withdraw ")


def _withdraw(chain: Chain, value: Value) -> None:
    owner, now = chain.account(value["owner_address"]), chain.now()
    owner.balance += withdrawable(owner, now)
    owner.unstaking = [one for one in owner.unstaking if one.ends > now]


def _delegate_is_valid(chain: Chain, value: Value) -> None:
    owner, sun = chain.account(value["owner_address"]), value["balance"]
    receiver = value["receiver_address"]
    if value["resource"] != ENERGY:
        raise Invalid("the sandbox delegates ENERGY only")
    if sun < SUN:
        raise Invalid("delegateBalance must be greater than or equal to 1 TRX")
    if receiver == value["owner_address"]:
        raise Invalid("receiverAddress must not be the same as ownerAddress")
    if sun > delegatable(chain, owner):
        raise Invalid(
            "delegateBalance must be less than or equal to available FreezeEnergyV2 balance"
        )
    chain.account(receiver)
    _lock_is_valid(chain, owner, value)


def _lock_is_valid(chain: Chain, owner: Account, value: Value) -> None:
    if not value["lock"]:
        return
    period = value["lock_period"] or USUAL_LOCK
    if not 0 < period <= LONGEST_LOCK:
        raise Invalid(
            "The lock period of delegate resource cannot be less than 0 and cannot exceed"
        )
    if chain.now() + period * BLOCK < owner.locked.get(value["receiver_address"], 0):
        raise Invalid("The lock period for ENERGY this time cannot be less than the remaining time")


def _delegate(chain: Chain, value: Value) -> None:
    owner, receiver, sun = (
        chain.account(value["owner_address"]), value["receiver_address"], value["balance"]
    )  # fmt: skip
    owner.staked -= sun
    owner.delegated[receiver] = owner.delegated.get(receiver, 0) + sun
    chain.account(receiver).acquired += sun
    if value["lock"]:
        owner.locked[receiver] = chain.now() + (value["lock_period"] or USUAL_LOCK) * BLOCK


def _undelegate_is_valid(chain: Chain, value: Value) -> None:
    owner, receiver = chain.account(value["owner_address"]), value["receiver_address"]
    lent = owner.delegated.get(receiver, 0)
    if not lent:
        raise Invalid("delegated Resource does not exist")
    if value["balance"] <= 0:
        raise Invalid("unDelegateBalance must be more than 0 TRX")
    if value["balance"] > lent or owner.locked.get(receiver, 0) > chain.now():
        raise Invalid(f"insufficient delegateFrozenBalance(Energy), request={value['balance']}")


def _undelegate(chain: Chain, value: Value) -> None:
    owner = chain.account(value["owner_address"])
    undelegate(chain, owner, value["receiver_address"], value["balance"])


def _cancel_is_valid(chain: Chain, value: Value) -> None:
    if not chain.account(value["owner_address"]).unstaking:
        raise Invalid("No unfreezeV2 list to cancel")


def _cancel(chain: Chain, value: Value) -> None:
    """What is not over is staked again at once, what is over comes back as balance."""
    owner, now = chain.account(value["owner_address"]), chain.now()
    owner.balance += withdrawable(owner, now)
    owner.staked += sum(one.sun for one in owner.unstaking if one.ends > now)
    owner.unstaking.clear()


def _stake(owner: Account, resource: int, sun: int) -> None:
    if resource == ENERGY:
        owner.staked += sun
    else:
        owner.staked_bandwidth += sun


_VALIDATE: dict[str, Callable[[Chain, Value], None]] = {
    "TransferContract": _transfer_is_valid,
    "FreezeBalanceV2Contract": _freeze_is_valid,
    "UnfreezeBalanceV2Contract": _unfreeze_is_valid,
    "WithdrawExpireUnfreezeContract": _withdraw_is_valid,
    "DelegateResourceContract": _delegate_is_valid,
    "UnDelegateResourceContract": _undelegate_is_valid,
    "CancelAllUnfreezeV2Contract": _cancel_is_valid,
}
_APPLY: dict[str, Callable[[Chain, Value], None]] = {
    "TransferContract": _transfer,
    "FreezeBalanceV2Contract": _freeze,
    "UnfreezeBalanceV2Contract": _unfreeze,
    "WithdrawExpireUnfreezeContract": _withdraw,
    "DelegateResourceContract": _delegate,
    "UnDelegateResourceContract": _undelegate,
    "CancelAllUnfreezeV2Contract": _cancel,
}
