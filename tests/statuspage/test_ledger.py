"""Months that are over: frozen as they were, chained, and put right only beside what was frozen."""

import copy
import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from statuspage.documents import months
from statuspage.domain import ledger
from statuspage.domain.ledger import Known, Rules
from statuspage.domain.states import State
from statuspage.domain.uptime import Span, tally
from statuspage.models import Entry, Interval, Page, Source
from statuspage.reading import read
from statuspage.registry import documents
from statuspage.services import Record, add, correct, freeze
from teams.domain.roles import Role
from teams.models import User
from tests.statuspage.scene import HOUR, START, component

ROOT = Path(__file__).parents[2]
NOV_FREEZES = datetime.fromisoformat(
    "2026-12-03T15:00:00+00:00"
)  # three days into December, in Seoul
MINUTE = timedelta(minutes=1)
RULES = Rules("Asia/Seoul", {State.MAJOR: 100, State.PARTIAL: 30})
OCTOBER = date(2026, 10, 1)
BEGIN, END = RULES.window(OCTOBER)
MOMENT = st.integers(BEGIN - 5_000, END + 5_000)
SPANS = st.lists(
    st.builds(
        lambda state, one, two: Span(state, min(one, two), max(one, two)),
        st.sampled_from(State), MOMENT, MOMENT,
    )
    | st.builds(Span, st.sampled_from(State), MOMENT),
    max_size=6,
)  # fmt: skip


def known(key, spans, since=date(2026, 1, 1), group="g"):
    return Known(key, {"ko": key, "en": key}, group, since, spans)


def chain(said):
    entries = []
    for one in said:
        entries.append(ledger.chained(one, entries[-1] if entries else None, "2026-11-04"))
    return entries


def october(*components):
    return ledger.month_of(OCTOBER, components, [("g", {"ko": "모두", "en": "All"})], RULES)


def reckoned(entries, *kept):
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/uptime.py", *kept],
        input=json.dumps({"entries": entries}).encode(), capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout.decode()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-03T14:59:59+00:00", ["2026-08", "2026-09"]),
        ("2026-11-03T15:00:00+00:00", ["2026-08", "2026-09", "2026-10"]),
        ("2026-12-03T15:00:00+00:00", ["2026-08", "2026-09", "2026-10", "2026-11"]),
    ],
)
def test_a_month_is_due_three_days_after_its_end_in_the_pages_zone(now, expected):
    found = ledger.due([], date(2026, 8, 20), datetime.fromisoformat(now), "Asia/Seoul")
    assert [f"{one:%Y-%m}" for one in found] == expected


def test_a_frozen_month_is_not_due_again():
    now = datetime(2026, 11, 20, tzinfo=UTC)
    found = ledger.due([date(2026, 9, 1)], date(2026, 8, 20), now, "Asia/Seoul")
    assert list(found) == [date(2026, 8, 1), date(2026, 10, 1)]


@given(SPANS)
def test_what_is_frozen_is_what_the_page_would_say(spans):
    (row,) = october(known("c", spans))["components"]
    sums = tally(spans, BEGIN, END)

    assert row["seconds"] == {state.value: count for state, count in sums.seconds.items()}
    assert row["uptime_hundredths_of_percent"] == sums.hundredths(
        {State.MAJOR: 100, State.PARTIAL: 30}
    )
    again = tally([Span(State(s), a, b) for s, a, b in row["intervals"]], BEGIN, END)
    assert again == sums


@given(SPANS, SPANS)
def test_an_erratum_says_the_difference_and_only_if_there_is_one(before, after):
    entries = chain([october(known("c", before), known("d", []))])
    now = ledger.standing(entries, "2026-10")
    said = ledger.erratum(entries[0], now, [known("c", after), known("d", [])])
    fresh = ledger.recorded(known("c", after), (BEGIN, END), RULES)

    if said is None:
        assert fresh["intervals"] == now["c"]["intervals"]
        return
    (one,) = said["components"]
    assert one["id"] == "c"
    assert ledger.differing(now["c"], one["after"])
    entries = [*entries, ledger.chained(said, entries[0], "2026-12-01")]
    assert (
        ledger.erratum(entries[0], ledger.standing(entries, "2026-10"), [known("c", after)]) is None
    )


