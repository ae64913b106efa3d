from energy.models.markets import Market
from energy.models.policies import EnergyPolicy, LeverName
from energy.models.purchases import Purchase, PurchaseState
from energy.models.readings import Reading, ReadingQuerySet
from energy.models.responses import Pause, Response, StatusName, Step
from energy.models.transactions import ChainTransaction
from energy.models.wallets import Role, Wallet

__all__ = [
    "ChainTransaction",
    "EnergyPolicy",
    "LeverName",
    "Market",
    "Pause",
    "Purchase",
    "PurchaseState",
    "Reading",
    "ReadingQuerySet",
    "Response",
    "Role",
    "StatusName",
    "Step",
    "Wallet",
]
