"""The public page: the services customers use, in two groups, until somebody arranges them otherwise."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from core.models import Planted
from statuspage.models import Change, Component, Group, Page
from teams.models import Service

GROUPS = [
    ("출금과 입금", "Money in and out", ["withdrawals", "deposits"]),
    ("지갑", "Wallet", ["wallet", "web", "tronlink"]),
    ("개발자", "Developers", ["api"]),
]


def status_page(*, at: datetime) -> None:
    if not Planted.objects.first_time("status page") or Page.objects.exists():
        return
    Page.objects.create(
        pk=1, name_ko=settings.COMPANY, name_en=settings.COMPANY, time_zone=settings.TIME_ZONE
    )
    services = {one.slug: one for one in Service.objects.filter(customer_facing=True)}
    for place, (korean, english, slugs) in enumerate(GROUPS, start=1):
        group = Group.objects.create(name_ko=korean, name_en=english, position=place)
        for position, slug in enumerate(slugs, start=1):
            if service := services.get(slug):
                component = Component.objects.create(
                    name_ko=service.name_ko, name_en=service.name_en, group=group,
                    position=10 * place + position, since=timezone.localdate(at),
                )  # fmt: skip
                component.services.add(service)
    Change.objects.note("planted", at=at)
