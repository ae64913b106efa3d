"""Runbooks and their runs in the portal: read by all, started and steered by whoever may, live."""

from datetime import timedelta

import pytest

from core import clock
from incidents.domain.story import Reading
from incidents.models import Incident
from incidents.screens.handover import handover
from incidents.services import declare
from runbooks import services
from runbooks.models import Host, Pool, Run, Runbook, RunStep
from tests.doors.conftest import browser, everyone
from tests.doors.test_queries import cost
from tests.runbooks.running import TEXT, book, go, step

__all__ = ["Reading", "browser", "everyone"]
pytestmark = pytest.mark.django_db
ASKS = {
    "question": {"ko": "재시작할까요?", "en": "Restart?"},
    "choices": ["yes", "no"],
    "stops_at": ["no"],
}
CHANGES = {"sql": {"on": "own", "query": "SELECT 1", "changes": True}}


@pytest.fixture(autouse=True)
def ours_alone(everyone):
    """Not those that come with Bongsu."""
    Runbook.objects.update(current=None)


def said(answer):
    return answer.content.decode()


@pytest.fixture
def incident(everyone):
    return declare("출금 지연", severity="P1", by=everyone["responder"], at=clock.now())


def begun(everyone, *steps, incident=None, by="commander", **more):
    version = book(*steps, **more)
    at = clock.database_now()
    return go(services.start(version, {}, by=everyone[by], at=at, incident=incident))


def the_step(run, path="1"):
    return run.steps.select_related("run", "action").get(path=path)


def pressed(client, run, what, **body):
    return client.post(f"{run.get_absolute_url()}{what}/", body)


def test_a_list_without_runbooks_teaches_where_they_come_from(browser):
    assert "아직 런북이 없어요" in said(browser("viewer").get("/runbooks/"))


def test_a_runbook_is_found_by_words_of_its_steps_and_says_how_it_went(browser, everyone):
    begun(everyone, step("disk", wait="0s"), key="disks")
    book(step("other", wait="0s"), key="others")

    shown = said(browser("viewer").get("/runbooks/?q=disks"))

    assert "/runbooks/disks/" in shown
    assert "/runbooks/others/" not in shown
    assert "1번" in shown
    assert "완료" in shown
    assert "모두 들어 있는" in said(browser("viewer").get("/runbooks/?q=nothing-like-it"))


def test_its_page_says_exactly_what_each_step_does(browser):
    book(step("a", command={"on": ["db1"], "run": ["systemctl", "restart", "nginx"]}), key="k")

    shown = said(browser("responder").get("/runbooks/k/"))

    assert "db1 $ systemctl restart nginx" in shown
    assert "무언가를 바꿔요" in shown


def test_runs_are_those_of_one_runbook_or_of_all(browser, everyone):
    one, other = (begun(everyone, step("a", wait="0s"), key=key) for key in ("one", "other"))
    client = browser("viewer")

    assert other.get_absolute_url() not in said(client.get("/runbooks/runs/?runbook=one"))
    assert one.get_absolute_url() in said(client.get("/runbooks/runs/?runbook=//evil.example"))


def test_a_version_shows_what_changed_since_the_one_before(browser):
    book(step("a", wait="5s"), key="k")
    book(step("a", wait="7s"), key="k")

    shown = said(browser("viewer").get("/runbooks/k/versions/2/"))

    assert 'class="gone"' in shown
    assert 'class="added"' in shown


def test_a_dry_run_lists_every_step_and_does_nothing(browser):
    inputs = {"host": {"type": "host", "label": TEXT}}
    book(
        step("a", command={"on": ["{host}"], "run": ["df", "-P"], "changes": False}), key="k",
        inputs=inputs,
    )  # fmt: skip
    Host.objects.create(name="app1")
    form = {"about": "drill", "once": "1", "input-host": "app1"}

    shown = said(browser("responder").post("/runbooks/k/start/", form | {"dry": "1"}))

    assert "app1 $ df -P" in shown
    assert not Run.objects.exists()


