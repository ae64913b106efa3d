"""The accounts of the sandbox. Their keys are made from their names: `addresses.key_named`."""

from sandbox.chain.accounts import SUN, Account
from sandbox.chain.addresses import address_of, key_named
from sandbox.chain.ledger import Chain
from sandbox.chain.permissions import OWNER, OWNERS, Permission, mask

EMERGENCY = 2  # the permission whose key the product may hold
TREASURY, HOT, SPARE, MARKET, TRADER = "treasury", "hot", "spare", "market", "trader"
# TRX held, TRX staked for energy
MEANS = {
    TREASURY: (2_500_000, 400_000),
    HOT: (60_000, 1_100_000),
    SPARE: (1_000, 300_000),
    MARKET: (50_000, 40_000_000),
    TRADER: (10_000, 0),
}


def begun() -> Chain:
    chain = Chain()
    begin(chain)
    return chain


def begin(chain: Chain) -> None:
    for name, (held, staked) in MEANS.items():
        chain.add(_account(name, held, staked))


def address(name: str) -> str:
    """Hex."""
    return address_of(key_named(name).public_key)


def _account(name: str, held: int, staked: int) -> Account:
    own, emergency = address(name), address_of(key_named(f"{name} emergency").public_key)
    everything = Permission(OWNER, "owner", {own: 1})
    limited = Permission(EMERGENCY, "emergency", {emergency: 1}, 1, mask(54, 57, 58, 59))
    usual = Permission(3, "active", {own: 1}, 1, OWNERS)
    permissions = {one.id: one for one in (everything, limited, usual)}
    return Account(own, held * SUN, staked * SUN, permissions=permissions)
