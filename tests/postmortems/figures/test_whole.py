"""Figures from rows: what counts, what does not, and that the status page says the same."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents import services as incidents
from incidents.models import Incident
from monitoring.models import MaintenanceWindow
from notifications.models import Delivery, Lane, State
from postmortems.domain.figures.cases import Clock
from postmortems.figures import whole
from postmortems.figures.behind import behind
from postmortems.models import ActionItem
from postmortems.services import draft, revise
from statuspage.domain import states
from statuspage.models import Component, Interval, Source
from teams.models import Service, User
from tests.postmortems.conftest import START, after
from tests.statuspage.scene import page_of_three
from tests.statuspage.test_documents import made as documents

pytestmark = pytest.mark.django_db
NOW = after(days=2)


def found(days=30, **said):
    return whole.last(days, at=NOW, **said)


def test_what_the_fixture_lived_through_is_what_the_figures_say(resolved):
    resolved()
    timings = found().reckoned.timings

    assert timings[Clock.ACKNOWLEDGE].mean.value == 240
    assert timings[Clock.RESOLVE].median.value == 3000
    assert timings[Clock.DETECT].mean.n == 0  # nobody said when it began
    assert found().reckoned.incidents.value == 1


def test_drills_and_what_was_merged_are_no_incidents_of_ours(resolved, commander):
    home, again = (
        incidents.declare(title, severity="P1", by=commander, at=START)
        for title in ("출금 지연", "출금이 안 돼요")
    )
    incidents.merge(again, into=home, by=commander, at=after(hours=2))
    resolved(drill=True)

    assert found().cases.number.tolist() == [home.number]


def test_a_corrected_beginning_changes_every_figure_at_once(resolved, commander):
    incident = resolved()
    incidents.correct(
        incident, by=commander, at=after(hours=2), started_at=START - timedelta(minutes=10)
    )
    reckoned = found().reckoned

    assert reckoned.timings[Clock.DETECT].mean.value == 600
    assert reckoned.troubled.value == 60 * 60


def test_of_one_service_only_its_own_incidents_count(resolved):
    resolved()
    mine, other = (Service.objects.get(slug=slug) for slug in ("withdrawals", "deposits"))

    assert found(service=mine).reckoned.incidents.value == 1
    assert found(service=other).reckoned.incidents.value == 0
    assert [one.service for one in found(service=other).services] == [other]


def test_the_time_before_ends_where_the_window_begins(resolved):
    resolved()
    window = found(days=1).window
    earlier = whole.before(window, 90, at=NOW)

    assert earlier.window.until == window.since
    assert earlier.reckoned.incidents.value == 1
    assert window.since.astimezone(ZoneInfo("Asia/Seoul")).hour == 0


def kept_of(slug, days=90):
    return next(one.kept for one in found(days).services if one.service.slug == slug)


def test_availability_is_the_status_pages_own_to_the_second(seeded):
    page_of_three()
    component = Component.objects.get(name_en="Withdrawals")
    for state, began, minutes in [
        (states.State.MAJOR, START, 61), (states.State.PARTIAL, after(minutes=30), 90),
        (states.State.UNKNOWN, after(hours=9), 5), (states.State.MAINTENANCE, after(hours=3), 60),
    ]:  # fmt: skip
        Interval.objects.create(
            component=component, state=state, source=Source.PERSON,
            began_at=began, ended_at=began + timedelta(minutes=minutes),
        )  # fmt: skip
    told = json.loads(documents("figures", NOW)["status/uptime.json"])
    theirs = next(one for one in told["components"] if one["name"]["en"] == "Withdrawals")
    ours = kept_of("withdrawals")

    down = 100 * theirs["seconds"]["major_outage"] + 30 * theirs["seconds"]["partial_outage"]
    assert ours.availability.value == theirs["uptime_hundredths_of_percent"] / 100 < 100
    assert ours.down.value == down / 100
    assert ours.availability.n == sum(theirs["seconds"].values()) - theirs["seconds"]["unknown"]
    assert ours.burn.value == pytest.approx(down / 100 / (ours.availability.n / 1000))


def test_a_service_that_customers_do_not_see_is_judged_by_its_incidents(resolved):
    page_of_three()
    Component.objects.all().delete()
    resolved("P0")

    assert kept_of("withdrawals", 30).down.value == 50 * 60
    assert kept_of("deposits", 30).down.value == 0


def page_sent(user, at, incident, step="1", channel="sms"):
    Delivery.objects.create(
        lane=Lane.PAGE, topic=incident.topic, step=step, recipient=user, channel=channel,
        recipient_name=user.name, language="ko", address="+82", template="page",
        state=State.SENT, created_at=at, due_at=at, sent_at=at,
    )  # fmt: skip


def test_a_page_by_two_channels_is_one_and_a_night_is_that_of_the_person(resolved, commander):
    incident, drill = resolved(), resolved(drill=True)
    Delivery.objects.all().delete()
    User.objects.filter(pk=commander.pk).update(time_zone="Asia/Seoul")
    midnight = START.replace(hour=15)  # in Seoul
    page_sent(commander, midnight, incident)
    page_sent(commander, midnight, incident, channel="voice")
    page_sent(commander, midnight + timedelta(hours=3), incident, step="2")
    page_sent(commander, midnight + timedelta(hours=12), incident, step="3")
    page_sent(commander, midnight + timedelta(hours=24), drill)
    (load,) = found().people

    assert (load.user, load.pages.value, load.nights.value) == (commander, 3, 1)


def test_of_the_action_items_that_were_due_it_says_how_many_were_done_by_their_day(postmortem):
    early, late, dropped = ActionItem.objects.order_by("pk")[:3]
    postmortem.actions.update(due_date=START.date(), suggested=False)
    for item, said in [
        (early, {"status": "done", "done_at": START}),
        (late, {"status": "done", "done_at": after(days=1)}),
        (dropped, {"status": "dropped"}),
    ]:
        ActionItem.objects.filter(pk=item.pk).update(**said)

    assert (found().actions_on_time.value, found().actions_on_time.n) == (50.0, 2)


def test_what_is_due_today_is_not_late_yet(postmortem):
    postmortem.actions.update(due_date=NOW.date(), suggested=False)

    assert found().actions_on_time.n == 0


def test_the_number_of_queries_does_not_grow_with_what_there_is(resolved):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found()
        return len(queries)

    resolved()
    few = cost()
    for severity in ("P0", "P1", "P2", "P3"):
        resolved(severity)
    assert cost() == few


def test_an_empty_house_has_figures_too(seeded):
    nothing = found()

    assert nothing.reckoned.incidents.value == 0
    assert nothing.people == []
    assert nothing.actions_on_time.value is None
    assert len(nothing.parts["hour"]) == 24
    assert Incident.objects.count() == 0


def work(*slugs, since=START, **said):
    window = MaintenanceWindow.objects.create(
        name="DB 교체", starts_at=since - timedelta(minutes=10), ends_at=since + timedelta(hours=2),
        created_by="x", created_at=since, **said,
    )  # fmt: skip
    window.services.set(Service.objects.filter(slug__in=slugs))
    return window


def test_what_was_noticed_while_somebody_worked_on_it_is_no_failure(resolved):
    resolved()
    assert found().reckoned.incidents.value == 1

    work("withdrawals")

    assert found().reckoned.incidents.value == 0
    assert whole.before(found(days=1).window, 30, at=NOW).reckoned.incidents.value == 0


@pytest.mark.parametrize(
    ("severity", "services", "early", "counts"),
    [
        ("P1", ["deposits"], False, True),
        ("P1", [], False, False),  # a window of all services
        ("P0", ["withdrawals"], False, True),  # breaks through
        ("P1", ["withdrawals"], True, True),  # the work was over before
    ],
)
def test_a_failure_beside_the_work_counts(resolved, severity, services, early, counts):
    resolved(severity)
    window = work(*services)
    if early:
        MaintenanceWindow.objects.filter(pk=window.pk).update(
            expired_at=START - timedelta(minutes=5)
        )

    assert found().reckoned.incidents.value == counts


def test_an_incident_of_two_services_counts_where_only_one_is_worked_on(resolved):
    incident = resolved()
    incident.services.add(Service.objects.get(slug="deposits"))
    window = work("withdrawals")
    assert found().reckoned.incidents.value == 1

    window.services.add(Service.objects.get(slug="deposits"))

    assert found().reckoned.incidents.value == 0


def test_causes_are_what_people_found_and_else_what_set_it_off(resolved, commander):
    first, second, third = (resolved() for _ in range(3))
    Incident.objects.update(group="disk:db-1")
    for incident, found_at in ((first, "change"), (second, "")):
        made = draft(incident, by=commander, at=after(hours=1))
        revise(made, {"root_cause": found_at}, seen=1, by=commander, at=after(hours=1))
    causes = {part.key: part for part in found().parts["cause"]}

    assert {key: part.incidents.n for key, part in causes.items()} == {
        "disk:db-1": 2, "root-cause:change": 1,
    }  # fmt: skip
    assert causes["root-cause:change"].name == "우리 쪽 변경"
    assert [part.incidents.n for part in found().triggers] == [3]
    behind_it = behind(found(), "cause", "root-cause:change", at=NOW)
    assert behind_it.number.tolist() == [first.number]
    assert third.number in behind(found(), "cause", "disk:db-1", at=NOW).number