@given(SPANS, SPANS)
def test_they_differ_exactly_where_the_states_do(one, other):
    rows = [ledger.recorded(known("c", spans), (BEGIN, END), RULES) for spans in (one, other)]
    inside = ledger.differing(*rows)
    edges = sorted(
        {BEGIN, END, *(edge for row in rows for _s, a, b in row["intervals"] for edge in (a, b))}
    )
    for second in edges[:-1]:
        states = [
            next((s for s, a, b in row["intervals"] if a <= second < b), "operational")
            for row in rows
        ]
        assert (states[0] != states[1]) == any(a <= second < b for a, b in inside)


def changes_of(entries):
    """The same entries with one thing changed, each another."""
    for place, path in [
        (2, ("components", 0, "seconds", "operational")),
        (2, ("components", 0, "uptime_hundredths_of_percent")),
        (2, ("components", 0, "intervals", 0, 1)),
        (2, ("weights_percent", "partial_outage")),
        (2, ("at",)),
        (3, ("components", 0, "why", 0, "ko")),
        (3, ("components", 0, "before", "uptime_hundredths_of_percent")),
        (3, ("before",)),
        (0, ("number",)),
    ]:
        changed = copy.deepcopy(entries)
        inside = changed[place]
        for key in path[:-1]:
            inside = inside[key]
        inside[path[-1]] = 7 if isinstance(inside[path[-1]], int) else "else"
        yield path, changed
    yield "left out", [entries[0], *entries[2:]]
    yield "another order", [entries[0], entries[2], entries[1], entries[3]]


@pytest.fixture
def frozen(page, commander):
    """September to November frozen with an outage in November, which a person put right afterwards."""
    held = Interval.objects.create(
        component=component("Withdrawals"), state=State.MAJOR, source=Source.INCIDENT,
        began_at=START, ended_at=START + HOUR,
    )  # fmt: skip
    assert freeze(at=NOV_FREEZES) == 3
    to = Record(
        State.MAJOR,
        START,
        START + 2 * HOUR,
        "로그를 다시 보니 더 길었어요.",
        "Logs say it was longer.",
    )
    correct(held, to, by=commander, at=NOV_FREEZES + HOUR)
    assert freeze(at=NOV_FREEZES + HOUR) == 1
    return list(Entry.objects.values_list("said", flat=True))


@pytest.mark.django_db
def test_the_first_month_begins_with_the_first_day(frozen):
    september = frozen[0]
    assert september["month"] == "2026-09"
    assert [one["name"]["en"] for one in september["groups"]] == ["Money"]
    assert {one["name"]["en"] for one in september["components"]} == {
        "Withdrawals",
        "Deposits",
        "Public API",
    }


@pytest.mark.django_db
def test_a_frozen_month_stays_and_its_erratum_says_what_and_why(frozen):
    *_others, november, erratum = frozen

    (was,) = [one for one in november["components"] if one["name"]["en"] == "Withdrawals"]
    assert was["seconds"]["major_outage"] == 3_600
    (one,) = erratum["components"]
    assert one["before"]["seconds"]["major_outage"] == 3_600
    assert one["after"]["seconds"]["major_outage"] == 7_200
    assert one["why"] == [
        {"source": "person", "ko": "로그를 다시 보니 더 길었어요.", "en": "Logs say it was longer."}
    ]  # fmt: skip
    assert erratum["corrects"] == november["number"]
    (group,) = erratum["groups"]
    assert group["after"]["seconds"]["major_outage"] == 7_200


@pytest.mark.django_db
def test_nothing_new_is_written_when_nothing_changed(frozen):
    Page.objects.update(partial_weight=50)  # of what is to come
    assert freeze(at=NOV_FREEZES + 2 * HOUR) == 0
    assert Entry.objects.count() == 4


@pytest.mark.django_db
def test_what_was_added_later_says_so_and_may_be_taken_back(frozen, commander):
    made = add(
        component("Public API"), Record(State.PARTIAL, START, START + HOUR, "빠뜨렸어요."),
        by=commander, at=NOV_FREEZES + 2 * HOUR,
    )  # fmt: skip
    freeze(at=NOV_FREEZES + 2 * HOUR)
    correct(
        made, Record(State.PARTIAL, START, START, why_en="It was staging."),
        by=commander, at=NOV_FREEZES + 3 * HOUR,
    )  # fmt: skip
    freeze(at=NOV_FREEZES + 3 * HOUR)

    first, second = list(Entry.objects.values_list("said", flat=True))[-2:]
    assert first["components"][0]["why"] == [{"source": "person", "ko": "빠뜨렸어요.", "en": ""}]
    assert second["components"][0]["why"][0]["en"] == "It was staging."
    assert second["components"][0]["after"]["uptime_hundredths_of_percent"] == 10_000


