"""Duplicates become one incident, alerts find their right one, and neither timeline is lost."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from core.errors import Refused
from incidents import services
from incidents.domain.merging import Obstacle, obstacle
from incidents.models import Incident, LinkedAlert
from incidents.services import AlreadyMoved
from monitoring.domain.alerts import Signal
from monitoring.models import Alert
from monitoring.services import store
from notifications.models import Delivery
from tests.incidents.conftest import after, kinds, last_event, pages, person, post
from tests.incidents.test_races import until, waiting_for_a_lock
from tests.race import at_once, raised

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(commander):
    client = Client()
    client.force_login(commander)
    return client


@pytest.fixture
def two(fire):
    """A P1 about withdrawals, and the same trouble seen by another alert, in another group."""
    home = fire("k1", severities=["P1"], group="a")
    return home, fire("k2", severities=["P1"], group="b", title="대기열 증가")


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


def alerts_of(incident):
    return set(LinkedAlert.objects.filter(incident=incident).values_list("alert__key", flat=True))


def merge(duplicate, home, commander, **span):
    services.merge(duplicate, into=home, by=commander, at=after(**(span or {"minutes": 5})))


@pytest.mark.parametrize(
    ("number", "status", "into", "into_status", "why_not"),
    [
        (1, "triggered", 2, "triggered", None),
        (1, "mitigated", 2, "acknowledged", None),
        (1, "triggered", 1, "triggered", Obstacle.ITSELF),
        (1, "resolved", 2, "triggered", Obstacle.OVER),
        (1, "resolved", 2, "resolved", Obstacle.OVER),
        (1, "triggered", 2, "resolved", Obstacle.TARGET_OVER),
    ],
)
def test_only_what_is_open_is_merged_into_what_is_open(number, status, into, into_status, why_not):
    assert obstacle(number, status, into=into, into_status=into_status) == why_not


def test_alerts_move_pages_stop_and_both_timelines_say_so(two, commander):
    home, duplicate = two
    before = kinds(duplicate)
    merge(duplicate, home, commander)

    assert (alerts_of(home), alerts_of(duplicate)) == ({"k1", "k2"}, set())
    assert fresh(duplicate).status == "resolved"
    assert fresh(duplicate).merged_into == home
    assert not Delivery.objects.about(duplicate.topic).undone().exists()
    assert kinds(duplicate) == [*before, "status"]
    assert last_event(home, "absorbed").data == {
        "number": duplicate.pk, "title": "대기열 증가", "alerts": 1,
    }  # fmt: skip


def test_alerts_that_burn_stay_open_and_what_comes_later_joins_the_home(two, fire, commander):
    home, duplicate = two
    merge(duplicate, home, commander)

    fire("k3", severities=["P1"], group="b", at=after(minutes=6))

    assert Alert.objects.open().count() == 3
    assert alerts_of(home) == {"k1", "k2", "k3"}
    assert Incident.objects.count() == 2


def test_a_chain_of_merges_ends_at_the_one_that_is_open(two, fire, commander):
    first, second = two
    third = fire("k3", severities=["P1"], group="c")
    merge(first, second, commander)
    merge(fresh(second), third, commander)

    assert alerts_of(third) == {"k1", "k2", "k3"}
    with pytest.raises(Refused):
        merge(third, fresh(first), commander)


def test_a_graver_duplicate_raises_the_home_and_pages(fire, commander):
    home = fire("k1", severities=["P2"], group="a")
    duplicate = fire("k2", severities=["P0"], group="b")
    merge(duplicate, home, commander)

    assert fresh(home).severity == "P0"
    assert "voice" in {channel for _, channel in pages(home)}


@pytest.mark.parametrize("which", ["itself", "resolved", "merged", "into resolved"])
def test_what_makes_no_sense_is_refused_and_changes_nothing(two, commander, which):
    home, duplicate = two
    if which == "resolved":
        services.resolve(duplicate, by=commander, at=after(minutes=1))
    if which == "into resolved":
        services.resolve(home, by=commander, at=after(minutes=1))
    if which == "merged":
        merge(duplicate, home, commander)
    before = kinds(home), kinds(duplicate), alerts_of(home)

    with pytest.raises(Refused):
        merge(fresh(duplicate), duplicate if which == "itself" else home, commander)
    assert (kinds(home), kinds(duplicate), alerts_of(home)) == before


def test_taking_apart_brings_the_alerts_back_and_pages_again(two, commander):
    home, duplicate = two
    merge(duplicate, home, commander)
    services.unmerge(fresh(duplicate), by=commander, at=after(minutes=9))

    assert (alerts_of(home), alerts_of(duplicate)) == ({"k1"}, {"k2"})
    assert (fresh(duplicate).status, fresh(duplicate).merged_into) == ("triggered", None)
    assert Delivery.objects.about(duplicate.topic).undone().filter(step="1").exists()
    assert kinds(home)[-1] == "released"


def test_what_is_over_is_not_taken_apart(two, commander):
    home, duplicate = two
    merge(duplicate, home, commander)
    services.resolve(fresh(home), by=commander, at=after(minutes=9))

    for each in (duplicate, home):
        with pytest.raises(Refused):
            services.unmerge(fresh(each), by=commander, at=after(minutes=10))


def test_reopening_a_duplicate_makes_it_its_own_again(two, commander):
    home, duplicate = two
    merge(duplicate, home, commander)
    services.reopen(fresh(duplicate), by=commander, at=after(minutes=9))

    assert fresh(duplicate).merged_into is None


@pytest.mark.parametrize("status", ["triggered", "resolved"])
def test_the_database_knows_what_merged_means(two, status):
    home, _ = two
    into = {"triggered": two[1], "resolved": home}[status]
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        Incident.objects.filter(pk=home.pk).update(
            merged_into=into, status=status, resolved_at=after() if status == "resolved" else None
        )


def test_an_alert_moves_to_another_incident_or_to_a_new_one(two, commander):
    home, other = two
    alert = Alert.objects.get(key="k2")
    said = {"by": commander, "at": after(minutes=2)}
    services.move_alert(other, alert.pk, to=home, **said)
    assert alerts_of(home) == {"k1", "k2"}

    new = services.move_alert(home, alert.pk, to=None, **said)
    assert (new.title, alerts_of(new)) == ("대기열 증가", {"k2"})
    assert pages(new)
    assert last_event(home, "alert_moved").data["to"] == new.pk
    with pytest.raises(Refused):
        services.move_alert(home, alert.pk, to=None, **said)


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_each_into_the_other_at_once_merge_once(two, commander):
    home, duplicate = two

    outcomes = at_once(
        lambda: merge(fresh(duplicate), home, commander),
        lambda: merge(fresh(home), duplicate, commander),
    )

    assert [type(each) for each in raised(outcomes)] == [Refused]
    assert Incident.objects.open().count() == 1
    assert alerts_of(Incident.objects.open().get()) == {"k1", "k2"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rounds", range(4))
def test_a_merge_and_all_that_may_happen_meanwhile_leave_no_page_and_no_alert_behind(
    two, integration, commander, rounds
):
    home, duplicate = two
    graver = Signal(key="k2", title="t", severities=["P0"], service="withdrawals", group="b")
    new = Signal(key="k9", title="t", severities=["P1"], service="withdrawals", group="b")
    store(integration, b"{}", [graver], at=after(minutes=31))
    store(integration, b"{}", [new], at=after(minutes=31))
    now = after(minutes=31)

    outcomes = at_once(
        lambda: services.merge(fresh(duplicate), into=home, by=commander, at=now),
        lambda: services.escalate_due(at=now),
        lambda: services.take_in(at=now),
        lambda: services.acknowledge(fresh(duplicate), by=person("dev1"), at=now),
        lambda: services.resolve(fresh(home), by=commander, at=now),
    )
    while services.take_in(at=now):
        pass

    assert [each for each in raised(outcomes) if not isinstance(each, Refused)] == []
    over = Incident.objects.resolved()
    assert not Delivery.objects.filter(topic__in=[each.topic for each in over]).undone().exists()
    hidden = LinkedAlert.objects.filter(incident__in=over, alert__resolved_at=None)
    assert not hidden.exists()


@pytest.mark.django_db(transaction=True)
def test_a_resolution_that_waits_for_a_merge_closes_what_it_brought(two, commander):
    home, duplicate = two
    resolver = threading.Thread(
        target=at_once,
        args=[lambda: services.resolve(fresh(home), by=commander, at=after(minutes=6))],
    )

    with transaction.atomic():
        merge(duplicate, home, commander)
        resolver.start()
        until(waiting_for_a_lock)
    resolver.join()

    assert fresh(home).status == "resolved"
    assert not Alert.objects.open().exists()


@pytest.mark.django_db(transaction=True)
def test_a_page_answered_while_its_incident_is_merged_is_an_answer_or_too_late(two, commander):
    home, duplicate = two

    outcomes = at_once(
        lambda: merge(fresh(duplicate), home, commander),
        lambda: services.acknowledge(fresh(duplicate), by=person("dev1"), at=after(minutes=5)),
    )

    assert all(isinstance(each, AlreadyMoved) for each in raised(outcomes))
    assert fresh(duplicate).merged_into == home
    assert fresh(duplicate).acknowledged_by in {person("dev1"), commander}


def test_the_browser_merges_and_takes_apart(browser, two):
    home, duplicate = two
    room = f"/incidents/{duplicate.number}/"
    choices = browser.get(f"{room}merge/").content.decode()
    assert f"#{home.number} P1" in choices
    assert f'value="{duplicate.number}"' not in choices

    browser.post(f"{room}merge/", {"into": home.number})
    assert f'href="/incidents/{home.number}/"' in browser.get(room).content.decode()
    assert "이 장애에 합쳐진 장애" in browser.get(f"/incidents/{home.number}/").content.decode()
    assert f"#{home.number}의 중복" in browser.get("/incidents/?period=all").content.decode()

    browser.post(f"{room}unmerge/")
    assert fresh(duplicate).is_open


@pytest.mark.parametrize("into", ["", "x", "999999", "self"])
def test_a_wrong_choice_is_shown_again(browser, two, into):
    _, duplicate = two
    into = duplicate.number if into == "self" else into

    answer = browser.post(f"/incidents/{duplicate.number}/merge/", {"into": into})

    assert answer.status_code == 422


def test_the_browser_moves_an_alert_to_a_new_incident(browser, two):
    _, other = two
    path = f"/incidents/{other.number}/alerts/{Alert.objects.get(key='k2').pk}/move/"
    assert "대기열 증가" in browser.get(path).content.decode()

    browser.post(path, {"to": ""})

    assert Incident.objects.count() == 3


def test_the_api_merges_moves_and_takes_apart(api, two):
    home, duplicate = two
    merged = post(api, f"{duplicate.number}/merge/", into=home.number).json()
    assert (merged["status"], merged["merged_into"]) == ("resolved", home.number)
    assert post(api, f"{duplicate.number}/merge/", into=home.number).status_code == 409
    alert = Alert.objects.get(key="k1").pk
    moved = post(api, f"{home.number}/alerts/{alert}/move/", to=None).json()
    assert moved["number"] > duplicate.number
    assert post(api, f"{duplicate.number}/unmerge/").json()["status"] == "triggered"


def test_the_survivor_s_timeline_is_read_along_with_the_other_s_and_both_chains_stay(
    browser, two, commander
):
    home, duplicate = two
    services.note(duplicate, text="먼저 본 것", by=commander, at=after(minutes=1))
    merge(duplicate, home, commander)
    chains = [fresh(each).timeline_head for each in two]
    address = fresh(home).get_absolute_url()

    alone = browser.get(f"{address}?show=people").context
    both = browser.get(f"{address}?show=people&with=merged")
    assert "먼저 본 것" not in [line.text for line in alone["timeline"]]
    told = [(line.number, line.text) for line in both.context["timeline"]]
    assert (duplicate.pk, "먼저 본 것") in told
    times = [line.at for line in both.context["timeline"]]
    assert times == sorted(times, reverse=True)
    page = both.content.decode()
    assert f'id="event-{duplicate.pk}-' in page
    assert "show=people&amp;with=merged" in page
    assert f"#{duplicate.pk}의 타임라인도 함께" in page
    assert chains == [fresh(each).timeline_head for each in two]


def test_without_duplicates_there_is_nothing_to_read_along(browser, two):
    assert "with=merged" not in browser.get(two[0].get_absolute_url()).content.decode()
