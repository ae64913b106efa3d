import time

import httpx2
import pytest

from sandbox.faults import CALM, BadFault, Fault, Faults, Mode
from tests.sandbox.conftest import Sandbox, letter

PARTIES = [
    "smtp", "slack_channels", "slack", "slack_webhook", "sms", "voice", "sms_backup", "voice_backup", "webhook", "push", "sns", "store",
]  # fmt: skip


def test_every_party_has_a_switch_and_starts_calm(sandbox: Sandbox) -> None:
    faults = sandbox.http.get("/faults.json").json()

    assert list(faults) == PARTIES
    assert {fault["mode"] for fault in faults.values()} == {"ok"}


def test_a_fault_set_is_a_fault_shown(sandbox: Sandbox) -> None:
    wish = {"mode": "slow", "delay": 0.5, "retry_after": 5, "count": 2, "match": "kim"}

    answer = sandbox.http.put("/faults/voice", json=wish)

    assert answer.json() == {**wish, "reads": False}
    assert sandbox.http.get("/faults.json").json()["voice"] == {**wish, "reads": False}


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"mode": "explode"}, "mode must be one of ok, fail"),
        ({"mode": "slow", "delay": 500}, "delay must be between 0 and 120"),
        ({"mode": "slow", "delay": "soon"}, "delay must be a number"),
        ({"mode": "fail", "cuont": 1}, "unknown option 'cuont'"),
    ],
)
def test_a_wish_without_sense_is_refused_with_the_reason(
    sandbox: Sandbox, wish: dict[str, object], reason: str
) -> None:
    answer = sandbox.http.put("/faults/smtp", json=wish)

    assert answer.status_code == 400
    assert reason in answer.json()["error"]


def test_an_unknown_party_is_answered_with_those_there_are(sandbox: Sandbox) -> None:
    answer = sandbox.http.put("/faults/pigeon", json={"mode": "fail"})

    assert answer.status_code == 404
    assert "smtp, slack" in answer.json()["error"]


def test_a_counted_fault_ends_by_itself(sandbox: Sandbox) -> None:
    sandbox.break_("webhook", "fail", count=2)

    statuses = [sandbox.http.post("/webhook/a").status_code for _ in range(3)]

    assert statuses == [500, 500, 200]
    assert sandbox.http.get("/faults.json").json()["webhook"]["mode"] == "ok"


def test_a_matching_fault_strikes_only_whom_it_names(sandbox: Sandbox) -> None:
    sandbox.break_("webhook", "fail", match="Partner-A", count=1)

    assert sandbox.http.post("/webhook/partner-b").status_code == 200
    assert sandbox.http.post("/webhook/partner-a").status_code == 500


def test_a_slow_party_keeps_the_message_and_answers_late(sandbox: Sandbox) -> None:
    sandbox.break_("webhook", "slow", delay=0.3)
    before = time.monotonic()

    answer = sandbox.http.post("/webhook/a")

    assert (answer.status_code, len(sandbox.inbox())) == (200, 1)
    assert time.monotonic() - before >= 0.3


def test_a_hanging_party_does_not_hold_up_the_others(sandbox: Sandbox) -> None:
    sandbox.break_("webhook", "hang")

    with pytest.raises(httpx2.ReadTimeout):
        sandbox.http.post("/webhook/a", timeout=0.3)

    assert sandbox.slack("chat.postMessage", channel="C1", text="x").json()["ok"] is True
    assert [seen["reason"] for seen in sandbox.refused()] == ["hang"]


def test_all_faults_end_at_once(sandbox: Sandbox) -> None:
    for party in PARTIES:
        sandbox.break_(party, "fail")

    after = sandbox.http.delete("/faults").json()

    assert {fault["mode"] for fault in after.values()} == {"ok"}


def test_a_count_is_spent_only_by_what_the_fault_can_strike() -> None:
    faults = Faults(["smtp"])
    faults.set("smtp", Fault(Mode.DROP, count=1))

    assert faults.strike("smtp", "kim", among=[Mode.FAIL]) is CALM
    assert faults.strike("smtp", "kim").mode is Mode.DROP
    assert faults.strike("smtp", "kim") is CALM


def test_a_form_left_empty_means_the_defaults() -> None:
    wish = {"mode": "fail", "count": "", "match": "", "delay": "", "retry_after": ""}

    assert Fault.wished(wish) == Fault(Mode.FAIL)


def test_a_negative_count_is_no_count() -> None:
    with pytest.raises(BadFault):
        Fault.wished({"mode": "fail", "count": -1})


def test_what_is_lost_looks_like_a_success_to_everybody(sandbox: Sandbox) -> None:
    for switch in PARTIES:
        sandbox.break_(switch, "lose")

    sandbox.mail(letter())
    assert sandbox.slack("chat.postMessage", channel="#ops", text="x").json()["ok"]
    assert sandbox.http.post("/webhook/a").status_code == 200

    assert sandbox.inbox() == []
    assert {each["reason"] for each in sandbox.refused()} == {"lose"}
