from energy.models.readings import Reading, ReadingQuerySet
from energy.models.transactions import ChainTransaction
from energy.models.wallets import Role, Wallet

__all__ = ["ChainTransaction", "Reading", "ReadingQuerySet", "Role", "Wallet"]
