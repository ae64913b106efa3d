"""TRON as the product may use it. Why so strictly: docs/decisions/0017-tron.md; its keys: 0031."""

from integrations.tron.addresses import is_address
from integrations.tron.addresses import to_hex as address_in_hex
from integrations.tron.building import LIFETIME, build
from integrations.tron.contracts import (
    CONTRACTS,
    SUN,
    CancelUnfreezes,
    Contract,
    Delegate,
    Freeze,
    Undelegate,
    Unfreeze,
)
from integrations.tron.errors import (
    NodeError,
    NodeLimited,
    NodeNonsense,
    NodeStale,
    NodeUnreachable,
    SignerRefused,
    SignerUnreachable,
    Tampered,
)
from integrations.tron.facts import (
    Account,
    Prices,
    Receipt,
    Sent,
    Unfreezing,
)
from integrations.tron.node import Node
from integrations.tron.nodes import first_node, second_node
from integrations.tron.signing.client import ask_the_signer_how_it_is, sign
from integrations.tron.transactions import Signed, Unsigned

__all__ = [
    "CONTRACTS",
    "LIFETIME",
    "SUN",
    "Account",
    "CancelUnfreezes",
    "Contract",
    "Delegate",
    "Freeze",
    "Node",
    "NodeError",
    "NodeLimited",
    "NodeNonsense",
    "NodeStale",
    "NodeUnreachable",
    "Prices",
    "Receipt",
    "Sent",
    "Signed",
    "SignerRefused",
    "SignerUnreachable",
    "Tampered",
    "Undelegate",
    "Unfreeze",
    "Unfreezing",
    "Unsigned",
    "address_in_hex",
    "ask_the_signer_how_it_is",
    "build",
    "first_node",
    "is_address",
    "second_node",
    "sign",
]
