"""Runbooks and runs by the API: the same rules as in the portal, and a start under a key starts once."""

import pytest

from core import clock
from runbooks import services
from runbooks.models import Run
from tests.doors.conftest import browser, everyone
from tests.runbooks.running import TEXT, book, go, step
from tests.runbooks.test_run_pages import ASKS, CHANGES, incident, ours_alone, the_step

__all__ = ["browser", "everyone", "incident", "ours_alone"]
pytestmark = pytest.mark.django_db
RUNBOOKS, RUNS = "/api/v1/runbooks/", "/api/v1/runs/"


def post(client, path, said=None, **headers):
    return client.post(path, said or {}, content_type="application/json", headers=headers)


def test_a_runbook_says_its_inputs_and_whether_it_changes_something(browser):
    book(step("a", **CHANGES), key="k", inputs={"who": {"type": "text", "label": TEXT}})

    [row] = browser("viewer").get(RUNBOOKS).json()["results"]
    whole = browser("viewer").get(f"{RUNBOOKS}k/").json()

    assert (row["key"], row["changes_something"]) == ("k", True)
    assert [one["name"] for one in whole["inputs"]] == ["who"]


def test_a_dry_run_does_nothing(browser):
    book(step("a", wait="5s"), key="k")

    [line] = post(browser("responder"), f"{RUNBOOKS}k/dry-run/").json()

    assert (line["number"], line["changes"]) == ("1", False)
    assert not Run.objects.exists()


def test_a_start_sent_twice_under_a_key_starts_once(browser, incident):
    book(step("a", wait="0s"), key="k")
    client, said = browser("responder"), {"incident": incident.pk}
    first, second = (
        post(client, f"{RUNBOOKS}k/start/", said, **{"Idempotency-Key": "one"}) for _n in range(2)
    )

    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert Run.objects.get().incident == incident


def test_what_changes_something_is_a_commanders_to_start(browser):
    book(step("a", **CHANGES), key="k")

    assert post(browser("responder"), f"{RUNBOOKS}k/start/").status_code == 403
    assert post(browser("commander"), f"{RUNBOOKS}k/start/").status_code == 201


def test_an_input_that_does_not_fit_is_a_conflict(browser):
    book(step("a", wait="0s"), key="k")

    answer = post(browser("commander"), f"{RUNBOOKS}k/start/", {"inputs": {"strange": "1"}})

    assert answer.status_code == 409


def test_a_run_says_who_did_what_with_it_and_why(browser, everyone):
    version, at = book(step("a", ask=ASKS), key="k"), clock.database_now()
    run = go(services.start(version, {}, by=everyone["commander"], at=at))

    said = post(browser("commander"), f"{RUNS}{run.pk}/abort/", {"reason": "wrong one"}).json()

    [told] = said["steered"]
    assert (told["what"], told["by"], told["reason"], told["step"]) == (
        "aborted", everyone["commander"].username, "wrong one", None,
    )  # fmt: skip


def test_a_run_is_answered_and_read_to_its_end(browser, everyone):
    version, at = book(step("a", ask=ASKS), key="k"), clock.database_now()
    run = go(services.start(version, {}, by=everyone["commander"], at=at))
    answer = f"{RUNS}{run.pk}/steps/{the_step(run).pk}/answer/"

    assert post(browser("responder"), answer, {"answer": "perhaps"}).status_code == 409
    said = post(browser("responder"), answer, {"answer": "yes"}).json()
    go(run)

    assert [one["state"] for one in said["steps"]] == ["done"]
    assert browser("viewer").get(f"{RUNS}{run.pk}/").json()["state"] == "done"
    assert [one["id"] for one in browser("viewer").get(f"{RUNS}?state=done").json()["results"]] == [
        run.pk
    ]


def test_a_run_is_steered(browser, everyone):
    at = clock.database_now()
    run = go(services.start(book(step("a", ask=ASKS)), {}, by=everyone["manager"], at=at))
    client, path = browser("commander"), f"{RUNS}{run.pk}/"
    states = [
        post(client, f"{path}{what}/", {"reason": "r"}).json()["state"]
        for what in ("pause", "go-on", "take-over", "abort")
    ]

    assert states == ["paused", "running", "running", "aborted"]
    assert post(client, f"{path}pause/").status_code == 409
