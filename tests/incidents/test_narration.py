"""Every event is one plain sentence in both languages."""

import re

import pytest
from django.utils import translation

from incidents.domain.relations import Relation
from incidents.domain.replies import How
from incidents.models import Event
from incidents.narration import TELLERS, narrate
from incidents.narration_actions import DENIED, WAITS
from incidents.narration_paging import REASONS, reason

PEOPLE = [
    {"name": "김하늘", "channels": ["voice", "sms"]},
    {"name": "Reyes", "channels": ["email"]},
]
PAGED = {"people": PEOPLE, "why": "opened"}
MESSAGE = {
    "group": {"ko": "경영진", "en": "Management"},
    "subject": {"ko": "100 % 중단", "en": "100 % down"},
}
OWNERS = ["", "Reyes"]
EVIDENCE = {"name": "100 %.log", "sha256": "ab" * 32}
MISSED = {"name": "김하늘", "channel": "sms", "error": "50 % of %(x)s"}
ACTION = {"title": {"ko": "에너지 100 % 임대", "en": "Rent 100 % of it"}}
RUN = {"run": 1, "title": {"ko": "100 % 진단", "en": "100 % diagnosis"}}
STEP = {"step": {"ko": "디스크 % (app1)", "en": "Disk % (app1)"}, "path": "1/app1/2"}
ENERGY = {"response": 1, "wallet": "hot-1", "percent": "0.5"}
REPORT = {
    "status": "CRITICAL_RESPONSE_EXECUTED",
    "steps": [{"lever": "PAUSE_WITHDRAWALS", "result": "done"}],
    "estimate": 1900,
}
EVENTS = {
    "declared": [{"severity": "P1"}],
    "alert": [
        {"source": "Prometheus", "title": "100 % full"},
        {"source": "Prometheus", "title": "100 % full", "count": 1200},
    ],
    "flapping": [{"title": "100 % full", "count": 4, "minutes": 15, "alert": 1}],
    "alert_resolved": [{"title": "100 % full"}, {"title": "100 % full", "expired": True}],
    "silenced": [
        {"title": "100 %", "count": 1, "until": "2026-11-23T04:00:00+00:00", "why": ""},
        {"title": "100 %", "count": 2, "until": "2026-11-23T04:00:00+00:00", "why": "50 %"},
    ],
    "paged": [PAGED],
    "called_in": [
        {"people": PEOPLE, "words": ""},
        {"people": PEOPLE, "words": "100 %", "whom": {"ko": "팀 50 %", "en": "Team 50 %"}},
    ],
    "declined": [
        {"words": "", "round": 0},
        {"words": "100 %", "round": 0, "via": "sms", "how": "reply"},
    ],
    "page_sent": [PAGED],
    "page_failed": [{"name": "김하늘", "channel": "sms", "error": "50 % of %(x)s", "attempts": 3}],
    "nobody_to_page": [{"severity": "P1"}],
    "status": [
        {"from": "triggered", "to": "acknowledged", "via": "email"},
        *({"from": "triggered", "to": "acknowledged", "via": "sms", "how": how} for how in How),
        {"from": "triggered", "to": "acknowledged"},
        {"from": "triggered", "to": "acknowledged", "counted": 2},
        {"from": "acknowledged", "to": "mitigated"},
        {"from": "mitigated", "to": "resolved"},
        {"from": "resolved", "to": "triggered"},
    ],
    "severity": [{"old": "P2", "new": "P0", "reason": "100 %"}],
    "role_given": [
        {"role": "scribe", "name": "김하늘", "before": "", "taken": True},
        {"role": "scribe", "name": "김하늘", "before": "김하늘", "taken": True},
        {"role": "scribe", "name": "김하늘", "before": "", "taken": False},
        {"role": "commander", "name": "김하늘", "before": "100 % 김하늘", "taken": False},
    ],
    "joined": [{}, {"via": "sms", "how": "reply"}],
    "assembled": [{}],
    "channel_opened": [{"name": "inc-214-api", "people": 1}, {"name": "inc-100 %", "people": 4}],
    "channel_failed": [{"error": "100 % full"}],
    "role_left": [{"role": "scribe"}],
    "severity_kept": [
        {"severity": "P2", "suggested": "P1", "rule": {"ko": "출금 100 % 중단", "en": "100 % down"}}
    ],
    "next_step": [
        {"step": 2, "steps": 3, "lap": 1},
        {"step": 1, "steps": 3, "lap": 2},
        {"step": 2, "steps": 3, "lap": 1, "early": True},
        {"step": 2, "steps": 3, "lap": 1, "declined": True},
    ],
    "answered": [{"count": 1, "needed": 2}],
    "answer_lapsed": [{"name": "김하늘", "minutes": 30}, {"name": "", "minutes": 30}],
    "answers_lacking": [{"count": 1, "needed": 2}],
    "leaders_told": [{"names": ["Mina Park", "Daniel Reyes"]}],
    "policy_applied": [
        {"policy": 1, "version": 3},
        {"policy": 1, "version": 3, "name": {"ko": "야간", "en": "Nights"}},
        {"policy": 1, "version": 4, "name": {"ko": "야간", "en": "Nights"}, "spared": ["김하늘"]},
    ],
    "escalated": [
        {"old": "P1", "new": "P0", "minutes": 30},
        {"old": "P0", "new": "P0", "minutes": 15},
    ],
    "resolution_missed": [{"minutes": 240}],
    "response_due_soon": [{"seconds": 450}],
    "resolution_due_soon": [{"seconds": 3600}],
    "resolution_proposed": [{}],
    "proposal_withdrawn": [{}],
    **{
        f"task_{deed}": [{"task": 1, "text": "50 % of %(x)s", "owner": owner} for owner in OWNERS]
        for deed in ("added", "changed", "due")
    },
    "task_done": [{"task": 1, "text": "50 %"}],
    "corrected": [
        {
            "title": ["50 %", "100 %"],
            "description": ["", "100 %"],
            "started_at": [None, "2026-11-23T03:00:00+00:00"],
            "added": [{"ko": "웹", "en": "Web"}],
            "removed": [],
        }
    ],
    "relieved": [{"services": [{"ko": "웹", "en": "Web"}]}],
    "task_undone": [{"task": 1, "text": "50 %"}],
    "absorbed": [{"number": 215, "title": "100 %"}],
    "released": [{"number": 215, "title": "100 %"}],
    "alert_moved": [{"from": 214, "to": 215, "title": "100 %"}],
    "linked": [{"relation": each, "number": 2, "title": "100 %"} for each in Relation],
    "unlinked": [{"relation": each, "number": 2, "title": "100 %"} for each in Relation],
    "evidence_added": [EVIDENCE],
    "evidence_removed": [EVIDENCE],
    "update_due": [{"groups": [{"ko": "경영진", "en": "Management"}]}],
    "customer_impact": [{"felt": True}, {"felt": False}],
    "message_drafted": [MESSAGE],
    "message_approved": [MESSAGE | {"automatic": True}, MESSAGE | {"automatic": False}],
    "message_sent": [MESSAGE | {"reached": n, "recipients": n} for n in (1, 12)],
    "message_failed": [
        MESSAGE | {"missed": [], "more": 0},
        *(MESSAGE | {"missed": [MISSED], "more": more} for more in (0, 7)),
    ],
    "action_proposed": [ACTION, ACTION | {"people": 1}, ACTION | {"people": 2}],
    "action_waits": [ACTION | {"why": why} for why in WAITS],
    "action_denied": [ACTION | {"why": why} for why in DENIED],
    **{
        f"action_{word}": [ACTION, ACTION | {"text": "50 %"}]
        for word in (
            "approved",
            "begun",
            "confirmed",
            "failed",
            "lost",
            "unknown",
            "refused",
            "expired",
            "shadowed",
        )
    },
    "run_begun": [RUN, RUN | {"undoes": 3}],
    "run_step": [
        *(RUN | STEP | {"state": state} for state in ("done", "failed", "unknown")),
        RUN
        | STEP
        | {"state": "done", "said": [{"ko": "100 % 참", "en": "100 % full", "grave": True}]},
        RUN | STEP | {"state": "failed", "text": {"ko": "50 % 찼어요", "en": "50 % full"}},
        RUN | STEP | {"state": "failed", "text": "50 %"},
    ],
    "run_waits": [RUN | STEP],
    "run_said": [RUN | {"text": {"ko": "100 % 찼어요", "en": "100 % full"}, "key": "k"}],
    "run_steered": [
        *(RUN | {"state": state} for state in ("paused", "running", "stopped", "taken_over")),
        *(
            RUN | STEP | {"state": one, "reason": "50 %"}
            for one in ("retry", "skip", "done", "answer")
        ),
    ],
    "run_over": [RUN | {"state": "done"}, RUN | {"state": "aborted", "reason": "50 %"}],
    "energy_response_begun": [ENERGY | {"name": "CRITICAL_ENERGY_SHORTAGE"}],
    "energy_response_reported": [
        ENERGY | REPORT,
        ENERGY | REPORT | {"shadow": True, "estimate": 0},
        ENERGY | REPORT | {"steps": [], "estimate": None, "lost": "8 TRX"},
    ],
    "energy_response_over": [
        ENERGY | {"seconds": 3700, "trx": "83.5 TRX"},
        ENERGY | {"seconds": 3700, "trx": "83.5 TRX", "lost": "8 TRX"},
    ],
    "energy_cleared": [{"market": "catfee", "trx": "8 TRX", "text": "50 % came back"}],
    "energy_back": [ENERGY],
    "energy_no_rise": [ENERGY | {"lever": "DELEGATE_ENERGY", "sun": "8 TRX"}],
    "energy_stake_review": [{"trx": "8 TRX", "wallet": "100 %"}],
    "energy_rose_late": [ENERGY | {"lever": "BUY_ENERGY"}],
    "energy_gone_on": [ENERGY | {"lever": "BUY_ENERGY"}],
    "public_update": [
        {"phase": one, "text": said}
        for one in ("identified", "resolved")
        for said in ("We look into it.", {"ko": "살펴보고 있어요.", "en": "We look into it."})
    ],
    "public_update_due": [{"owed": one} for one in ("first", "late", "over")],
    "energy_fell_again": [ENERGY],
    "message_withdrawn": [
        MESSAGE | why for why in ({}, {"why": "resolved"}, {"why": "opened"}, {"why": "impact"})
    ],
}
KIND_AND_DATA = [(kind, data) for kind, several in EVENTS.items() for data in several]
HANGUL = re.compile("[가-힣]")


