"""A silence calls nobody, and never hides a live problem past its end."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents import services
from incidents.models import Incident, LinkedAlert
from incidents.narration import narrate
from monitoring import services as alerts
from monitoring.domain.alerts import KEEP_ONLY, Signal
from monitoring.domain.matching import read_lines
from monitoring.models import Alert, Integration, Silence
from monitoring.services import store
from monitoring.tasks import tick
from tests.incidents.conftest import START, after, kinds, pages

pytestmark = pytest.mark.django_db

TITLE = 'title="출금 중단"'


@pytest.fixture
def hush(commander):
    """Silences alerts for an hour, from the beginning or when said."""

    def make(lines=TITLE, *, starts=START, minutes=60, at=START):
        ends = starts + timedelta(minutes=minutes)
        return alerts.silence(
            read_lines(lines),
            starts_at=starts,
            ends_at=ends,
            created_by="김하늘",
            by=commander,
            at=at,
        )

    return make


@pytest.fixture
def signal(integration: Integration):
    def make(**said):
        return Signal("k1", "출금 중단", severities=["critical"], **said)

    return make


def pass_to(at):
    """What the ticks do at that time."""
    alerts.begin_due(at=at)
    alerts.wake_due(at=at)
    alerts.settle_due(at=at)
    while services.take_in(at=at):
        pass


def test_a_silenced_alert_is_stored_and_opens_nothing(fire, hush):
    silence = hush()

    assert fire(at=after(minutes=1)) is None
    alert = Alert.objects.get()
    assert (alert.muted_until, alert.silence, alert.unread) == (silence.ends_at, silence, False)


def test_when_the_silence_ends_and_it_still_fires_it_opens(fire, hush):
    hush()
    fire(at=after(minutes=1))
    pass_to(after(minutes=59))
    assert not Incident.objects.exists()

    pass_to(after(minutes=60))

    incident = Incident.objects.get()
    assert pages(incident)
    assert Alert.objects.get().muted_until is None


def test_what_is_over_before_the_silence_calls_nobody_afterwards(fire, hush):
    hush()
    fire(at=after(minutes=1))
    fire(resolved=True, at=after(minutes=10))
    pass_to(after(minutes=120))

    assert not Incident.objects.exists()


def test_what_fired_and_ended_within_it_unread_calls_nobody(integration, hush, signal):
    hush()
    store(integration, b"{}", [signal()], at=after(minutes=1))
    store(integration, b"{}", [signal(resolved=True)], at=after(minutes=2))

    pass_to(after(minutes=90))

    assert not Incident.objects.exists()


def test_another_alert_is_not_silenced(fire, hush):
    hush('title="입금 중단"')

    assert fire(at=after(minutes=1))


def test_ending_it_early_lets_the_alert_call_at_once(fire, hush):
    silence = hush()
    fire(at=after(minutes=1))

    assert alerts.end_early(silence, at=after(minutes=2)) is True
    assert alerts.end_early(silence, at=after(minutes=2)) is False
    pass_to(after(minutes=2))

    assert Incident.objects.count() == 1


def test_taking_an_early_end_back_silences_again(fire, hush):
    silence = hush()
    alerts.end_early(silence, at=after(minutes=1))
    assert alerts.take_back(silence, at=after(minutes=2)) is True

    assert fire(at=after(minutes=3)) is None
    alerts.end_early(silence, at=after(minutes=4))
    assert alerts.take_back(silence, at=after(minutes=61)) is False


def test_an_incident_that_is_open_stays_open_and_its_alert_shows_as_silenced(fire, hush):
    incident = fire()
    silence = hush(at=after(minutes=5))

    incident.refresh_from_db()
    assert incident.status == "triggered"
    assert Alert.objects.get().muted_until == silence.ends_at


def test_a_silenced_alert_that_turns_graver_does_not_page_until_the_silence_ends(fire, hush):
    incident = fire(severities=["warning"])
    hush(at=after(minutes=5))
    told = pages(incident)
    fire(severities=["critical"], at=after(minutes=6))
    assert pages(incident) == told

    pass_to(after(minutes=60))

    incident.refresh_from_db()
    assert incident.severity == "P0"
    assert pages(incident) > told


def test_a_silence_of_the_future_begins_by_itself(fire, hush):
    incident = fire()
    silence = hush(starts=after(minutes=30), at=START)
    assert Alert.objects.get().muted_until is None

    pass_to(after(minutes=30))

    assert Alert.objects.get().muted_until == silence.ends_at
    assert kinds(incident) == ["alert", "paged"]


def test_of_two_silences_the_longer_one_counts(fire, hush):
    hush(minutes=10)
    longer = hush(minutes=60)
    hush(minutes=20)

    fire(at=after(minutes=1))

    assert Alert.objects.get().muted_until == longer.ends_at


def test_a_silence_of_one_senders_tool_is_about_its_own_alerts(fire, integration):
    other = alerts.add_integration("generic", name="other")[0]
    alerts.silence(
        read_lines(TITLE), starts_at=START, ends_at=after(minutes=60), created_by="amtool",
        integration=other, at=START,
    )  # fmt: skip

    assert fire(at=after(minutes=1))


def test_the_tick_does_it_by_the_databases_clock(fire, hush, now):
    hush(at=now - timedelta(hours=2), starts=now - timedelta(hours=2), minutes=60)
    fire(at=now - timedelta(minutes=90))

    tick()

    assert Alert.objects.get().unread is True


def test_an_answer_from_before_a_reopening_does_not_answer_it(fire, commander):
    incident = fire()
    fire(acknowledged=True, at=after(minutes=1))
    incident.refresh_from_db()
    services.resolve(incident, by=commander, at=after(minutes=2))
    services.reopen(incident, by=commander, at=after(minutes=3))
    Alert.objects.update(unread=True, resolved_at=None)

    pass_to(after(minutes=4))

    incident.refresh_from_db()
    assert incident.status == "triggered"


steps = st.lists(
    st.tuples(
        st.sampled_from(["fire", "graver", "end", "hush", "unhush", "wait"]), st.integers(0, 2)
    ),
    max_size=14,
)


@pytest.mark.parametrize("auto_resolve", [False, True])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(steps)
def test_whatever_happens_every_alert_that_fires_unsilenced_is_in_an_open_incident(
    fire, hush, auto_resolve, steps
):
    with transaction.atomic():
        Integration.objects.update(auto_resolve=auto_resolve, flap_count=2)
        for n, (step, which) in enumerate(steps):
            take(step, which, after(minutes=7 * (n + 1)), fire, hush)
            nothing_hides(after(minutes=7 * (n + 1)))
        transaction.set_rollback(True)  # the next example begins with nothing


def take(step, which, at, fire, hush):
    if step in {"fire", "graver", "end"}:
        grave = ["critical" if step == "graver" else "warning"]
        fire(
            f"k{which}", group=f"g{which}", title=f"t{which}", severities=grave,
            resolved=step == "end", at=at,
        )  # fmt: skip
    elif step == "hush":
        hush(f"title=t{which}", starts=at, minutes=20, at=at)
    elif step == "unhush" and (silence := Silence.objects.active(at).first()):
        alerts.end_early(silence, at=at)
    pass_to(at)


def nothing_hides(at):
    firing = Alert.objects.open().filter(muted_until=None).exclude(severity=KEEP_ONLY)
    homes = LinkedAlert.objects.filter(incident__in=Incident.objects.open())
    assert set(firing) <= {link.alert for link in homes.select_related("alert")}
    assert not Alert.objects.open().filter(muted_until__lte=at).exists()


def test_silencing_an_open_incident_s_alert_is_said_on_its_timeline_once(fire, hush):
    incident = fire(at=START)
    hush(at=after(minutes=5), starts=after(minutes=5))
    for _ in range(2):
        services.note_silences(at=after(minutes=6))

    [line] = incident.timeline.filter(kind="silenced")
    assert (line.actor, line.actor_user.username) == ("김하늘", "commander")
    assert narrate(line) == "알림을 11/23 13:05까지 음소거했어요: 출금 중단"


def test_one_silence_of_many_alerts_is_one_line_with_its_reason(fire, commander):
    incident = fire("k1", at=START)
    fire("k2", at=START, title="출금 중단 2")
    alerts.silence(
        read_lines('title=~"출금.*"'), starts_at=after(minutes=5), ends_at=after(hours=1),
        created_by="김하늘", by=commander, comment="배포 중", at=after(minutes=5),
    )  # fmt: skip
    services.note_silences(at=after(minutes=6))

    [line] = incident.timeline.filter(kind="silenced")
    assert line.data["count"] == 2
    assert narrate(line).endswith("(배포 중)")


def test_a_silence_that_is_over_or_of_no_incident_says_nothing(fire, hush):
    hush()
    fire(at=after(minutes=1))

    assert services.note_silences(at=after(minutes=2)) == 0
