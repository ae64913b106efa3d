"""An incident that was never told is added to the past: on the page, in the figures, and to nobody's mailbox."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.errors import Refused
from statuspage.domain.backfill import Spell, Word
from statuspage.domain.phases import Phase
from statuspage.domain.states import State
from statuspage.models import Entry, Interval, Mailing, Notice
from statuspage.reading import read
from statuspage.registry import documents
from statuspage.services import (
    Overtaken,
    Past,
    Record,
    Times,
    Unfit,
    Words,
    add,
    backfill,
    effects_of,
    effects_of_taking_back,
    effects_of_times,
    freeze,
    put_right,
    recorded,
    say,
    take_back,
)
from tests.statuspage.scene import HOUR, START, component

pytestmark = pytest.mark.django_db

BEGAN = datetime.fromisoformat("2026-10-10T00:00:00+00:00")
KEY = "past00000001"


def spell(name, begin, end, state=State.MAJOR):
    return Spell(component(name).public_id, state, BEGAN + begin * HOUR, BEGAN + end * HOUR)


def past(**said):
    words = [
        Word(BEGAN, Phase.INVESTIGATING, "찾고 있었어요.", "We were looking."),
        Word(BEGAN + 3 * HOUR, Phase.RESOLVED, "끝났어요."),
    ]
    spells = [
        spell("Withdrawals", 0, 1),
        spell("Withdrawals", 1, 2, State.PARTIAL),
        spell("Deposits", 1, 2, State.DEGRADED),
    ]
    return Past(
        **{"title_ko": "출금 중단", "title_en": "", "spells": spells, "words": words} | said
    )


@pytest.fixture
def closed(page):
    """September and October are closed."""
    assert freeze(at=START) == 2


@pytest.fixture
def told(closed, commander):
    return backfill(past(), key=KEY, by=commander, at=START)


def test_it_stands_on_the_page_as_if_it_had_been_told_and_says_that_it_was_not(told):
    snapshot = read(at=START + HOUR)
    (one,) = snapshot["notices"]
    assert (one["phase"], one["impact"], one["backfilled"]) == ("resolved", "critical", True)
    assert (one["started_at"], one["resolved_at"]) == (
        "2026-10-10T00:00:00.000Z", "2026-10-10T03:00:00.000Z",
    )  # fmt: skip
    last, first = one["updates"]
    assert [(each["old"], each["new"]) for each in first["changes"]] == [
        ("operational", "major_outage"),
        ("operational", "operational"),
    ]
    assert {each["new"] for each in last["changes"]} == {"operational"}
    files = dict(documents["pages"].files(snapshot))
    assert "This was added on" in files[f"status/en/incidents/{KEY}/index.html"].decode()
    assert "나중에 추가" in files["status/history/index.html"].decode()


def test_nobody_is_told_and_it_is_added_once(told, commander):
    again = backfill(past(title_ko="다른 것"), key=KEY, by=commander, at=START)
    assert (again.pk, again.title_ko) == (told.pk, "출금 중단")
    assert Notice.objects.count() == 1
    assert Interval.objects.count() == 3
    assert not Mailing.objects.exists()
    assert [one.by for one in told.updates.all()] == [commander, commander]


def test_a_closed_month_gets_an_erratum_with_the_figures_that_were_foretold(closed, commander):
    shown = effects_of(past().spells, at=START)
    backfill(past(), key=KEY, by=commander, at=START)
    freeze(at=START + HOUR)

    erratum = Entry.objects.get(kind="erratum").said
    came = {
        one["name"]["en"]: (
            one["before"]["uptime_hundredths_of_percent"],
            one["after"]["uptime_hundredths_of_percent"],
        )
        for one in erratum["components"]
    }
    assert came == {
        one.name["en"]: (one.before, one.after) for one in shown if one.month and one.closed
    }
    assert came == {"Withdrawals": (10_000, 9_982), "Deposits": (10_000, 10_000)}
    assert {one["why"][0]["source"] for one in erratum["components"]} == {"backfill"}


def test_the_erratum_says_why_in_the_words_of_whoever_added_it(closed, commander):
    said = past(why_en="We found it in the logs.")
    backfill(said, key=KEY, by=commander, at=START + HOUR)
    freeze(at=START + 2 * HOUR)
    erratum = Entry.objects.get(kind="erratum").said
    assert erratum["components"][0]["why"][0]["en"] == "We found it in the logs."


@pytest.mark.parametrize(
    "wrong",
    [
        {"title_ko": " "},
        {"words": []},
        {"words": [Word(START + HOUR, Phase.RESOLVED, "끝")]},
    ],
)
def test_what_is_no_past_changes_nothing(page, commander, wrong):
    with pytest.raises(Unfit):
        backfill(past(**wrong), key=KEY, by=commander, at=START)
    assert not Notice.objects.exists()


def test_all_that_is_wrong_is_found_at_once(page, commander):
    spells = [spell("Withdrawals", 2, 1), spell("Deposits", -24 * 60, 9)]
    with pytest.raises(Unfit) as raised:
        backfill(past(spells=spells, title_ko=""), key=KEY, by=commander, at=START)
    assert [one.fault for one in raised.value.found] == [
        "untitled", "backwards", "outlasts", "unknown",
    ]  # fmt: skip


def test_a_component_that_is_not_there_is_refused(page, commander):
    with pytest.raises(Refused):
        backfill(
            past(spells=[Spell("nobody", State.MAJOR, BEGAN, BEGAN + HOUR)]),
            key=KEY, by=commander, at=START,
        )  # fmt: skip


def times(notice, **said):
    usual = {
        "began_at": notice.started_at, "ended_at": notice.resolved_at, "kept": recorded(notice),
        "fresh": [], "why_ko": "로그를 다시 봤어요.",
    }  # fmt: skip
    return Times(**usual | said)


def seen(notice):
    notice.refresh_from_db()
    return notice.updated_at.isoformat()


def test_times_are_put_right_and_the_figures_come_as_foretold(told, commander):
    freeze(at=START)
    kept = {
        key: one
        for key, one in recorded(told).items()
        if one.component != component("Deposits").public_id  # it was never so
    }
    longer = next(key for key, one in kept.items() if one.state is State.PARTIAL)
    kept[longer] = spell("Withdrawals", 1, 3, State.MAJOR)
    now = times(told, kept=kept, fresh=[spell("Public API", 0, 1)])
    shown = effects_of_times(told, now, at=START)

    put_right(told, now, seen=seen(told), by=commander, at=START + HOUR)
    freeze(at=START + 2 * HOUR)

    assert {one.name["en"]: one.after for one in shown if one.month} == {
        "Withdrawals": 9_959,
        "Deposits": 10_000,
        "Public API": 9_986,
    }
    erratum = Entry.objects.order_by("-number")[0].said
    assert {
        one["name"]["en"]: one["after"]["uptime_hundredths_of_percent"]
        for one in erratum["components"]
    } == {one.name["en"]: one.after for one in shown if one.month}
    assert set(recorded(told).values()) == set(now.spells)
    assert {one.why_ko for row in told.intervals.all() for one in row.corrections.all()} == {
        "로그를 다시 봤어요."
    }


def test_an_incident_that_was_told_is_put_right_by_the_same_way(page, commander):
    notice = Notice.objects.create(
        title_ko="지연", phase=Phase.INVESTIGATING, started_at=START - 2 * HOUR
    )
    states = {component("Withdrawals"): State.MAJOR}
    say(notice, Words(Phase.INVESTIGATING, "봐요.", states=states), by=commander, at=START)
    with pytest.raises(Refused):
        put_right(
            notice,
            times(notice, began_at=START, ended_at=START + HOUR),
            seen=seen(notice), by=commander, at=START + HOUR,
        )  # fmt: skip
    say(notice, Words(Phase.RESOLVED, "끝."), by=commander, at=START + HOUR)

    (key,) = recorded(notice)
    milder = {key: spell("Withdrawals", 0, 0, State.PARTIAL)}
    milder[key] = Spell(milder[key].component, State.PARTIAL, START - HOUR, START + HOUR / 2)
    now = times(notice, kept=milder, ended_at=START + HOUR / 2)
    put_right(notice, now, seen=seen(notice), by=commander, at=START + 2 * HOUR)

    assert (notice.impact, notice.resolved_at) == ("major", START + HOUR / 2)
    assert recorded(notice) == milder
    assert notice.updates.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"why_ko": " "},
        {"began_at": BEGAN + HOUR},
        {"ended_at": BEGAN + HOUR},
        {"ended_at": START + timedelta(days=9)},
    ],
)
def test_times_that_do_not_fit_change_nothing(told, commander, wrong):
    before = recorded(told)
    with pytest.raises(Refused):
        put_right(told, times(told, **wrong), seen=seen(told), by=commander, at=START)
    assert recorded(told) == before


def test_whoever_is_second_puts_nothing_right(told, commander):
    with pytest.raises(Overtaken):
        put_right(told, times(told), seen="long ago", by=commander, at=START)


def test_what_was_added_is_taken_back_and_what_was_told_is_not(told, commander):
    freeze(at=START)
    shown = effects_of_taking_back(told, at=START)
    take_back(told, "", "It was staging.", seen=seen(told), by=commander, at=START + HOUR)
    freeze(at=START + 2 * HOUR)

    assert read(at=START + HOUR)["notices"] == []
    after = Entry.objects.order_by("-number")[0].said["components"]
    assert {one["after"]["uptime_hundredths_of_percent"] for one in after} == {10_000}
    assert {one.after for one in shown if one.month} == {10_000}
    for way_back in (
        lambda: take_back(told, "또", "", seen=seen(told), by=commander, at=START + HOUR),
        lambda: say(told, Words(Phase.RESOLVED, "다시"), by=commander, at=START + HOUR),
    ):
        with pytest.raises(Refused):
            way_back()


def test_another_record_of_the_same_time_counts_once(told, commander):
    add(
        component("Withdrawals"),
        Record(State.MAJOR, BEGAN, BEGAN + HOUR, "겹침"), by=commander, at=START,
    )  # fmt: skip
    assert [one.after for one in effects_of([spell("Withdrawals", 0, 1)], at=START)] == []


HERE = ZoneInfo("Asia/Seoul")


def local(at):
    return f"{at.astimezone(HERE):%Y-%m-%dT%H:%M}"


def typed(**said):
    """As the form sends it: two lines of states and of words, each the second one blank."""
    return {
        "key": KEY, "title_ko": "출금 중단", "title_en": "", "impact_override": "", "why_ko": "", "why_en": "",
        "spells-TOTAL_FORMS": "2", "spells-INITIAL_FORMS": "0",
        "spells-0-component": component("Withdrawals").public_id, "spells-0-state": "major_outage",
        "spells-0-began_at": local(BEGAN), "spells-0-ended_at": local(BEGAN + HOUR),
        "spells-1-component": "", "spells-1-state": "major_outage",
        "words-TOTAL_FORMS": "2", "words-INITIAL_FORMS": "0",
        "words-0-phase": "resolved", "words-0-at": local(BEGAN + 2 * HOUR), "words-0-body_ko": "끝났어요.",
        "words-1-phase": "resolved", "words-1-at": "", "words-1-body_ko": "",
    } | said  # fmt: skip


@pytest.fixture
def desk(closed, client, commander):
    client.force_login(commander)
    return client


PAST = "/notices/past/"


def agreed(answer):
    return answer.context["agreed"]


def test_what_is_typed_is_looked_at_before_it_is_added(desk):
    looked = desk.post(PAST, typed(look="1"))

    said = looked.content.decode()
    assert looked.status_code == 200
    assert "100.00 % → 99.86 %" in said
    assert "이미 확정된 달이라" in said
    assert not Notice.objects.exists()

    answer = desk.post(PAST, typed(save="1", agreed=agreed(looked)))
    assert answer.headers["Location"] == f"/notices/{KEY}/"
    desk.post(PAST, typed(save="1", agreed=agreed(looked)))
    notice = Notice.objects.get()
    assert (notice.title_ko, notice.resolved_at) == ("출금 중단", BEGAN + 2 * HOUR)
    (one,) = notice.intervals.all()
    assert (one.began_at, one.ended_at) == (BEGAN, BEGAN + HOUR)
    assert "나중에 추가" in desk.get("/notices/").content.decode()


def test_what_was_changed_after_the_look_is_shown_again(desk):
    proof = agreed(desk.post(PAST, typed(look="1")))
    answer = desk.post(PAST, typed(save="1", agreed=proof, title_ko="다른 제목"))
    assert "본 것과 달라요" in answer.content.decode()
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title_ko": ""}, "제목을 적어 주세요."),
        ({"words-0-body_ko": ""}, "고객은 단계가 아니라 글을 읽어요"),
        ({"words-0-phase": "identified"}, "해결됐다고"),
        ({"spells-0-ended_at": local(BEGAN)}, "시작한 뒤에"),
        ({"spells-0-ended_at": ""}, ""),
        ({"spells-0-component": "nobody"}, ""),
        ({"spells-0-state": "operational"}, ""),
        ({"key": "../../etc"}, ""),
        ({"spells-TOTAL_FORMS": "x"}, ""),
        ({"spells-TOTAL_FORMS": "9999"}, ""),
    ],
)
def test_what_is_wrong_is_said_at_its_line_and_nothing_is_lost(desk, wrong, said):
    answer = desk.post(PAST, typed(look="1", **wrong))
    assert answer.status_code == 400
    text = answer.content.decode()
    assert said in text
    assert "저장" in text
    assert "words-0-at" in text
    assert not Notice.objects.exists()


def test_another_line_is_another_line(desk):
    answer = desk.post(PAST, typed(more="words"))
    assert 'name="words-2-at"' in answer.content.decode()
    assert 'name="spells-2-state"' not in answer.content.decode()
    assert desk.post(PAST, typed(more="nothing")).status_code == 200


def form_of(notice, *gone, **said):
    rows = [(key, one) for key, one in recorded(notice).items()]
    lines = {}
    for place, (key, one) in enumerate(rows):
        at = f"spells-{place}"
        lines |= {
            f"{at}-interval": str(key), f"{at}-component": one.component, f"{at}-state": one.state.value,
            f"{at}-began_at": local(one.began_at), f"{at}-ended_at": local(one.ended_at),
        }  # fmt: skip
        if place in gone:
            lines[f"{at}-DELETE"] = "on"
    return {
        "seen": seen(notice), "began_at": local(notice.started_at), "ended_at": local(notice.resolved_at),
        "why_ko": "다시 봤어요.",
        "spells-TOTAL_FORMS": str(len(rows)), "spells-INITIAL_FORMS": str(len(rows)),
    } | lines | said  # fmt: skip


def test_times_are_put_right_by_the_form(told, desk):
    url = f"/notices/{KEY}/times/"
    assert desk.get(url).status_code == 200
    sent = form_of(told, 2, **{"spells-0-state": "partial_outage"})
    looked = desk.post(url, sent | {"look": "1"})
    assert desk.post(url, sent | {"save": "1", "agreed": agreed(looked)}).status_code == 302
    assert [one.state for one in recorded(told).values()] == [State.PARTIAL, State.PARTIAL]
    assert "다시 봤어요." in desk.get(url).content.decode()
    assert desk.post(url, sent | {"save": "1", "why_ko": ""}).status_code == 400


def test_it_is_taken_back_on_a_page_that_says_what_changes(told, desk):
    freeze(at=START)
    url = f"/notices/{KEY}/take-back/"
    assert "99.82 % → 100.00 %" in desk.get(url).content.decode()
    assert desk.post(url, {"seen": seen(told), "why_ko": " "}).status_code == 400
    assert desk.post(url, {"seen": seen(told), "why_ko": "시험이었어요."}).status_code == 302
    assert desk.get(url).status_code == 404
    assert "되돌렸어요" in desk.get(f"/notices/{KEY}/").content.decode()