def test_a_host_that_there_is_not_is_said_beside_its_field(browser):
    book(step("a", wait="0s"), key="k", inputs={"host": {"type": "host", "label": TEXT}})
    form = {"about": "drill", "once": "1", "input-host": "; rm"}

    answer = browser("commander").post("/runbooks/k/start/", form)

    assert answer.status_code == 400
    assert "errorlist" in said(answer)


def test_what_it_is_started_for_is_chosen_by_whoever_starts_it(browser, incident):
    book(step("a", wait="0s"), key="k")
    client = browser("responder")

    shown = said(client.get("/runbooks/k/"))
    assert '<option value="" selected>' in shown
    assert client.post("/runbooks/k/start/", {"once": "1"}).status_code == 400
    assert client.post("/runbooks/k/start/", {"once": "1", "dry": "1"}).status_code == 200
    offered = said(client.get(f"/runbooks/k/start/?incident={incident.pk}"))
    assert f'<option value="incident-{incident.pk}" selected>' in offered
    assert not Run.objects.exists()


def test_what_has_a_default_says_so_instead_of_being_optional(browser):
    inputs = {
        "span": {"type": "duration", "label": TEXT, "default": "30s"},
        "hosts": {"type": "hosts", "label": TEXT, "default": ["app1"]},
    }
    book(step("a", wait="{span}"), key="k", inputs=inputs)

    shown = said(browser("responder").get("/runbooks/k/"))
    assert "기본값: 30s" in shown
    assert "기본값: app1" not in shown  # there is no such host
    assert "선택 사항" not in shown

    Host.objects.create(name="app1")
    assert "기본값: app1" in said(browser("responder").get("/runbooks/k/"))


def test_one_press_chooses_all_hosts(browser):
    book(step("a", wait="0s"), key="k", inputs={"hosts": {"type": "hosts", "label": TEXT}})
    for name in ("app1", "app2", "app3"):
        Host.objects.create(name=name, enabled=name != "app3")
    form = {"about": "drill", "once": "1", "input-hosts": ["*"]}

    browser("responder").post("/runbooks/k/start/", form)

    assert Run.objects.get().inputs["hosts"] == ["app1", "app2"]


def test_a_start_pressed_twice_starts_once_for_its_incident(browser, incident):
    book(step("a", wait="0s"), key="k")
    form = {"about": f"incident-{incident.pk}", "once": "1"}
    client = browser("responder")

    first, second = (client.post("/runbooks/k/start/", form) for _n in range(2))

    run = Run.objects.get()
    assert first.url == second.url == run.get_absolute_url()
    assert run.incident == incident


def test_a_responder_starts_only_what_changes_nothing(browser):
    book(step("a", **CHANGES), key="k")
    form = {"about": "drill", "once": "1"}

    assert "지휘자가 시작해야" in said(browser("responder").post("/runbooks/k/start/", form))
    assert not Run.objects.exists()
    browser("commander").post("/runbooks/k/start/", form)
    assert Run.objects.count() == 1


def test_a_run_shows_what_was_found_before_its_steps_the_grave_first(browser, everyone):
    run = begun(everyone, step("a", wait="0s"))
    words = [{"ko": "디스크 여유", "en": "fine", "grave": False}]
    words += [{"ko": "디스크가 가득 찼어요", "en": "full", "grave": True}]
    RunStep.objects.filter(run=run).update(said=words, output="line " * 500)

    shown = said(browser("viewer").get(run.get_absolute_url()))

    assert shown.index("디스크가 가득") < shown.index("디스크 여유") < shown.index('id="steps"')
    whole = browser("viewer").get(f"{run.get_absolute_url()}steps/{run.steps.get().pk}/output/")
    assert whole["Content-Type"].startswith("text/plain")
    assert len(whole.content) == 2500


def test_a_screen_that_asks_again_is_answered_only_when_something_changed(browser, everyone):
    run, client = begun(everyone, step("a", ask=ASKS)), browser("responder")
    page = run.get_absolute_url()
    version, asked = client.get(page).context["revision"], {"hx-request": "true"}

    assert client.get(f"{page}?v={version}", headers=asked).status_code == 204
    pressed(client, run, f"steps/{the_step(run).pk}/answer", answer="yes")
    assert "<html" not in said(client.get(f"{page}?v={version}", headers=asked))
    assert go(run).state == "done"


