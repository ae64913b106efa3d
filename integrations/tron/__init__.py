"""TRON as the product may use it. Why tronpy is fenced in: docs/decisions/0017-tron.md."""

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
    amount,
)
from integrations.tron.errors import (
    NodeError,
    NodeLimited,
    NodeNonsense,
    NodeStale,
    NodeUnreachable,
    SignerError,
    SignerRefused,
    SignerUnreachable,
    Tampered,
)
from integrations.tron.facts import (
    Account,
    Head,
    Permission,
    Prices,
    Receipt,
    Resources,
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
    "Head",
    "Node",
    "NodeError",
    "NodeLimited",
    "NodeNonsense",
    "NodeStale",
    "NodeUnreachable",
    "Permission",
    "Prices",
    "Receipt",
    "Resources",
    "Sent",
    "Signed",
    "SignerError",
    "SignerRefused",
    "SignerUnreachable",
    "Tampered",
    "Undelegate",
    "Unfreeze",
    "Unfreezing",
    "Unsigned",
    "address_in_hex",
    "amount",
    "ask_the_signer_how_it_is",
    "build",
    "first_node",
    "is_address",
    "second_node",
    "sign",
]
