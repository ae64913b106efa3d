"""Subscribers of another page: mail, phones and webhooks, by their components' names, once, and only with a yes."""

import json

import pytest
from django.core.management import CommandError, call_command

from core import clock
from statuspage.domain.exported import Exported, of_csv
from statuspage.models import Group, Shape, Standing, Subscriber, Way
from statuspage.services.lettering import write_due
from tests.notifications.conftest import running_sandbox, sandbox
from tests.statuspage.scene import component

__all__ = ["running_sandbox", "sandbox"]
pytestmark = pytest.mark.django_db
COMPONENTS = [
    {"id": "c1withdraw00", "name": "Withdrawals", "group_id": None, "start_date": None},
    {"id": "c2elsewhere0", "name": "Elsewhere", "group_id": None, "start_date": "2026-01-01"},
]
BY_API = [
    {"mode": "email", "email": "Kim@Example.com", "components": ["c1withdraw00"], "quarantined_at": None},
    {"mode": "email", "email": "lee@example.com"},
    {"mode": "email", "email": "dead@example.com", "quarantined_at": "2026-11-01T00:00:00Z"},
    {"mode": "email", "email": "old@example.com", "components": ["c9gone000000"]},
    {"mode": "sms", "phone_number": "01012345678", "phone_country": "KR"},
    {"mode": "sms", "phone_number": "4155550100", "phone_country": "US"},
    {"mode": "webhook", "endpoint": "https://hooks.example.com/x", "email": "ops@example.com"},
    {"mode": "slack", "workspace_name": "w", "obfuscated_channel_name": "#i…"},
    {"mode": "email", "email": "KIM@example.com"},
]  # fmt: skip


@pytest.fixture
def run(page, tmp_path, capsys):
    source = tmp_path / "page.json"
    source.write_text(json.dumps({"components": COMPONENTS}))

    def take(subscribers, *flags, name="subscribers.json"):
        file = tmp_path / name
        text = subscribers if isinstance(subscribers, str) else json.dumps(subscribers)
        file.write_text(text)
        call_command("import_statuspage", str(source), "--subscribers", str(file), *flags)
        return capsys.readouterr().out.splitlines()[-1]

    return take


def kept():
    return {one.address: one for one in Subscriber.objects.all()}


def test_who_said_yes_there_is_told_here_without_being_asked(run, sandbox):
    said = run(BY_API, "--confirmed")

    assert said == (
        "4 subscribers taken over, told from the next update on; 1 were here already. Left there: "
        "1 that could not be reached, 1 of components that are not here, 2 whose address or way is not for here."
    )
    found = kept()
    assert set(found) == {
        "kim@example.com", "lee@example.com", "+821012345678", "https://hooks.example.com/x",
    }  # fmt: skip
    assert {one.standing for one in found.values()} == {Standing.ACTIVE}
    assert found["kim@example.com"].components == [component("Withdrawals").pk]
    assert found["lee@example.com"].components == []
    assert found["+821012345678"].quiet
    hook = found["https://hooks.example.com/x"]
    assert (hook.way, hook.contact, hook.shape) == (
        Way.WEBHOOK,
        "ops@example.com",
        Shape.STATUSPAGE,
    )
    assert write_due(at=clock.now()) == 0


def test_who_is_asked_is_told_only_after_a_press(run, sandbox):
    said = run(BY_API, "--ask")
    assert said.startswith("3 subscribers taken over, asked by a letter;")
    assert {one.standing for one in kept().values()} == {Standing.UNCONFIRMED}
    assert write_due(at=clock.now()) == 3
    assert {one["to"] for one in sandbox.inbox()} == {
        "kim@example.com", "lee@example.com", "ops@example.com",
    }  # fmt: skip


def test_nobody_is_taken_twice_and_who_left_is_not_brought_back(run, sandbox):
    run(BY_API, "--confirmed")
    Subscriber.objects.filter(address="kim@example.com").update(standing=Standing.GONE)
    Subscriber.objects.filter(address="lee@example.com").update(quiet=True)

    said = run(BY_API, "--confirmed")

    assert said.startswith("0 subscribers taken over, told from the next update on; 5 were here")
    found = kept()
    assert found["kim@example.com"].standing == Standing.GONE
    assert found["lee@example.com"].quiet
    assert len(found) == 4


def test_nothing_happens_until_somebody_says_whether_they_said_yes(run):
    with pytest.raises(CommandError, match="--ask or --confirmed"):
        run(BY_API)
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("wrong", [{}, {"x": 1}, "[7]", "7"])
def test_what_holds_no_subscribers_is_said(wrong, run):
    with pytest.raises(CommandError, match="no subscribers"):
        run(wrong, "--confirmed")
    assert not Subscriber.objects.exists()


def test_rows_by_a_head_choose_groups_and_names_in_any_language(run, sandbox):
    run(
        "\ufeffType,Email,Phone Number,Phone Country,Components\n"
        'email,kim@example.com,,,"출금과 입금; Public API"\n'
        "sms,,1012345678,KR,\n",
        "--confirmed",
        name="export.csv",
    )
    kim = kept()["kim@example.com"]
    assert kim.groups == [Group.objects.get().pk]
    assert kim.components == [component("Public API").pk]
    assert "+821012345678" in kept()


def test_a_head_may_begin_with_the_name_of_a_way():
    rows = of_csv(["email,components", "kim@example.com,API"])
    assert list(rows) == [Exported("email", "kim@example.com", components=("API",))]


def test_rows_of_statuspages_own_template_have_no_head():
    rows = of_csv(
        [
            "email,kim@example.com,yes,c1withdraw00\n",
            "\n",
            "sms,1012345678,KR,no\n",
            "webhook,https://hooks.example.com/x,ops@example.com,TRC-20 출금,입금\n",
        ]
    )
    assert list(rows) == [
        Exported("email", email="kim@example.com", components=("c1withdraw00",)),
        Exported("sms", phone="+821012345678"),
        Exported(
            "webhook", "ops@example.com", endpoint="https://hooks.example.com/x",
            components=("TRC-20 출금", "입금"),
        ),
    ]  # fmt: skip


def test_many_are_taken_in_parts(run, sandbox, django_assert_max_num_queries):
    rows = "".join(f"email,n{number}@example.com\n" for number in range(2_500))
    with django_assert_max_num_queries(40):
        said = run(rows, "--confirmed", name="many.csv")
    assert said.startswith("2500 subscribers taken over")
