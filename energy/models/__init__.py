from energy.models.readings import Reading
from energy.models.wallets import Role, Wallet

__all__ = ["Reading", "Role", "Wallet"]
