"""The public page: the services customers use, in two groups, until somebody arranges them otherwise."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from core.models import Planted
from statuspage.models import Change, Component, Group, Page, Prepared
from teams.models import Service

GROUPS = [
    ("출금과 입금", "Money in and out", ["withdrawals", "deposits"]),
    ("지갑", "Wallet", ["wallet", "web", "tronlink"]),
    ("개발자", "Developers", ["api"]),
]


WORDS = [
    (
        "investigating", "조사 시작", "Looking into it",
        "{components} 이용이 원활하지 않아 원인을 확인하고 있어요. 고객님의 자산은 안전하게 보관되어 있어요. 진행 상황은 이 페이지에서 알려 드릴게요.",
        "{components}: we see problems and are looking for the cause. Your assets are safe. We will tell you here how it goes on.",
    ),
    (
        "investigating", "출금 지연", "Withdrawals delayed",
        "출금 처리가 평소보다 늦어지고 있어요. 신청하신 출금은 접수된 순서대로 처리되니 다시 신청하지 않으셔도 돼요.",
        "Withdrawals take longer than usual. What you asked for is done in its turn; there is no need to ask again.",
    ),
    (
        "identified", "원인 확인", "Cause found",
        "{components} 문제의 원인을 확인했고 복구하고 있어요.",
        "{components}: we have found the cause and are putting it right.",
    ),
    (
        "identified", "트론 네트워크 문제", "Trouble on the TRON network",
        "트론 네트워크가 불안정해 입출금이 늦어지고 있어요. 네트워크가 안정되는 대로 순서대로 처리할게요.",
        "The TRON network is unstable, so deposits and withdrawals are slow. They are done in their turn as soon as it is stable.",
    ),
    (
        "monitoring", "복구 후 확인", "Restored, watching",
        "{components} 이용이 다시 원활해졌어요. 같은 문제가 생기지 않는지 지켜보고 있어요.",
        "{components}: it works again. We keep watching that it stays so.",
    ),
    (
        "resolved", "해결", "Resolved",
        "{components} 문제가 모두 해결됐어요. 불편을 드려 죄송해요.",
        "{components}: this is resolved. We are sorry for the trouble.",
    ),
]  # fmt: skip
OF_MAINTENANCE = [
    (
        "scheduled", "정기 점검 안내", "Planned maintenance",
        "{times}에 {components} 점검을 해요. 점검 중에는 이용이 잠시 멈출 수 있어요. 고객님의 자산은 안전하게 보관되어 있어요.",
        "{components}: we do maintenance on {times}. It may stop for a while meanwhile. Your assets are safe.",
    ),
    (
        "scheduled", "출금 일시 중단 안내", "Withdrawals pause",
        "{begin}부터 {end}까지 점검으로 출금을 잠시 멈춰요. 그동안 신청하신 출금은 점검이 끝나면 접수된 순서대로 처리할게요.",
        "From {begin} to {end} withdrawals pause for maintenance. What you ask for meanwhile is done in its turn afterwards.",
    ),
    (
        "in_progress", "점검 진행 중", "Maintenance goes on",
        "{components} 점검을 진행하고 있어요. {end}까지 마칠 예정이에요.",
        "{components}: the maintenance is under way. We expect to be done by {end}.",
    ),
    (
        "completed", "점검 완료", "Maintenance is over",
        "{components} 점검을 마쳤어요. 이제 평소처럼 이용하실 수 있어요.",
        "{components}: the maintenance is over, and everything works as usual.",
    ),
]  # fmt: skip


def prepared_words() -> None:
    for name, words in (("prepared words", WORDS), ("words of maintenance", OF_MAINTENANCE)):
        if Planted.objects.first_time(name):
            last = Prepared.objects.count()
            Prepared.objects.bulk_create(
                Prepared(
                    phase=phase, name_ko=ko, name_en=en, body_ko=body, body_en=english, position=n
                )
                for n, (phase, ko, en, body, english) in enumerate(words, start=last + 1)
            )


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