def test_a_failed_step_is_skipped_with_a_reason_by_a_commander_only(browser, everyone):
    run = begun(everyone, step("a", ask=ASKS))
    services.answer(the_step(run), {"answer": "no"}, by=everyone["commander"], at=clock.now())
    go(run)
    skip = f"steps/{the_step(run).pk}/skip"

    assert "다시 시도" in said(browser("commander").get(run.get_absolute_url()))
    assert pressed(browser("responder"), run, skip, reason="x").status_code == 403
    assert pressed(browser("commander"), run, skip).status_code == 400
    pressed(browser("commander"), run, skip, reason="필요 없어요")

    assert go(run).state == "done"
    assert the_step(run).text == "필요 없어요"


def test_a_run_is_paused_taken_over_and_aborted(browser, everyone):
    run = begun(everyone, step("a", ask=ASKS), by="manager")
    client = browser("commander")
    pressed(browser("responder"), run, "pause")
    run.refresh_from_db()
    assert run.state == "paused"
    pressed(client, run, "go-on")
    pressed(client, run, "take-over")
    assert "실행하지 않아요" in said(client.get(f"{run.get_absolute_url()}abort/"))
    pressed(client, run, "abort", reason="틀린 런북")
    run.refresh_from_db()

    assert (run.state, run.driver) == ("aborted", everyone["commander"])
    shown = said(client.get(run.get_absolute_url()))
    assert f"중단됨 · {everyone['commander'].name}" in shown
    assert shown.count("틀린 런북") == 2  # at its head, and among all that people decided
    assert [(one.what, one.by) for one in run.steered.all()] == [
        ("paused", everyone["responder"]), ("running", everyone["commander"]),
        ("taken_over", everyone["commander"]), ("aborted", everyone["commander"]),
    ]  # fmt: skip


def test_who_skipped_a_step_and_why_stands_on_the_page_of_its_run(browser, everyone):
    run = begun(everyone, step("a", ask=ASKS))
    services.skip(
        the_step(run), by=everyone["commander"], at=clock.database_now(), reason="이미 해결"
    )

    shown = said(browser("viewer").get(run.get_absolute_url()))

    assert "<b>건너뜀</b> · a 하기<br>이미 해결" in shown


def test_what_can_be_taken_back_is_listed_and_taken_back(browser, everyone):
    undo = {"http": {"url": "http://127.0.0.1:9/back", "method": "POST"}}
    run = begun(everyone, step("a", wait="0s", undo=undo))
    client = browser("commander")

    assert "/back" in said(client.get(f"{run.get_absolute_url()}undo/"))
    answer = pressed(client, run, "undo")

    assert answer.url == Run.objects.get(undoes=run).get_absolute_url()


def test_an_approval_shows_exactly_what_would_be_done(browser, everyone):
    run = begun(everyone, step("a", wait="1s", dangerous=True), by="manager")
    page = f"/actions/{the_step(run).action_id}/"

    for address in (page, f"{page}approve/"):
        shown = said(browser("commander").get(address))
        assert "정확히 이것만" in shown
        assert run.get_absolute_url() in shown
    assert f"{page}approve/" in said(browser("commander").get(run.get_absolute_url()))


def test_a_room_shows_what_was_found_asked_and_would_fit(browser, everyone, incident):
    run = begun(everyone, step("a", ask=ASKS), incident=incident, key="asks")
    RunStep.objects.filter(run=run).update(said=[{"ko": "세션 두 개", "en": "", "grave": True}])
    slug = incident.services.create(slug="wallets").slug
    book(step("b", wait="0s"), key="offered", when={"services": [slug]})
    incident.__class__.objects.touch()

    shown = said(browser("commander").get(incident.get_absolute_url()))

    assert shown.index("재시작할까요?") < shown.index("세션 두 개")
    assert f"/runbooks/offered/start/?incident={incident.pk}" in shown
    waiting = handover(incident, at=clock.now()).waiting
    assert [one.url for one in waiting] == [run.get_absolute_url()]


