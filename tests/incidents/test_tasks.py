"""Tasks: somebody does something by some time, and is reminded once when it is due."""

import pytest
from django.test import Client
from django.utils import timezone

from core.errors import Refused
from incidents import services
from incidents.models import Incident, Task
from incidents.screens.room.tasks import tasks
from notifications.models import Delivery, Lane
from notifications.rendering import render
from tests.incidents.conftest import after, kinds, last_event, person, post
from tests.race import at_once, raised

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(commander):
    client = Client()
    client.force_login(commander)
    return client


@pytest.fixture
def task(declare, commander):
    def add(text="sig-01 로그 보관", *, due=None, owner="dev1", **said):
        incident = Incident.objects.first() or declare("P1")
        return services.add_task(
            incident, text, by=commander, at=after(), due_at=due and after(minutes=due),
            owner=owner and person(owner), **said,
        )  # fmt: skip

    return add


def reminders():
    return Delivery.objects.filter(template="task")


def test_a_task_goes_through_its_life_on_the_timeline(task, commander):
    made = task(due=30)
    incident = made.incident
    change = {"by": commander, "at": after(minutes=1)}

    services.change_task(incident, made.pk, owner=person("dev2"), due_at=None, **change)
    services.finish_task(incident, made.pk, **change)
    services.undo_task(incident, made.pk, **change)

    assert kinds(incident)[2:] == ["task_added", "task_changed", "task_done", "task_undone"]
    made.refresh_from_db()
    assert (made.owner, made.due_at, made.done_at) == (person("dev2"), None, None)


def test_a_second_click_and_a_change_to_the_same_change_nothing(task, commander):
    made = task(due=30)
    for _ in range(2):
        services.finish_task(made.incident, made.pk, by=commander, at=after(minutes=1))
    services.change_task(
        made.incident, made.pk, by=commander, at=after(), owner=made.owner, due_at=made.due_at
    )

    assert kinds(made.incident)[2:] == ["task_added", "task_done"]


def test_a_tasks_words_can_be_put_right(task, commander):
    made = task(due=30)
    said = {"owner": made.owner, "due_at": made.due_at, "by": commander, "at": after(minutes=1)}

    services.change_task(made.incident, made.pk, text="  로그를  보관해요 ", **said)
    services.change_task(made.incident, made.pk, text="로그를 보관해요", **said)
    with pytest.raises(Refused):
        services.change_task(made.incident, made.pk, text="  ", **said)

    made.refresh_from_db()
    assert made.text == "로그를 보관해요"
    assert kinds(made.incident)[2:] == ["task_added", "task_changed"]


def test_the_owner_is_reminded_once_when_it_is_due(task):
    made = task(due=30)

    told = [services.remind_due(at=after(minutes=m)) for m in (29, 30, 31)]

    assert told == [0, 1, 0]
    notice = reminders().get()
    assert (notice.lane, notice.recipient, notice.channel) == (Lane.NOTICE, person("dev1"), "slack")
    assert last_event(made.incident, "task_due").data["owner"] == person("dev1").name


def test_the_reminder_says_what_and_where(task, settings):
    made = task("로그 <보관> & 확인", due=30)
    services.remind_due(at=after(minutes=30))

    message = render(reminders().get())

    assert message.subject == f"[할 일 기한] #{made.incident_id} 로그 <보관> & 확인"
    assert f"{settings.BASE_URL}/incidents/{made.incident_id}/" in message.text
    assert "12:30" in message.text
    assert "로그 &lt;보관&gt; &amp; 확인" in message.html


def test_what_is_done_or_nobodys_reminds_nobody(task, commander):
    done, nobodys = task(due=30), task(due=30, owner=None)
    services.finish_task(done.incident, done.pk, by=commander, at=after(minutes=1))

    assert services.remind_due(at=after(minutes=30)) == 1
    assert not reminders().exists()
    assert last_event(nobodys.incident, "task_due").data["owner"] == ""


def test_a_reminder_still_on_its_way_is_called_back_when_it_is_done(task, commander):
    made = task(due=30)
    services.remind_due(at=after(minutes=30))

    services.finish_task(made.incident, made.pk, by=commander, at=after(minutes=30))

    assert reminders().get().state == "cancelled"


