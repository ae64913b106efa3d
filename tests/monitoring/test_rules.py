"""Rules at work: the tick, the alerts it tells, and what people do with rules meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring import services
from monitoring.built_in_rules import BUILT_IN
from monitoring.domain.rules.wording import strangers
from monitoring.domain.samples import Identity, Point
from monitoring.forms_rule_kinds import PARAMS
from monitoring.models import Alert, Anomaly, Check, Metric, Rule, RuleFiring, RuleState
from monitoring.services import ruling
from teams.models import Service
from tests.race import at_once, raised

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

pytestmark = pytest.mark.django_db


def measure(value, at=NOW, name="cpu", **labels):
    services.write([Point(Identity.of(name, **labels), at, value)], at=at)


def rule(**more):
    usual = {
        "name_ko": "CPU 사용률", "name_en": "CPU usage", "metric": "cpu", "severity": "P1",
        "params": {"limit": 90}, "title_ko": "{labels.host}의 {name}: {value}% (기준 {threshold}%)",
    }  # fmt: skip
    return Rule.objects.create(**(usual | more))


def tick(at=NOW):
    return services.apply_rules(at=at)


def alerts(*fields):
    rows = Alert.objects.order_by("pk")
    return [(row.title, row.severity, row.resolved_at is None) for row in rows]


def states():
    return [
        (row.metric.labels.get("host"), row.state) for row in RuleState.objects.order_by("metric")
    ]


def test_a_metric_over_its_bar_is_one_alert_until_it_is_back(seeded):
    service = Service.objects.get(slug="wallet")
    one = rule(runbook_url="https://wiki/cpu", message_ko="{metric}")
    measure(97.53, host="db-1", service="wallet")
    assert Metric.objects.get().service == service

    tick()
    tick(NOW + 15 * timedelta(seconds=1))

    assert alerts() == [("db-1의 CPU 사용률: 97.5% (기준 90%)", "P1", True)]
    alert = Alert.objects.get()
    assert alert.count == 1
    assert (alert.key, alert.service) == (f"rule:{one.pk}:{Metric.objects.get().pk}", "wallet")
    assert alert.labels["host"] == "db-1"
    assert alert.runbook_url == "https://wiki/cpu"
    assert alert.url.endswith(f"{one.get_absolute_url()}?metric={Metric.objects.get().pk}")
    assert alert.description == 'cpu{host="db-1", service="wallet"}\n마지막 값 90 초과'
    assert alert.started_at == NOW

    measure(50, NOW + MINUTE, host="db-1", service="wallet")
    tick(NOW + MINUTE)

    assert alerts() == [("db-1의 CPU 사용률: 97.5% (기준 90%)", "P1", False)]
    assert not RuleState.objects.exists()
    firing = RuleFiring.objects.get()
    assert (firing.fired_at, firing.ended_at, firing.value) == (NOW, NOW + MINUTE, 97.53)


def test_every_metric_whose_labels_fit_is_judged_on_its_own():
    one = rule(matchers="host=~db-.*")
    for host, value in (("db-1", 95), ("db-2", 50), ("web-1", 99)):
        measure(value, host=host)
    measure(99, name="other", host="db-3")

    tick()

    assert states() == [("db-1", "firing")]
    one.refresh_from_db()
    assert (one.targets, one.judged_at) == (2, NOW)
    assert Alert.objects.get().group == f"rule:{one.pk}"


def test_waiting_and_firing_survive_whatever_happens_in_between():
    rule(lasts=2 * MINUTE, clears=MINUTE)
    for minute in range(10):
        measure(95 if minute < 6 else 50, NOW + minute * MINUTE)

    tick(NOW + MINUTE)
    assert states() == [(None, "pending")]
    assert not alerts()

    tick(NOW + 4 * MINUTE)  # away for three minutes: judged as if it had not been
    row = RuleState.objects.get()
    assert (row.state, row.fired_at) == ("firing", NOW + 2 * MINUTE)
    assert Alert.objects.get().started_at == NOW + 2 * MINUTE

    tick(NOW + 6 * MINUTE)
    assert RuleState.objects.get().clear_since == NOW + 6 * MINUTE
    tick(NOW + 7 * MINUTE)
    assert alerts()[0][2] is False


def test_what_came_and_went_while_the_tick_was_away_is_noted_and_calls_nobody():
    rule()
    measure(50)
    tick()
    measure(95, NOW + MINUTE)
    measure(50, NOW + 2 * MINUTE)

    tick(NOW + 5 * MINUTE)

    assert not alerts()
    firing = RuleFiring.objects.get()
    assert (firing.fired_at, firing.ended_at) == (NOW + MINUTE, NOW + 2 * MINUTE)


def test_one_that_ended_and_began_again_in_between_is_a_new_alert():
    rule()
    measure(95)
    tick()
    measure(50, NOW + MINUTE)
    measure(96, NOW + 2 * MINUTE)

    tick(NOW + 3 * MINUTE)

    assert sorted(is_open for *_, is_open in alerts()) == [False, True]
    assert RuleFiring.objects.filter(ended_at=None).count() == 1


def test_silence_keeps_an_alert_open_and_is_shown():
    rule()
    measure(95)
    tick()

    tick(NOW + 20 * MINUTE)

    assert states() == [(None, "no-data")]
    assert alerts()[0][2] is True

    services.apply_rules(at=NOW + 20 * MINUTE + timedelta(minutes=59))
    for hours in range(2, 27):
        tick(NOW + hours * HOUR)
    assert alerts()[0][2] is False


def test_a_metric_that_falls_silent_is_an_alert_and_one_nobody_ever_heard_of_is_not():
    rule(kind="absence", params={"limit": 180}, title_ko="{metric}: {value}초째")
    tick()
    measure(1, NOW, host="a")

    tick(NOW + 2 * MINUTE)
    assert not alerts()
    tick(NOW + 3 * MINUTE)
    assert alerts() == [('cpu{host="a"}: 180초째', "P1", True)]
    measure(1, NOW + 4 * MINUTE, host="a")
    tick(NOW + 4 * MINUTE)
    assert alerts()[0][2] is False


def test_our_own_absence_is_nobody_elses_silence():
    rule(kind="absence", params={"limit": 180})
    measure(1, host="a")
    tick()

    back = NOW + 2 * HOUR
    tick(back)
    assert not alerts()
    tick(back + 2 * MINUTE)
    assert not alerts()
    tick(back + 3 * MINUTE)
    assert len(alerts()) == 1
    tick(back + 2 * HOUR)  # away again: what was told stays told
    assert [is_open for *_, is_open in alerts()] == [True]


def test_who_is_not_asked_does_not_have_to_answer():
    rule(kind="absence", params={"limit": 180})
    paused = Check.objects.create(name="web", collector="http", since=NOW, due_at=NOW, host="h")
    measure(1, check="web")
    measure(1, host="h")
    for minute in range(5):
        tick(NOW + minute * MINUTE)
    assert len(alerts()) == 1 + 1

    services.pause_check(paused, on=True, at=NOW)
    tick(NOW + 5 * MINUTE)

    assert [is_open for *_, is_open in alerts()] == [False, False]


@pytest.mark.parametrize("how", ["removed", "renamed"])
def test_what_was_given_up_is_not_missed_until_somebody_measures_it_again(how):
    rule(kind="absence", params={"limit": 180})
    check = Check.objects.create(name="web", collector="http", since=NOW, due_at=NOW)
    for name in ("web", "other"):
        measure(1, NOW, check=name)
    for minute in range(4):
        tick(NOW + minute * MINUTE)
    assert len(alerts()) == 2

    give_up(check, how, NOW + 3 * MINUTE)
    tick(NOW + 4 * MINUTE)
    assert sorted(is_open for *_, is_open in alerts()) == [False, True]

    measure(1, NOW + 5 * MINUTE, check="web")
    services.roll_up(at=NOW + HOUR)
    for minute in range(5, 10):
        tick(NOW + minute * MINUTE)
    assert sorted(is_open for *_, is_open in alerts()) == [False, True, True]


def give_up(check, how, at):
    if how == "removed":
        services.remove_check(check, at=at)
    else:
        check.name = "shop"
        services.keep_check(check, at=at)


@pytest.mark.parametrize(("collector", "missed"), [("host", {"db-1"}), ("http", {"web-1", "db-1"})])
def test_a_host_is_given_up_with_the_check_that_reads_it_and_by_no_other(collector, missed):
    rule(kind="absence", params={"limit": 180})
    check = Check.objects.create(
        name="web", collector=collector, host="web-1", since=NOW, due_at=NOW
    )
    for host in ("web-1", "db-1"):
        measure(1, NOW, host=host)
    tick(NOW)

    services.remove_check(check, at=NOW + MINUTE)
    for minute in range(1, 5):
        tick(NOW + minute * MINUTE)

    assert {host for host, state in states() if state == "firing"} == missed


def test_a_counter_that_grows_too_fast():
    rule(kind="rate", params={"limit": 10, "counter": True, "window": 300})
    for minute, value in enumerate([100, 110, 5, 45]):
        measure(value, NOW + minute * MINUTE)
        tick(NOW + minute * MINUTE)

    assert RuleState.objects.get().value == pytest.approx((10 + 5 + 40) / 3)


@pytest.mark.parametrize(
    "change",
    [{"params": {"limit": 99}}, {"severity": "P0"}, {"matchers": "host=web"}, {"enabled": False}],
)
def test_whoever_changes_a_rule_ends_its_alerts(change):
    one = rule()
    measure(97)
    tick()

    for name, value in change.items():
        setattr(one, name, value)
    services.keep_rule(one, at=NOW)

    assert alerts()[0][2] is False
    assert not RuleState.objects.exists()
    assert RuleFiring.objects.get().ended_at == NOW
    tick(NOW + timedelta(seconds=15))
    again = [severity for _, severity, is_open in alerts() if is_open]
    assert again == (["P0"] if "severity" in change else [])


def test_words_can_be_changed_without_ending_anything():
    one = rule()
    measure(97)
    tick()

    one.title_ko = "anders"
    services.keep_rule(one, at=NOW)

    assert alerts()[0][2] is True


def test_a_rule_that_is_removed_or_switched_off_ends_its_alerts():
    one, other = rule(), rule(name_ko="둘", name_en="two")
    measure(97)
    tick()
    assert len(alerts()) == 2

    services.remove_rules([one.pk], at=NOW)
    services.enable_rule(other, on=False, at=NOW)

    assert [is_open for *_, is_open in alerts()] == [False, False]
    assert tick(NOW + MINUTE) == 0
    services.enable_rule(other, on=True, at=NOW + MINUTE)
    tick(NOW + MINUTE)
    assert len(alerts()) == 3


def test_a_clock_that_was_set_back_does_not_make_rules_blind():
    rule(lasts=2 * MINUTE)
    measure(95, NOW)
    tick(NOW + 3 * HOUR)
    measure(95, NOW + MINUTE)

    for minute in range(4):
        tick(NOW + minute * MINUTE)

    assert states() == [(None, "firing")]


def test_one_broken_rule_does_not_stop_the_others():
    rule(params={"limit": "many"})
    rule(matchers="((")
    rule()
    measure(97)

    assert tick() == 1
    assert len(alerts()) == 1


def test_nothing_is_judged_twice_in_the_same_moment():
    rule()
    assert (tick(), tick(), tick(NOW + timedelta(seconds=14))) == (1, 0, 0)
    assert tick(NOW + timedelta(seconds=15)) == 1


@pytest.mark.parametrize("count", [1, 40])
def test_how_many_statements_it_takes_depends_neither_on_rules_nor_on_metrics(
    count, django_assert_num_queries
):
    services.tell([], at=NOW)
    for n in range(count):
        rule(name_ko=f"{n}", name_en=f"{n}")
    points = [Point(Identity.of("cpu", host=str(n)), NOW, 97) for n in range(count)]
    services.write(points, at=NOW)

    with django_assert_num_queries(13, exact=False):
        tick()

    assert Alert.objects.count() == count**2


@pytest.mark.parametrize("room", [1, 30, 1000])
def test_it_makes_no_difference_how_many_are_judged_at_once(room, monkeypatch):
    monkeypatch.setattr(ruling, "ROOM", room)
    rule(params={"limit": 90, "window": 60}, lasts=MINUTE)
    for minute in range(6):
        for host in range(5):
            value = 95 if 1 <= minute < 2 + host else 50
            measure(value, NOW + minute * MINUTE, host=str(host))
        tick(NOW + minute * MINUTE)

    assert [
        (one.metric.labels["host"], one.fired_at, one.ended_at)
        for one in RuleFiring.objects.order_by("metric")
    ] == [
        (str(host), NOW + 2 * MINUTE, NOW + (2 + host) * MINUTE if host < 4 else None)
        for host in range(1, 5)
    ]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_it_once():
    for n in range(3):
        rule(name_ko=f"{n}", name_en=f"{n}")
    for host in range(20):
        measure(97, host=str(host))

    done = at_once(*[tick for _ in range(4)])

    assert not raised(done)
    assert sum(done) >= 3
    assert Alert.objects.count() == RuleState.objects.count() == RuleFiring.objects.count() == 60
    assert set(Alert.objects.values_list("count", flat=True)) == {1}


def test_a_share_is_judged_by_what_belongs_together():
    rule(
        metric="failed", kind="ratio", params={"limit": 5, "against": "asked", "by": ["svc"]},
        title_ko="{labels.svc} {value}%",
    )  # fmt: skip
    for minute in range(3):
        at = NOW + minute * MINUTE
        measure(minute * 1, at, "failed", svc="a", code="500")
        measure(minute * 1, at, "failed", svc="b", code="500")
        measure(minute * 5, at, "asked", svc="a", zone="x")
        measure(minute * 5, at, "asked", svc="a", zone="y")
        measure(minute * 100, at, "asked", svc="b", zone="x")

    tick(NOW + 2 * MINUTE)

    assert alerts() == [("a 10%", "P1", True)]


def test_rules_together_fire_with_their_rules_and_not_while_another_does():
    one, two = rule(name_ko="하나"), rule(name_ko="둘", metric="queue")
    three = rule(name_ko="셋", metric="deploy")
    params = {"rules": [one.pk, two.pk], "need": "all", "unless": [three.pk]}
    both = rule(name_ko="함께", kind="composite", metric="", params=params, title_ko="")
    outer = rule(
        name_ko="바깥", kind="composite", metric="", params={"rules": [both.pk]}, title_ko=""
    )
    measure(95)
    tick()
    assert both.states.count() == 0

    measure(95, NOW + MINUTE, "queue")
    tick(NOW + MINUTE)
    assert (both.states.get().state, outer.states.get().value) == ("firing", 1)
    assert Alert.objects.get(title="함께").key == f"rule:{both.pk}:"

    measure(95, NOW + 2 * MINUTE, "deploy")
    tick(NOW + 2 * MINUTE)
    assert both.states.count() == outer.states.count() == 0
    assert Alert.objects.get(title="함께").resolved_at


def test_a_disk_that_will_be_full_is_told_a_day_before():
    rule(
        kind="forecast", metric="disk", params={"limit": 86400, "full": 100}, title_ko="{value}시간"
    )
    points = [Point(Identity.of("disk"), NOW - n * 5 * MINUTE, 91 - n / 30) for n in range(576)]
    services.write(points, at=NOW)
    services.roll_up(at=NOW + DAY)

    tick(NOW)

    ((title, _, is_open),) = alerts()
    assert is_open
    assert float(title.removesuffix("시간")) == pytest.approx(22.5, abs=1)


class TestBuiltIn:
    @pytest.mark.parametrize("one", BUILT_IN, ids=lambda one: one.key)
    def test_each_can_be_judged_and_is_worded_in_both_languages(self, one):
        services.plant_rules(at=NOW)
        found = Rule.objects.get(built_in=one.key)

        found.full_clean(exclude=["runbook_url"])
        assert found.judge
        assert set(found.params) == set(PARAMS[found.kind](stored=found.params).fields)
        for text in (found.title_ko, found.title_en, found.message_ko, found.message_en):
            assert not strangers(text)
        assert bool(found.message_ko) == bool(found.message_en)
        assert not any("가" <= letter <= "힣" for letter in found.name_en + found.title_en)

    def test_planting_again_changes_nothing_and_brings_nothing_back(self):
        services.plant_rules(at=NOW)
        one, two = Rule.objects.filter(enabled=True)[:2]
        services.remove_rules([one.pk], at=NOW)
        two.params = two.params | {"limit": 42}
        services.keep_rule(two, at=NOW)
        before = list(Rule.objects.order_by("pk").values())

        services.plant_rules(at=NOW)

        assert list(Rule.objects.order_by("pk").values()) == before
        assert len(before) == len(BUILT_IN) - 1

    def test_one_that_nobody_changed_follows_ours(self):
        services.plant_rules(at=NOW)
        Rule.objects.filter(built_in="memory").update(severity="P3")

        services.plant_rules(at=NOW)

        assert Rule.objects.get(built_in="memory").severity == "P2"

    def test_a_changed_one_is_set_back(self):
        services.plant_rules(at=NOW)
        one = Rule.objects.get(built_in="memory")
        services.enable_rule(one, on=False, at=NOW)
        one.refresh_from_db()
        assert one.edited

        one = services.reset_rule(one, at=NOW)

        assert (one.edited, one.enabled) == (False, True)

    def test_what_is_merely_unusual_wakes_nobody(self):
        strange = [one for one in BUILT_IN if one.kind == "anomaly"]

        assert {one.severity for one in strange if one.enabled} == {"P3"}

    def test_the_first_administrator_is_no_news_and_the_second_is(self):
        services.plant_rules(at=NOW)
        for minute, count in enumerate([1, 1, 1, 2]):
            measure(count, NOW + minute * MINUTE, "portal_administrators", check="sign-ins")
            tick(NOW + minute * MINUTE)
            assert len(alerts()) == (count == 2)

    def test_a_replica_that_misses_the_recovery_point_calls_once_until_it_is_well_back(self):
        services.plant_rules(at=NOW)
        lacks = [3_000, *[4_000] * 13, *[2_500] * 3, *[10] * 7]
        open_at = []
        for minute, value in enumerate(lacks):
            at = NOW + minute * MINUTE
            measure(value, at, "replica_lacks_seconds", data="wallets", site="busan")
            tick(at)
            open_at += [minute] if Alert.objects.open().exists() else []

        assert open_at == list(range(11, 22))
        assert Alert.objects.get().title == "wallets: busan 복제본에 최근 4,000초의 데이터가 없어요"

    def test_the_error_rate_is_that_of_a_service_whatever_its_series(self):
        services.plant_rules(at=NOW)
        for minute in range(4):
            at = NOW + minute * MINUTE
            for status, step in (("200", 90), ("500", 4), ("502", 6)):
                measure(
                    minute * step, at, "http_requests_total", service="api", status=status, pod="1"
                )
        tick(NOW + 3 * MINUTE)

        (state,) = RuleState.objects.filter(rule__built_in="error-rate")
        assert state.value == pytest.approx(10)


def test_what_is_strange_for_long_enough_is_an_alert_and_noise_is_not():
    rule(
        kind="anomaly", metric="latency", params={"limit": 0.7, "window": 0}, lasts=2 * MINUTE,
        title_ko="{metric} {value}",
    )  # fmt: skip
    for name, score, feedback, reason in (
        ("a", 0.9, "", "unusual"), ("b", 0.6, "", "unusual"), ("c", 0.9, "noise", "unusual"),
        ("silent", 1, "", "no-data"),
    ):  # fmt: skip
        measure(1, NOW, "latency", host=name)
        Anomaly.objects.create(
            metric=Metric.objects.get(labels__host=name), at=NOW, last_at=NOW + 3 * MINUTE,
            until=NOW + 5 * MINUTE, peak_at=NOW, reason=reason, score=score, bar=0.5,
            probability=0.001, feedback=feedback, feedback_at=NOW if feedback else None,
        )  # fmt: skip

    for minute in range(6):
        tick(NOW + minute * MINUTE)

    assert alerts() == [('latency{host="a"} 0.9', "P1", False)]
    firing = RuleFiring.objects.get()
    assert (firing.fired_at, firing.ended_at) == (NOW + 2 * MINUTE, NOW + 5 * MINUTE)


def test_firings_are_kept_for_ninety_days_and_open_ones_as_long_as_they_last():
    one = rule()
    for days in (100, 80):
        RuleFiring.objects.create(
            rule=one, fired_at=NOW - days * DAY, ended_at=NOW - (days - 1) * DAY
        )
    RuleFiring.objects.create(rule=one, fired_at=NOW - 200 * DAY)

    services.prune_firings(at=NOW)

    assert RuleFiring.objects.count() == 2
