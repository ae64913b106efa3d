"""What is to be done, by whom: the rules by table, the board, the reminders, and what came back."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from core.due import When, reminder, when
from incidents.models import Incident
from notifications.models import Delivery
from notifications.rendering import render
from postmortems import services
from postmortems.domain.board import Item, board
from postmortems.models import ActionItem
from teams.models import Team, User
from tests.postmortems.conftest import after
from tests.race import at_once, raised

TODAY = date(2026, 11, 24)
MORNING = datetime.fromisoformat("2026-11-24T01:00:00+00:00")  # ten in Seoul


def day(days):
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-1, When.LATE), (0, When.SOON), (3, When.SOON), (4, When.LATER)],
)
def test_on_the_day_itself_there_is_still_time(days, expected):
    assert when(day(days), today=TODAY) == expected


@pytest.mark.parametrize(
    ("days", "told", "word", "then"),
    [
        (9, (False, False), "", (False, False)),
        (3, (False, False), "before", (True, False)),
        (1, (True, False), "", (True, False)),
        (-1, (True, False), "after", (True, True)),
        (-1, (False, False), "after", (True, True)),
        (-9, (True, True), "", (True, True)),
    ],
)
def test_it_is_said_once_before_and_once_after(days, told, word, then):
    said = reminder(day(days), today=TODAY, told_before=told[0], told_after=told[1])

    assert (said.word, said.told_before, said.told_after) == (word, *then)


def test_who_has_most_that_is_late_stands_first():
    items = [
        Item(1, "b", day(1)),
        Item(2, "b", day(-1)),
        Item(3, "a", day(5)),
        Item(4, "c", day(9)),
    ]

    found = board(items, today=TODAY)

    assert [(one.owner, one.late, [each.key for each in one.items]) for one in found] == [
        ("b", 1, [2, 1]), ("a", 0, [3]), ("c", 0, [4]),
    ]  # fmt: skip


@pytest.fixture
def owned(postmortem, commander):
    """One that a person owns and one that a team owns, due in two days; the third is only suggested."""
    mine, theirs, _ = postmortem.actions.all()
    owners = (
        {"person": User.objects.get(username="dev1"), "owner": ""},
        {"team": Team.objects.get(slug="p1"), "owner": ""},
    )
    for item, owner in zip((mine, theirs), owners, strict=True):
        said = {"due_date": day(2), **owner}
        services.change_action(item, said, by=commander, at=after(hours=1))
    return postmortem


def reminded():
    return sorted(Delivery.objects.filter(template="action_item").values_list("step", flat=True))


@pytest.mark.django_db
def test_owners_are_reminded_quietly_once_before_and_once_after(owned):
    for at in (MORNING, MORNING, MORNING + timedelta(days=1)):
        services.remind_due(at=at)
    assert reminded() == ["before:261126"] * 2
    notice = Delivery.objects.filter(template="action_item").first()
    assert notice.channel in {"slack", "email"}

    for days in (5, 6):
        services.remind_due(at=MORNING + timedelta(days=days))

    assert reminded() == ["after:261126"] * 2 + ["before:261126"] * 2


@pytest.mark.django_db
def test_nobody_is_reminded_at_night_of_what_is_done_or_of_what_is_only_suggested(owned):
    assert services.remind_due(at=MORNING - timedelta(hours=2)) == 0
    ActionItem.objects.update(status="done")

    assert services.remind_due(at=MORNING) == 0


@pytest.mark.django_db
def test_a_new_date_is_reminded_of_anew(owned, commander):
    services.remind_due(at=MORNING)
    item = owned.actions.filter(person__username="dev1").get()

    services.change_action(item, {"due_date": day(3)}, by=commander, at=MORNING)
    services.remind_due(at=MORNING)

    assert reminded().count("before:261127") == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_remind_once(owned):
    outcomes = at_once(*[lambda: services.remind_due(at=MORNING)] * 4)

    assert raised(outcomes) == []
    assert reminded() == ["before:261126"] * 2


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_in_between_has_done_neither(owned, monkeypatch):
    monkeypatch.setattr(ActionItem.objects, "bulk_update", lambda *_: 1 / 0, raising=False)
    with pytest.raises(ZeroDivisionError):
        services.remind_due(at=MORNING)
    assert reminded() == []
    monkeypatch.undo()

    services.remind_due(at=MORNING)

    assert reminded() == ["before:261126"] * 2


@pytest.mark.django_db
def test_a_reminder_reads_in_both_languages(owned):

    services.remind_due(at=MORNING)
    notice = Delivery.objects.filter(template="action_item").first()
    for language, word in (("ko", "기한"), ("en", "due")):
        notice.language = language
        message = render(notice)
        for form in ("subject.txt", "text.txt", "short.txt", "mail.html"):
            assert word in message.form(form).lower() or form == "short.txt"
            assert notice.context["action"] in message.form(form)


@pytest.mark.django_db
def test_the_board_shows_by_team_what_is_open(owned, django_assert_max_num_queries):
    client = Client()
    client.force_login(User.objects.get(username="dev1"))
    with django_assert_max_num_queries(14):
        shown = client.get("/postmortems/actions/").content.decode()

    assert "P1 대응팀" in shown
    assert shown.count('class="card') == 2
    assert client.get("/postmortems/actions/?of=p1").content.decode().count('class="card') >= 1


@pytest.mark.django_db
def test_an_incident_of_the_same_alerts_is_flagged_while_something_is_open(
    owned, resolved, commander
):
    again = resolved()
    Incident.objects.update(group="withdrawals-down")
    client = Client()
    client.force_login(commander)
    written = services.draft(Incident.objects.get(pk=again.pk), by=commander, at=after(hours=3))
    what = owned.actions.accepted().first().description

    assert {item.postmortem for item in services.repeats(written)} == {owned}
    for page in (again.get_absolute_url(), written.get_absolute_url()):
        assert what in client.get(page).content.decode()
    ActionItem.objects.update(status="done")
    assert services.repeats(written) == []
    assert "다시 일어났어요" not in client.get(again.get_absolute_url()).content.decode()
