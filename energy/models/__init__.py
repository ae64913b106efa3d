from energy.models.readings import Reading, ReadingQuerySet
from energy.models.wallets import Role, Wallet

__all__ = ["Reading", "ReadingQuerySet", "Role", "Wallet"]
