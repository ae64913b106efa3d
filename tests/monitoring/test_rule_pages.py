"""Rules on their pages: the list, the past of one, and the form that looks at the past while it is written."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.html import escape

from core import clock
from monitoring import services
from monitoring.built_in_rules import BUILT_IN
from monitoring.built_in_runbooks import RUNBOOKS
from monitoring.domain.rules import KINDS, Firing
from monitoring.domain.samples import Identity, Point
from monitoring.forms_rule_kinds import PARAMS
from monitoring.models import Anomaly, Metric, Rule, RuleKind
from monitoring.previewing import preview
from monitoring.rule_words import EXPLAINED, SENTENCES
from monitoring.services import firing
from monitoring.services.targeting import Case
from teams.models import User

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
RULES = "/monitoring/rules/"
WRITTEN = {
    "kind": "threshold", "metric": "cpu", "matchers": "", "aggregate": "last", "window": "1",
    "above": "above", "limit": "90", "clear": "", "lasts": "2", "clears": "0", "severity": "P1",
    "service": "", "name_ko": "CPU", "name_en": "", "title_ko": "{labels.host}: {value}",
}  # fmt: skip


@pytest.fixture
def at():
    return clock.now()


@pytest.fixture
def browser(commander):
    Rule.objects.all().delete()  # the built-in ones
    client = Client(headers={"accept-language": "en"})
    client.force_login(commander)
    return client


@pytest.fixture
def measured(at):
    """Two hosts for two days, one of which is over 90 for ten minutes, twice."""

    def value(host, minute):
        return 95 if host == "a" and minute in {*range(100, 110), *range(900, 910)} else 50

    points = [
        Point(Identity.of("cpu", host=host), at - minute * MINUTE, value(host, minute))
        for host in "ab" for minute in range(2 * 1440)
    ]  # fmt: skip
    services.write(points, at=at)


def rule(**more):
    usual = {"name_ko": "CPU", "name_en": "CPU", "metric": "cpu", "params": {"limit": 90}}
    return Rule.objects.create(**(usual | more))


def look(browser, target, **said):
    headers = {"hx-request": "true", "hx-target": target}
    return browser.post(f"{RULES}new/", WRITTEN | said, headers=headers).content.decode()


def test_the_list_says_where_each_rule_stands(browser, measured, at):
    rule(severity="P0", params={"limit": 40})
    rule(name_ko="두번째", metric="none")
    rule(name_ko="꺼짐", enabled=False)
    services.apply_rules(at=at)

    page = browser.get(RULES).content.decode()

    assert "2 alerts fire now" in page or "2건" in page
    assert page.index("두번째") > 0


@pytest.mark.parametrize("count", [1, 15])
def test_the_list_takes_the_same_queries_for_any_number(
    browser, measured, at, count, django_assert_max_num_queries
):
    for n in range(count):
        rule(name_ko=str(n), params={"limit": 40})
    services.apply_rules(at=at)
    browser.get(RULES)

    with django_assert_max_num_queries(9):
        browser.get(RULES)


def test_a_rule_shows_its_past_and_what_is_not_well(browser, measured, at):
    one = rule(params={"limit": 40})
    services.apply_rules(at=at)

    with_rule = browser.get(one.get_absolute_url()).content.decode()

    assert with_rule.count("<figure") == 2
    assert with_rule.count('class="targets"') == 2


def test_while_it_is_written_it_says_when_it_would_have_fired(browser, measured):
    page = look(browser, "preview")

    assert page.count("<figure") == 2
    assert page.count('class="firing"') == 2
    assert "a: 95" in page
    assert "<html" not in page


def test_a_half_written_rule_is_no_error(browser, measured):
    assert "<figure" not in look(browser, "preview", limit="", metric="")
    assert "<figure" not in look(browser, "preview", matchers="((")


@pytest.mark.parametrize(
    ("params", "kind", "farthest"),
    [
        ({"limit": 90}, "threshold", "peak"),
        ({"limit": 5, "above": False}, "threshold", "low"),
        ({"limit": 10, "window": 600, "counter": False}, "rate", "peak"),
        ({"limit": 3600}, "absence", "brief"),
        ({"limit": 0.5, "window": 300}, "anomaly", "strange"),
    ],
)
def test_of_many_metrics_those_are_looked_at_that_went_farthest(
    commander, at, params, kind, farthest
):
    day = at - timedelta(days=1)
    courses: dict[str, tuple[int, ...]] = {f"calm-{n}": (50, 51, 52) for n in range(9)}
    courses |= {"low": (50, 1, 30), "peak": (50, 99, 50), "brief": (50,), "strange": (50, 51, 52)}
    services.write(
        [
            Point(Identity.of("cpu", host=host), day + n * 20 * MINUTE, value)
            for host, values in courses.items()
            for n, value in enumerate(values)
        ],
        at=at,
    )
    services.roll_up(at=at)
    Anomaly.objects.create(
        metric=Metric.objects.get(labels={"host": "strange"}), at=day, last_at=day, until=day + MINUTE,
        peak_at=day, reason="value", view="level", score=0.9, bar=0.5, probability=0.001, every=MINUTE,
    )  # fmt: skip

    looked = preview(rule(params=params, kind=kind), at=at).shown

    assert farthest in {one.case.metric.labels["host"] for one in looked}


def test_another_kind_asks_for_other_things(browser, measured):
    assert 'name="aggregate"' in look(browser, "params")
    assert 'name="counter"' in look(browser, "params", kind="rate")


def test_the_past_is_judged_by_roll_ups_when_there_are_too_many_samples(
    browser, measured, at, monkeypatch
):
    services.roll_up(at=at + 2 * timedelta(days=1))
    monkeypatch.setattr("monitoring.previewing.SAMPLES", 100)

    page = look(browser, "preview", aggregate="max")

    assert page.count('class="firing"') == 2


def test_a_rule_is_written_changed_switched_off_and_removed(browser, measured, at):
    made = browser.post(f"{RULES}new/", WRITTEN)
    one = Rule.objects.get()
    assert made.url == one.get_absolute_url()
    assert (one.params["limit"], one.params["window"], one.params["above"]) == (90, 60, True)
    assert (one.name_en, one.lasts) == ("CPU", 2 * MINUTE)

    browser.post(f"{RULES}{one.pk}/change/", WRITTEN | {"limit": "40", "lasts": "0"})
    services.apply_rules(at=at)
    assert one.states.count() == 2

    browser.post(f"{RULES}{one.pk}/enable/", {"on": "0"})
    assert not one.states.exists()
    browser.post(f"{RULES}{one.pk}/remove/")
    assert not Rule.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"metric": ""}, {"limit": ""}, {"limit": "nan"}, {"clear": "95"}, {"name_ko": ""},
        {"title_ko": "{nome}"}, {"matchers": "nonsense"}, {"kind": "other"},
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_refused_with_the_field(browser, wrong):
    answer = browser.post(f"{RULES}new/", WRITTEN | wrong)

    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode()
    assert not Rule.objects.exists()


def test_viewers_read_rules_and_write_none(seeded, measured):
    viewer = User.objects.create_user("viewer", role="viewer")
    client = Client()
    client.force_login(viewer)
    one = rule()

    assert client.get(RULES).status_code == client.get(one.get_absolute_url()).status_code == 200
    for place in ("new/", f"{one.pk}/change/", f"{one.pk}/enable/", f"{one.pk}/remove/"):
        assert client.post(f"{RULES}{place}").status_code == 403


def test_a_share_a_forecast_and_rules_together_are_written_and_looked_back_on(browser, measured):
    one, two = rule(params={"limit": 40}), rule(name_ko="둘")
    common = {key: WRITTEN[key] for key in ("matchers", "lasts", "clears", "severity", "name_ko")}
    share = {"kind": "ratio", "metric": "cpu", "against": "cpu", "by": "host", "window": "5",
             "above": "above", "limit": "5"}  # fmt: skip
    full = {"kind": "forecast", "metric": "cpu", "rising": "above", "full": "100", "limit": "1440",
            "history": "1440"}  # fmt: skip
    both = {"kind": "composite", "rules": [one.pk], "need": "any", "unless": [two.pk]}

    for said in (share, full, both):
        page = browser.post(
            f"{RULES}new/", common | said, headers={"hx-request": "true", "hx-target": "preview"}
        )
        assert "<figure" in page.content.decode()
        made = browser.post(f"{RULES}new/", common | said)
        assert made.status_code == 302
        assert browser.get(made.url).status_code == 200

    params = [one.params for one in Rule.objects.order_by("pk")][2:]
    assert (params[0]["by"], params[0]["counter"]) == (["host"], False)
    assert (params[1]["limit"], params[1]["rising"]) == (86400, True)
    assert params[2] == {"rules": [one.pk], "need": "any", "least": 1, "unless": [two.pk]}


def test_a_rule_that_would_ask_for_itself_is_refused(browser, measured):
    one = rule()
    outer = rule(kind="composite", metric="", params={"rules": [one.pk]})
    said = WRITTEN | {"kind": "composite", "rules": [outer.pk], "need": "all"}

    refused = browser.post(f"{RULES}{outer.pk}/change/", said)

    assert refused.status_code == 400
    outer.refresh_from_db()
    assert outer.params == {"rules": [one.pk]}


@pytest.mark.parametrize("kind", RuleKind.values)
def test_every_kind_has_its_form_and_its_words(browser, kind):
    assert browser.get(f"{RULES}new/", {"kind": kind}).status_code == 200
    assert set(PARAMS) == set(SENTENCES) == set(EXPLAINED) == set(KINDS) == set(RuleKind.values)


def test_each_built_in_rule_says_what_to_do(commander, settings):
    settings.BASE_URL = "https://bongsu.example"

    assert RUNBOOKS.keys() == {one.key for one in BUILT_IN}
    for rule in Rule.objects.exclude(built_in=""):
        signal = firing.began(Case(rule, None), Firing(clock.now().timestamp(), None, 1.0))
        assert signal.runbook_url == f"https://bongsu.example/monitoring/rules/{rule.pk}/runbook/"

    for language, one in (("ko", 0), ("en", 1)):
        User.objects.filter(pk=commander.pk).update(language=language)
        client = Client()
        client.force_login(commander)
        for rule in Rule.objects.exclude(built_in=""):
            page = client.get(f"/monitoring/rules/{rule.pk}/runbook/").text
            assert escape(RUNBOOKS[rule.built_in].act[one]) in page


def test_an_address_of_ones_own_stands_in_for_the_page():
    rule = Rule(pk=1, built_in="disk-full", runbook_url="https://wiki.example/disk")

    assert rule.runbook == "https://wiki.example/disk"
    assert Rule(pk=2, built_in="").runbook == ""
