"""Whether a node takes a transaction in: its checks, in java-tron's order, with its codes."""

from collections.abc import Mapping
from typing import Any

from sandbox.chain import actuators, addresses, encoding
from sandbox.chain.actuators import Invalid
from sandbox.chain.ledger import Chain, Transaction
from sandbox.chain.permissions import OWNER, Permission

LONGEST_LIFE = 86_400_000  # ms
REMEMBERED = 65_536  # blocks in which a reference block must lie
LARGEST = 512_000  # bytes
SIGNATURE = 67  # bytes that each signature adds to the size


class Refused(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def admit(chain: Chain, given: Mapping[str, Any]) -> Transaction:
    """Into the pool, or Refused. What the sender calls its id is not looked at, as there."""
    chain.advance()
    transaction = read(given)
    _check_signatures(chain, transaction)
    _check_reference(chain, transaction)
    if transaction.size > LARGEST:
        raise Refused("TOO_BIG_TRANSACTION_ERROR", "Transaction size is too big.")
    _check_life(chain, transaction)
    if transaction.txid in chain.receipts or transaction.txid in chain.pending:
        raise Refused("DUP_TRANSACTION_ERROR", "Dup transaction.")
    _check_contract(chain, transaction)
    chain.known[transaction.txid] = transaction
    chain.pending[transaction.txid] = transaction
    return transaction


def read(given: Mapping[str, Any]) -> Transaction:
    raw = given.get("raw_data")
    if not isinstance(raw, Mapping) or len(raw.get("contract") or ()) != 1:
        raise Refused(
            "CONTRACT_VALIDATE_ERROR", "Contract validate error : contract size should be 1"
        )
    try:
        packed = encoding.encode(raw)
        kind, value = encoding.parsed(raw["contract"][0])
    except ValueError as error:
        raise Refused("OTHER_ERROR", str(error)) from None
    signatures = [str(one) for one in given.get("signature") or ()]
    return Transaction(
        encoding.txid(packed), kind, value, raw, len(packed) + SIGNATURE * len(signatures),
        int(raw.get("expiration") or 0), signatures,
    )  # fmt: skip


def permission_of(chain: Chain, transaction: Transaction) -> Permission:
    """The one the contract names; raises Refused."""
    try:
        owner = chain.account(transaction.value["owner_address"])
    except Invalid as error:
        raise Refused("CONTRACT_VALIDATE_ERROR", f"Contract validate error : {error}") from None
    wanted = int(transaction.raw["contract"][0].get("Permission_id") or OWNER)
    found = owner.permissions.get(wanted)
    if found is None:
        raise Refused("SIGERROR", f"Validate signature error: permission {wanted} isn't exit")
    if not found.allows(encoding.KINDS[transaction.kind].number):
        raise Refused("SIGERROR", "Validate signature error: Permission denied!")
    return found


def _check_signatures(chain: Chain, transaction: Transaction) -> None:
    permission, weight, signers = permission_of(chain, transaction), 0, set[str]()
    if not transaction.signatures:
        raise Refused("SIGERROR", "Validate signature error: miss sig or contract")
    if len(transaction.signatures) > len(permission.keys):
        raise Refused("SIGERROR", "Validate signature error: too many signatures")
    for signature in transaction.signatures:
        signer = _signer(signature, transaction.txid)
        if signer not in permission.keys:
            raise Refused(
                "SIGERROR",
                f"Validate signature error: {signature} is signed by {addresses.shown(signer)} "
                "but it is not contained of permission.",
            )
        if signer in signers:
            raise Refused("SIGERROR", f"Validate signature error: {signer} has signed twice!")
        signers.add(signer)
        weight += permission.keys[signer]
    if weight < permission.threshold:
        raise Refused("SIGERROR", "Validate signature error: sig error")


def _signer(signature: str, txid: str) -> str:
    try:
        return addresses.signer_of(bytes.fromhex(signature), bytes.fromhex(txid))
    except ValueError as error:
        raise Refused("SIGERROR", f"Validate signature error: {error}") from None


def _check_reference(chain: Chain, transaction: Transaction) -> None:
    head = chain.head().number
    low = int(str(transaction.raw.get("ref_block_bytes") or "0"), 16)
    number = head - (head - low) % REMEMBERED
    if chain.block(number).id[16:32] != transaction.raw.get("ref_block_hash"):
        raise Refused("TAPOS_ERROR", "Tapos check error.")


def _check_life(chain: Chain, transaction: Transaction) -> None:
    head = chain.head().at
    if not head < transaction.expires <= head + LONGEST_LIFE:
        raise Refused("TRANSACTION_EXPIRATION_ERROR", "Transaction expired")


def _check_contract(chain: Chain, transaction: Transaction) -> None:
    owner = chain.account(transaction.value["owner_address"])
    free = owner.free_bandwidth(chain.slot)
    if free < transaction.size and owner.balance < transaction.size * actuators.BYTE_FEE:
        raise Refused("BANDWITH_ERROR", "Account resource insufficient error.")
    try:
        actuators.validate(chain, transaction.kind, transaction.value)
    except Invalid as error:
        raise Refused("CONTRACT_VALIDATE_ERROR", f"Contract validate error : {error}") from None