def told(kind, data, language):
    with translation.override(language):
        return narrate(Event(kind=kind, data=data))


def without_given_words(text):
    return text.replace("김하늘", "")


def test_every_kind_of_event_is_in_this_test():
    assert set(EVENTS) | {"note"} == set(TELLERS)


@pytest.mark.parametrize(("kind", "data"), KIND_AND_DATA)
def test_an_event_reads_well_in_korean(kind, data):
    said = told(kind, data, "ko")

    assert HANGUL.search(without_given_words(said))
    assert "%(count" not in said
    assert "%(source" not in said


@pytest.mark.parametrize(("kind", "data"), KIND_AND_DATA)
def test_an_event_reads_well_in_english(kind, data):
    said = told(kind, data, "en")

    assert said
    assert not HANGUL.search(without_given_words(said))


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(("kind", "data"), KIND_AND_DATA)
def test_what_was_given_is_said_as_it_was_given(kind, data, language):
    said = told(kind, data, language)

    for name in ("title", "error", "severity", "minutes"):
        if isinstance(given := data.get(name), str | int):
            assert str(given) in said
        elif isinstance(given, list):  # before and now
            assert given[-1] in said
        elif given:
            assert given[language] in said


def test_a_note_is_its_own_words():
    assert told("note", {"text": "지갑 %(x)s <b>"}, "en") == "지갑 %(x)s <b>"


def test_a_kind_nobody_knows_yet_is_not_a_crash():
    assert told("chain_transaction", {}, "ko") == "chain_transaction"


@pytest.mark.parametrize("why", [*REASONS])
def test_why_somebody_is_paged_is_said_in_both_languages(why):
    with translation.override("ko"):
        assert HANGUL.search(reason(why))
    with translation.override("en"):
        assert not HANGUL.search(reason(why))