def test_a_run_costs_the_same_with_many_steps(browser, everyone):
    client = browser("commander")
    few = begun(everyone, step("a", wait="0s"), step("b", ask=ASKS), key="few")
    rows = [step(f"s{n}", wait="0s") for n in range(60)]
    many = begun(everyone, *rows, step("z", ask=ASKS), key="many")
    found = [cost(client, run.get_absolute_url()) for run in (few, many)]

    assert found[0] == found[1] < 15
    assert cost(client, "/runbooks/") < 12


def test_a_room_costs_the_same_with_many_runs(browser, everyone, incident):
    client, found = browser("commander"), []
    for count in (1, 6):
        for n in range(count):
            begun(
                everyone, step("a", wait="0s"), step("b", ask=ASKS), incident=incident, key=f"k{n}"
            )
        found.append(cost(client, incident.get_absolute_url()))

    assert found[0] == found[1]


def test_a_hundred_lanes_cost_what_three_do_and_those_where_nothing_happens_are_lines(
    browser, everyone
):
    names = [f"web{n}" for n in range(100)]
    hosts = Host.objects.bulk_create(Host(name=name) for name in names)
    pool = Pool.objects.create(name="web", balancer="haproxy", address="/run/a.sock", backend="web")
    pool.hosts.set(hosts)
    lanes = {"items": "{hosts}", "as": "host", "at_once": 2}
    out = {"pool": "web", "member": "{host}", "action": "drain"}
    version = book(
        step("each", for_each=lanes, steps=[
            step("out", load_balancer=out), step("said", ask=ASKS), step("after", wait="{said.answer}")
        ]), inputs={"hosts": {"type": "hosts", "label": TEXT}},
    )  # fmt: skip
    client, found = browser("commander"), []
    for count in (3, 100):
        given = {"hosts": names[:count]}
        run = services.start(version, given, by=everyone["commander"], at=clock.database_now())
        RunStep.objects.filter(run=run, path="1/web1/1").update(state="failed", text_en="no answer")
        found.append(cost(client, run.get_absolute_url()))

    assert found[0] == found[1] < 16
    shown = said(client.get(run.get_absolute_url()))
    assert shown.count("run-exact") == 4  # of the step that holds them, and of the lane that failed
    assert shown.count("?lane=1%2Fweb") == 99
    assert "set server web/web7" in said(client.get(f"{run.get_absolute_url()}?lane=1/web7"))


def test_a_room_shows_since_when_a_step_runs_and_how_long_it_usually_takes(
    browser, everyone, incident
):
    before = begun(everyone, step("a", wait="0s"), key="waits")
    ended = before.steps.get().began_at + timedelta(minutes=2)
    before.steps.update(ended_at=ended)
    run = begun(everyone, step("a", wait="1h"), incident=incident, key="waits")

    shown = said(browser("viewer").get(incident.get_absolute_url()))

    assert f'data-since="{run.steps.get().began_at.isoformat()}"' in shown
    assert "보통 2분" in shown

    services.pause(run, by=everyone["commander"], at=clock.database_now())
    assert "data-since" not in said(browser("viewer").get(incident.get_absolute_url()))


def test_the_room_learns_of_a_step_that_begins(everyone, incident):
    run = services.start(
        book(step("a", wait="1h")), {}, by=everyone["commander"], at=clock.database_now(), incident=incident
    )  # fmt: skip
    counted = Incident.objects.values_list("unsaid", flat=True)
    before = counted.get(pk=incident.pk)
    go(run)
    after = counted.get(pk=incident.pk)
    go(run, later=timedelta(minutes=1))  # it is looked at again, and nothing begins

    assert after == before + 1 == counted.get(pk=incident.pk)


def test_a_run_that_waits_for_a_person_does_not_read_as_one_that_goes_on(browser, everyone):
    run = begun(everyone, step("b", ask=ASKS))
    client = browser("viewer")
    for address in (run.get_absolute_url(), "/runbooks/runs/", "/runbooks/"):
        assert ">사람을 기다림</b>" in said(client.get(address))
