"""The wallets of the sandbox's chain, so that there is something to see from the first minute."""

from typing import Final, NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core.models import Planted
from energy.models import Role, Wallet
from teams.models import Service


class Seed(NamedTuple):
    name: str
    address: str
    role: str


WALLETS: Final = (
    Seed("Hot wallet", "TW2qKfAwhUZCZwud7mfKHQWxGaJ7VDdEvm", Role.HOT),
    Seed("Treasury", "TW6Ha3yYTZvXJYmQNFGQnUoob9k2vQVzVV", Role.TREASURY),
    Seed("Spare energy", "TTEFrXqFTSmBZrPKSKHLnMnRKQ1AZWTZNL", Role.TREASURY),
)


def wallets() -> None:
    """Once, and only where the sandbox's chain is asked: on the real one these are nobody's."""
    on_the_sandbox = settings.TRON_NODE_URL.startswith(settings.SANDBOX)
    if settings.PRODUCTION or not on_the_sandbox or Wallet.objects.exists():
        return
    if not Planted.objects.first_time("wallets"):
        return
    service = Service.objects.filter(slug="energy").first()
    paid = Service.objects.filter(slug="withdrawals").first()
    with translation.override(settings.LANGUAGE_CODE):
        names = {
            "Hot wallet": _("Hot wallet"),
            "Treasury": _("Treasury"),
            "Spare energy": _("Spare energy"),
        }
        for seed in WALLETS:
            Wallet.objects.create(
                name=names[seed.name], address=seed.address, role=seed.role, service=service,
                pays=paid if seed.role == Role.HOT else None,
            )  # fmt: skip
