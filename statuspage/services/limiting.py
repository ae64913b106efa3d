"""The form is no weapon: how often anybody is written to because somebody typed an address.

What is remembered is a keyed digest, for a day.
"""

import ipaddress
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from core.errors import Refused
from statuspage.models import Asking
from statuspage.tokens import digest

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
BY_NETWORK: Final = ((HOUR, 20), (DAY, 60))
BY_ADDRESS: Final = ((timedelta(minutes=10), 1), (DAY, 3))
BY_ALL: Final = ((HOUR, 3_000),)
BY_TEXT: Final = ((HOUR, 60), (DAY, 300))  # they cost money, whoever has them sent
BY_TEXTING_NETWORK: Final = ((HOUR, 5), (DAY, 15))
ALL: Final = "all"
TEXTS: Final = "texts"

Rules = tuple[tuple[timedelta, int], ...]


def admit(client: str, *, at: datetime, text: bool = False) -> None:
    """Raises `Refused`, by what says nothing of the address that was typed."""
    network = network_of(client)
    limits = {digest(f"network {network}"): BY_NETWORK, ALL: BY_ALL}
    if text:
        limits |= {digest(f"texts {network}"): BY_TEXTING_NETWORK, TEXTS: BY_TEXT}
    if any(_is_full(of, rules, at) for of, rules in limits.items()):
        raise Refused(_("Too many requests came at once. Please try again in an hour."))
    Asking.objects.bulk_create([Asking(of=of, at=at) for of in limits])


def may_write_to(address: str, *, at: datetime) -> bool:
    """Whether another letter may go there; it counts as one. The caller holds the subscriber's row."""
    found = digest(f"address {address}")
    if _is_full(found, BY_ADDRESS, at):
        return False
    Asking.objects.create(of=found, at=at)
    return True


def network_of(client: str) -> str:
    """Whoever has one address of a network has its others: 256 of the old kind, a household's of the new."""
    try:
        ip = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    length = 24 if ip.version == 4 else 56
    return str(ipaddress.ip_network((ip, length), strict=False))


def forget(*, at: datetime) -> None:
    Asking.objects.filter(at__lt=at - DAY).delete()


def _is_full(of: str, rules: Rules, at: datetime) -> bool:
    rows = Asking.objects.filter(of=of)
    return any(rows.filter(at__gt=at - span).count() >= most for span, most in rules)
