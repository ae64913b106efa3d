"""Wallets and the energy policy bound money: what loosens them takes two people."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from energy.domain.loosening import BORN_WITH, CLOSED, POLICY, WALLET
from energy.models import EnergyPolicy, Wallet
from runbooks.guarded import Guarded, guarded
from teams.models import User


@guarded.register("wallet")
class AWallet(Guarded):
    model = Wallet
    rules = WALLET

    def first(self, wanted: Model) -> Wallet:
        """Watched, and closed: what it may cost waits for a second person."""
        row = Wallet(**{name: getattr(wanted, name) for name in BORN_WITH})
        for name, value in CLOSED.items():
            setattr(row, name, value)
        return row


@guarded.register("policy")
class ThePolicy(Guarded):
    """Each change is a new version; the newest holds."""

    model = EnergyPolicy
    rules = POLICY

    def held(self, key: int | None) -> EnergyPolicy:
        """The lock of the oldest version is the turn to make a new one."""
        EnergyPolicy.now()
        EnergyPolicy.objects.order_by("pk").select_for_update().first()
        return EnergyPolicy.now()

    def first(self, wanted: Model) -> EnergyPolicy:
        return self.held(None)

    def put(self, row: Model, values: Mapping[str, Any], *, by: User) -> EnergyPolicy:
        if not values:
            return EnergyPolicy.now()
        version = EnergyPolicy(**(self.values(row) | dict(values)), made_by=by)
        version.full_clean()
        version.save()
        return version

    def key(self, row: Model) -> None:
        return None