@pytest.mark.django_db
def test_what_a_machine_recorded_later_says_what_it_is(frozen):
    Interval.objects.create(
        component=component("Deposits"), state=State.UNKNOWN, source=Source.UNWATCHED,
        began_at=START, ended_at=START + HOUR,
    )  # fmt: skip
    type(component("Deposits")).objects.filter(name_en="Public API").update(since=date(2026, 9, 10))
    freeze(at=NOV_FREEZES + 2 * HOUR)

    why = {
        one["name"]["en"]: one["why"][0]["source"]
        for entry in Entry.objects.values_list("said", flat=True)
        if entry["number"] > 4
        for one in entry["components"]
    }
    assert why == {"Deposits": "unwatched", "Public API": "first_day"}


@pytest.mark.django_db
def test_the_script_follows_the_chain_and_finds_every_change(frozen):
    assert reckoned(frozen, frozen[1]["hash"])[0] == 0
    for what, changed in changes_of(frozen):
        status, said = reckoned(changed)
        assert status == 1, (what, said)


@pytest.mark.django_db
def test_whoever_kept_a_fingerprint_finds_a_chain_that_was_written_anew(frozen):
    other = copy.deepcopy(frozen)
    other[2]["components"][0]["name"]["en"] = "Something else"
    anew = chain(
        [
            {key: one[key] for key in one if key not in {"hash", "before", "number", "at"}}
            for one in other
        ]
    )

    assert reckoned(anew)[0] == 0
    assert reckoned(anew, frozen[-1]["hash"])[0] == 1


@pytest.mark.django_db
def test_the_tables_let_nobody_change_or_remove_an_entry(frozen):
    for attempt in (
        lambda: Entry.objects.filter(number=1).update(month="2026-01"),
        lambda: Entry.objects.filter(number=1).delete(),
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            attempt()


@pytest.mark.django_db
def test_the_public_file_and_page_say_it(frozen):
    snapshot = read(at=NOV_FREEZES + 2 * HOUR)
    (_path, body) = next(documents["months"].files(snapshot))
    pages = dict(documents["pages"].files(snapshot))

    assert json.loads(body)["entries"] == frozen
    korean, english = (
        pages[f"status/{folder}months/index.html"].decode() for folder in ("", "en/")
    )
    assert "로그를 다시 보니 더 길었어요." in korean
    assert "Logs say it was longer." in english
    assert frozen[2]["hash"] in english
    assert "../months/" in pages["status/history/index.html"].decode()


@pytest.fixture
def console(client, seeded):
    client.force_login(User.objects.filter(role=Role.ADMINISTRATOR).first())
    return client


def typed(state, began, ended, **why):
    split = {}
    for name, at in (("began_at", began), ("ended_at", ended)):
        here = at.astimezone(ZoneInfo("Asia/Seoul"))
        split |= {f"{name}_0": f"{here:%Y-%m-%d}", f"{name}_1": f"{here:%H:%M:%S}"}
    return {"state": state, **split, **why}


@pytest.mark.django_db
def test_an_administrator_adds_and_puts_right_with_a_reason_and_not_without(page, console):
    on = {"component": component("Deposits").pk}
    add_url = reverse("admin:statuspage_interval_add")
    assert console.post(add_url, typed("major_outage", START, START + HOUR) | on).status_code == 200
    assert not Interval.objects.exists()
    said = typed("major_outage", START, START + HOUR, why_ko="빠뜨렸어요.")
    assert console.post(add_url, said | on).status_code == 302
    made = Interval.objects.get()
    assert (made.component, made.source) == (component("Deposits"), Source.BACKFILL)

    change_url = reverse("admin:statuspage_interval_change", args=[made.pk])
    assert console.get(change_url).status_code == 200
    to = typed("partial_outage", START, START + 2 * HOUR, why_en="It was partial.")
    assert console.post(change_url, to).status_code == 302

    made.refresh_from_db()
    assert (made.state, made.ended_at) == (State.PARTIAL, START + 2 * HOUR)
    assert [one.why_ko or one.why_en for one in made.corrections.all()] == [
        "It was partial.",
        "빠뜨렸어요.",
    ]
    Interval.objects.update(ended_at=None)
    assert console.post(change_url, to).status_code == 403


@pytest.mark.django_db
def test_the_page_shows_fewer_months_when_there_are_many_services(frozen, monkeypatch):
    snapshot = read(at=NOV_FREEZES + 2 * HOUR)
    for lines, shown in ((300, 3), (8, 2), (1, 1)):
        monkeypatch.setattr(months, "LINES", lines)
        assert len(months.months_of(snapshot)) == shown