def test_a_new_time_is_reminded_of_anew(task, commander):
    made = task(due=30)
    services.remind_due(at=after(minutes=30))
    services.change_task(
        made.incident, made.pk, by=commander, at=after(minutes=31), owner=made.owner,
        due_at=after(minutes=60),
    )  # fmt: skip

    assert services.remind_due(at=after(minutes=60)) == 1
    assert reminders().count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_remind_once(task):
    for n in range(3):
        task(f"t{n}", due=30)

    outcomes = at_once(*[lambda: services.remind_due(at=after(minutes=30))] * 4)

    assert raised(outcomes) == []
    assert sum(outcomes) == 3
    assert reminders().count() == 3


@pytest.mark.django_db(transaction=True)
def test_whoever_finishes_while_the_tick_reminds_is_not_in_its_way(task, commander):
    made = task(due=30)

    outcomes = at_once(
        lambda: services.remind_due(at=after(minutes=30)),
        lambda: services.finish_task(made.incident, made.pk, by=commander, at=after(minutes=30)),
    )

    assert raised(outcomes) == []
    assert kinds(made.incident)[-1] in {"task_done", "task_due"}
    assert Task.objects.get().done_by == commander


def test_the_room_shows_what_is_due_first_and_what_is_done_last(task, commander):
    done, later, sooner, some_day = task(due=5), task(due=60), task(due=30), task()
    services.finish_task(done.incident, done.pk, by=commander, at=after(minutes=1))

    shown = tasks(done.incident, after(minutes=45))

    assert [item.number for item in shown] == [sooner.pk, later.pk, some_day.pk, done.pk]
    assert [item.overdue for item in shown] == [True, False, False, False]


@pytest.mark.parametrize(
    "form", [{}, {"text": " "}, {"text": "x" * 501}, {"text": "\x00"}, {"text": "t", "due_in": "7"},
             {"text": "t", "owner": "999999"}],
)  # fmt: skip
def test_a_task_that_cannot_be_is_shown_again(browser, declare, form):
    answer = browser.post(f"/incidents/{declare('P1').number}/tasks/add/", form)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Task.objects.exists()


def test_a_task_is_written_given_away_and_done_in_the_browser(browser, declare):
    incident = declare("P1")
    room = f"/incidents/{incident.number}/"
    browser.post(f"{room}tasks/add/", {"text": "<b>로그</b> 보관", "due_in": "30"})
    made = Task.objects.get()
    page = browser.get(f"{room}tasks/{made.pk}/").content.decode()
    due = timezone.localtime(made.due_at)
    assert f'value="{due:%Y-%m-%dT%H:%M}' in page

    said = {"text": made.text, "owner": person("dev2").pk, "due_at": ""}
    browser.post(f"{room}tasks/{made.pk}/", said)
    browser.post(f"{room}tasks/{made.pk}/finish/")

    made.refresh_from_db()
    assert (made.owner, made.due_at, made.done_at is None) == (person("dev2"), None, False)
    assert "&lt;b&gt;로그&lt;/b&gt; 보관" in browser.get(room).content.decode()


def test_another_incidents_task_is_out_of_reach(task, declare, browser, commander):
    made, other = task(), declare("P2")

    assert browser.get(f"/incidents/{other.number}/tasks/{made.pk}/").status_code == 404
    with pytest.raises(Refused):
        services.finish_task(other, made.pk, by=commander, at=after())


def test_there_is_an_end_to_what_one_incident_asks(task):
    for n in range(100):
        task(f"t{n}")

    with pytest.raises(Refused):
        task("one more")


def test_the_api_does_the_same(api, declare):
    incident = declare("P1")
    path = f"/api/v1/incidents/{incident.number}/tasks/"
    made = post(api, f"{incident.number}/tasks/", text="로그", owner="dev1").json()
    one = f"{path}{made['id']}/"
    body = {"owner": None, "due_at": "2026-11-23T04:00:00Z"}

    assert api.put(one, body, content_type="application/json").json()["due_at"] == body["due_at"]
    assert api.put(f"{one}done/").json()["done_by"] == "commander"
    assert api.delete(f"{one}done/").json()["done_at"] is None
    assert [each["text"] for each in api.get(path).json()["results"]] == ["로그"]
    assert (
        api.put(f"/api/v1/incidents/{incident.number + 1}/tasks/{made['id']}/done/").status_code
        == 404
    )
