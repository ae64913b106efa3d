"""What a new installation starts with: the manual's numbers, planted once and never over a change."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from config.seeds.planting import plant
from incidents.models import MessageTemplate, SeverityPolicy, StakeholderRule, SuggestionRule
from monitoring.models import Integration
from notifications.registry import channels
from teams.models import ContactMethod, Service, Team, User
from teams.signing_in import AccessEvent

pytestmark = pytest.mark.django_db

ALL = [User, ContactMethod, Team, Service, SeverityPolicy, Integration]


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.BONGSU_HOME = tmp_path
    return tmp_path


def counts():
    return [model.objects.count() for model in ALL]


def seed(monkeypatch, password=""):
    monkeypatch.setenv("BONGSU_ADMIN_PASSWORD", password)
    said = io.StringIO()
    call_command("seed", stdout=said)
    return said.getvalue()


def test_planting_twice_plants_once():
    plant("first-password")
    first = counts()
    plant("first-password")

    assert counts() == first == [10, 36, 4, 10, 4, 1]


def test_the_first_administrator_of_all_is_no_news_and_the_next_one_is():
    plant("first-password")
    assert not AccessEvent.objects.exists()

    User.objects.filter(username="commander").update(username="somebody-else")
    plant("first-password")

    assert AccessEvent.objects.get().kind == "administrator"


def test_what_an_administrator_changed_stays_changed():
    plant("first-password")
    SeverityPolicy.objects.filter(severity="P0").update(
        respond_within=timedelta(minutes=5), channels=["sms"]
    )
    User.objects.filter(username="ceo").update(display_name="다른 사람", role="viewer")
    Team.objects.filter(slug="p0").update(lead=None, webhook_url="https://hook.example/")
    Service.objects.filter(slug="api").update(name_ko="게이트웨이")
    ContactMethod.objects.filter(user__username="cto").delete()

    plant("first-password")

    p0 = SeverityPolicy.objects.get(severity="P0")
    assert (p0.respond_within, p0.channels) == (timedelta(minutes=5), ["sms"])
    assert User.objects.get(username="ceo").role == "viewer"
    assert Team.objects.get(slug="p0").lead is None
    assert Service.objects.get(slug="api").name_ko == "게이트웨이"
    assert not ContactMethod.objects.filter(user__username="cto").exists()


@pytest.mark.parametrize("model", [Service, Team, ContactMethod])
def test_what_an_administrator_removed_stays_removed(model):
    plant("first-password")
    model.objects.first().delete()
    left = model.objects.count()

    plant("first-password")

    assert model.objects.count() == left


@pytest.mark.parametrize(
    ("severity", "respond", "resolve", "ways", "lead", "contact", "size"),
    [
        ("P0", timedelta(minutes=15), timedelta(hours=2), "voice sms slack email", "cto", "ceo", 3),
        ("P1", timedelta(minutes=30), timedelta(hours=4), "sms slack email", "tech-lead", "cto", 3),
        ("P2", timedelta(hours=2), timedelta(hours=24), "slack email", "tech-lead", "tech-lead", 0),
        ("P3", timedelta(hours=24), timedelta(hours=72), "email", "dev1", "tech-lead", 0),
    ],
)
def test_a_severity_is_as_the_manual_has_it(severity, respond, resolve, ways, lead, contact, size):
    plant("first-password")

    policy = SeverityPolicy.objects.get(severity=severity)
    assert (policy.respond_within, policy.resolve_within) == (respond, resolve)
    assert policy.channels == ways.split()
    assert (policy.team.lead.username, policy.team.escalation.username) == (lead, contact)
    assert policy.team.members.count() == size
    assert all([policy.name_ko, policy.name_en, policy.meaning_ko, policy.meaning_en])


def test_every_channel_of_the_matrix_exists_and_everyone_has_each():
    plant("first-password")

    wanted = {way for policy in SeverityPolicy.objects.all() for way in policy.channels}
    assert wanted <= set(channels)
    for user in User.objects.exclude(username="commander"):
        assert wanted == {contact.channel for contact in user.contacts.all()}


def test_nobody_but_the_first_user_can_sign_in():
    plant("first-password")

    able = [user.username for user in User.objects.all() if user.has_usable_password()]
    assert able == ["commander"]


def test_without_a_password_one_is_made_and_said_once(monkeypatch):
    said, again = seed(monkeypatch), seed(monkeypatch)

    name, _, password = said.strip().partition(" / ")
    assert name == "commander"
    assert len(password) >= 12
    assert User.objects.get(username="commander").check_password(password)
    assert again == ""


def test_a_password_that_is_named_is_the_password(monkeypatch):
    seed(monkeypatch, "named-password-1")

    answer = Client().post(
        "/accounts/login/", {"login": "commander", "password": "named-password-1"}
    )
    assert answer.status_code == 302


def test_a_password_that_is_named_anew_replaces_the_old_one(monkeypatch):
    seed(monkeypatch, "named-password-1")
    seed(monkeypatch, "named-password-2")

    assert User.objects.get(username="commander").check_password("named-password-2")


def test_a_password_changed_by_the_user_is_kept_when_none_is_named(monkeypatch):
    seed(monkeypatch)
    user = User.objects.get(username="commander")
    user.set_password("my own words")
    user.save()
    seed(monkeypatch)

    assert User.objects.get(username="commander").check_password("my own words")


def test_the_first_integration_is_kept_where_only_we_can_read_it(home):
    plant("first-password")

    kept = home / "first-integration.url"
    assert kept.stat().st_mode & 0o077 == 0
    path = "/" + kept.read_text().split("/", 3)[3]
    assert Client().post(path, {"title": "t"}, content_type="application/json").status_code == 200


def test_an_address_of_another_database_is_made_anew(home):
    (home / "first-integration.url").write_text("http://127.0.0.1:8000/ingest/generic/gone/")

    plant("first-password")

    assert "gone" not in (home / "first-integration.url").read_text()


def test_production_starts_without_invented_people_or_a_door_for_tests(settings, home):
    settings.PRODUCTION = True
    plant("first-password")

    assert [user.username for user in User.objects.all()] == ["commander"]
    assert not Integration.objects.exists()
    assert not Team.objects.exclude(webhook_url="").exists()
    assert SeverityPolicy.objects.count() == 4
    assert not (home / "first-integration.url").exists()


def test_what_was_deleted_to_the_last_does_not_come_back():
    plant("first-password")
    for model in (StakeholderRule, MessageTemplate, SuggestionRule):
        model.objects.all().delete()
    plant("first-password")

    assert not SuggestionRule.objects.exists()
    assert not MessageTemplate.objects.exists()
