"""The manual's sites (M7.1). What runs where in the sandbox is an example; a real installation records its own."""

from datetime import timedelta
from typing import Final, NamedTuple

from django.conf import settings

from core.models import Planted
from maintenance.models import (
    PORTAL,
    BackupPlan,
    ContinuityTargets,
    DataCopy,
    KeptData,
    ServiceLoad,
    Site,
)
from runbooks.models import Database, Host, Pool
from teams.models import Service


class Seed(NamedTuple):
    slug: str
    korean: str
    english: str
    percent: int
    within: timedelta


SITES: Final = (
    Seed("seoul", "서울", "Seoul", 100, timedelta(0)),
    Seed("busan", "부산", "Busan", 50, timedelta(minutes=30)),
    Seed("cloud", "클라우드", "Cloud", 25, timedelta(hours=2)),
)
# Priority, and an example of a load: the portal of a real installation asks for its own.
LOADS: Final = {
    "withdrawals": (1, 18), "wallet": (1, 14), "deposits": (2, 12), "database": (2, 6), "api": (3, 10),
    "energy": (3, 2), "network": (3, 1), "tronlink": (5, 3), "web": (6, 6), "admin": (8, 2),
}  # fmt: skip
ESSENTIAL: Final = {"withdrawals", "wallet", "database"}


def sites() -> None:
    """Once: what an administrator takes away stays away."""
    ContinuityTargets.objects.get_or_create(pk=1)
    if Site.objects.exists() or not Planted.objects.first_time("sites"):
        return
    for place, one in enumerate(SITES):
        Site.objects.create(
            slug=one.slug, name_ko=one.korean, name_en=one.english, place=place,
            capacity_percent=one.percent, ready_within=one.within, serves=place == 0,
        )  # fmt: skip
    _loads()
    _data()
    if not settings.PRODUCTION:
        _of_the_sandbox()


def _loads() -> None:
    for service in Service.objects.filter(slug__in=LOADS):
        priority, percent = LOADS[service.slug]
        known = None if settings.PRODUCTION else percent
        ServiceLoad.objects.create(
            service=service, priority=priority, percent=known, essential=service.slug in ESSENTIAL
        )


def _data() -> None:
    """Our own database, which holds the record of every incident."""
    portal = Database.objects.filter(name="portal").first()
    kept = KeptData.objects.create(
        slug="portal", name_ko="포털의 데이터", name_en="The portal's data",
        plan=BackupPlan.objects.filter(name=PORTAL).first(),
    )  # fmt: skip
    if portal:
        DataCopy.objects.create(data=kept, site=Site.objects.get(place=0), database=portal)


def _of_the_sandbox() -> None:
    """Its servers all stand in one place: the other sites have none, and their page says so."""
    usual = Site.objects.get(place=0)
    usual.pool = Pool.objects.filter(name="app").first()
    usual.save(update_fields=["pool"])
    usual.hosts.set(Host.objects.filter(user="sandbox"))
    usual.services.set(Service.objects.filter(slug__in=LOADS))
