"""Pages to look at: a small one, and one on which everything there is has happened."""

from datetime import date, datetime, timedelta
from math import sin

from incidents import services as incidents
from incidents.models import Incident
from monitoring.domain.samples import Identity, Point
from monitoring.models import Metric
from monitoring.services import rolling, sampling
from statuspage.domain.phases import Phase
from statuspage.domain.states import State
from statuspage.models import Component, Group, Interval, Measure, Notice, Page, Source
from statuspage.services import (
    Record,
    Words,
    Work,
    add,
    announce,
    follow,
    freeze,
    keep_time,
    publish_due,
    say,
)
from teams.models import Service, User

START = datetime.fromisoformat("2026-11-23T03:00:00+00:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = START + 2 * HOUR


def page_of_three() -> Page:
    Group.objects.all().delete()
    Component.objects.all().delete()
    Page.objects.all().delete()
    page = Page.objects.create(
        pk=1, name_ko="단타로", name_en="dantaro", url="https://status.example"
    )
    money = Group.objects.create(name_ko="출금과 입금", name_en="Money", position=1)
    for place, (slug, ko, en, group) in enumerate(
        [
            ("withdrawals", "TRC-20 출금", "Withdrawals", money),
            ("deposits", "입금", "Deposits", money),
            ("api", "공개 API", "Public API", None),
        ]
    ):
        made = Component.objects.create(
            name_ko=ko, name_en=en, group=group, position=place, since=date(2026, 9, 1)
        )
        made.services.add(Service.objects.get(slug=slug))
    return page


def page_of_many(count: int, *, groups: int) -> Page:
    """Of many components, alike in number in each group or in none; one day in ten of one in ten was bad."""
    page = page_of_three()
    Group.objects.all().delete()
    Component.objects.all().delete()
    held = Group.objects.bulk_create(
        Group(name_ko=f"서비스 묶음 {n}", name_en=f"Group of services {n}", position=n)
        for n in range(groups)
    )
    made = Component.objects.bulk_create(
        Component(
            name_ko=f"TRC-20 출금 {n}번 노드", name_en=f"TRC-20 withdrawals, node {n}", position=n,
            group=held[n % groups] if groups else None, since=date(2026, 1, 1),
        )
        for n in range(count)
    )  # fmt: skip
    made[0].services.add(Service.objects.get(slug="withdrawals"))
    bad = [State.DEGRADED, State.PARTIAL, State.MAJOR, State.MAINTENANCE]
    Interval.objects.bulk_create(
        Interval(
            component=one, state=bad[days % 4], source=Source.BACKFILL,
            began_at=START - days * DAY, ended_at=START - days * DAY + HOUR,
        )
        for n, one in enumerate(made[::10]) for days in range(1 + n % 10, 90, 10)
    )  # fmt: skip
    return page


def some_are_down() -> None:
    """Of many, one in each bad state and two more."""
    states = [State.MAJOR, State.DEGRADED, State.PARTIAL, State.MAINTENANCE, State.DEGRADED]
    Interval.objects.bulk_create(
        Interval(component=one, state=state, source=Source.PERSON, began_at=START)
        for one, state in zip(Component.objects.all()[7:], states, strict=False)
    )


def component(english: str) -> Component:
    return Component.objects.get(name_en=english)


def declared(by: User, severity: str, *slugs: str, at: datetime = START) -> Incident:
    found = list(Service.objects.filter(slug__in=slugs))
    return incidents.declare("출금 지연", severity=severity, by=by, at=at, services=found)


def everything(by: User) -> None:
    """An outage told in two languages, one that is over, maintenance to come and under way; published at `NOW`."""
    declared(by, "P1", "withdrawals")
    follow(at=START)
    notice = Notice.objects.get()
    Notice.objects.update(title_en="Withdrawals are delayed <&>")
    say(notice, Words(Phase.INVESTIGATING, "찾고 있어요.", "We are looking. <b>&"), by=by, at=START)
    partly = {component("Withdrawals"): State.PARTIAL}
    found = Words(Phase.IDENTIFIED, "찾았어요.", "Found.", partly)
    say(notice, found, by=by, at=START + HOUR)
    past = Notice.objects.create(title_ko="지난 일", phase=Phase.INVESTIGATING, started_at=START)
    say(past, Words(Phase.RESOLVED, "끝났어요."), by=by, at=START + HOUR)
    for title, name, starts in [
        ("DB 점검", "Public API", START + 48 * HOUR),
        ("입금 점검", "Deposits", START + HOUR),
    ]:
        work = Work(title, "", "곧 해요.", "", [component(name)], starts, starts + 5 * HOUR)
        announce(work, by=by, at=START)
    keep_time(at=NOW)
    publish_due(at=NOW)


def measured(*, at: datetime = NOW) -> None:
    """A week of two metrics, one of which customers see; with a hole of some hours."""
    shown, hidden = (
        Identity(name, {"rail": "secret-rail"}, unit="seconds")
        for name in ("withdrawal_seconds", "queue_seconds")
    )
    moments = [at - n * timedelta(minutes=10) for n in range(1, 7 * 144)]
    points = [
        Point(one, moment, 40 + 25 * sin(moment.timestamp() / 9_000))
        for one in (shown, hidden)
        for moment in moments
        if not 16 < (at - moment) / HOUR < 19
    ]
    sampling.write(points, at=at)
    rolling.roll_up(at=at)
    Measure.objects.create(
        name_ko="출금에 걸린 시간",
        name_en="Time to withdraw",
        metric=Metric.objects.get(name=shown.name),
    )


def each_state_in_the_past() -> None:
    """Of one component, a day of each, next to each other."""
    for days, state in enumerate([one for one in State if one is not State.OPERATIONAL], start=5):
        began = START - days * DAY - 3 * HOUR  # midnight in Seoul is 15:00 UTC
        Interval.objects.create(
            component=component("Withdrawals"), state=state, source=Source.BACKFILL,
            began_at=began - 9 * HOUR, ended_at=began + 15 * HOUR,
        )  # fmt: skip


def a_month_put_right(by: User) -> None:
    """Two months are closed, and of the last of them something is found out."""
    began = START - 40 * DAY
    held = component("Deposits")
    Interval.objects.create(
        component=held, state=State.PARTIAL, source=Source.INCIDENT,
        began_at=began, ended_at=began + 5 * HOUR,
    )  # fmt: skip
    freeze(at=START - DAY)
    said = Record(State.MAJOR, began, began + HOUR, "첫 한 시간은 입금이 아예 안 됐어요.")
    add(held, said, by=by, at=START)
    freeze(at=START)
