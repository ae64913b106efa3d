"""What administrators do in the console goes through the services, and no link changes anything."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.test import Client
from unfold.templatetags import unfold_list

from core import clock
from incidents import services
from incidents.models import Incident
from incidents.models.messages import TEXTS
from incidents.services import stakeholders
from monitoring.models import Integration
from monitoring.services import add_integration
from notifications.models import Delivery, State
from teams.models import User
from teams.stakeholders import StakeholderGroup

pytestmark = pytest.mark.django_db


@pytest.fixture
def console(browser):
    return browser("administrator")


def act(console, model, name, *chosen):
    """Choose rows of a list and run one of its actions."""
    keys = [row.pk for row in chosen]
    body = {"action": name, "_selected_action": keys}
    return console.post(f"/console/{model}/", body, follow=True).content.decode()


def test_the_headers_of_a_list_are_made_once_for_all_its_rows(console, monkeypatch, incident):
    services.declare("t", severity="P3", by=User.objects.all()[0], at=clock.now())
    made, label = [], unfold_list.label_for_field

    def counted(name, *args, **how):
        made.append(name)
        return label(name, *args, **how)

    monkeypatch.setattr(unfold_list, "label_for_field", counted)
    page = console.get("/console/incidents/incident/")

    assert len(page.context["cl"].result_list) == 2
    assert made == ["action_checkbox", *admin.site._registry[Incident].list_display]


def test_a_new_integration_shows_its_token_once_and_the_token_works(console):
    form = {
        "name": "probe", "source": "generic", "enabled": "on", "default_severity": "P2",
        "words_p0": "Boom,  very  bad", "words_none": "debug", "group_window": "01:00:00", "flap_count": "4", "flap_window": "00:15:00",
    }  # fmt: skip
    shown = console.post("/console/monitoring/integration/add/", form, follow=True).content.decode()

    kept = Integration.objects.get(name="probe").severity_map
    assert kept == {"boom": "P0", "very bad": "P0", "debug": "none"}
    path = re.search(r"http://testserver(/ingest/generic/\w{32}/)", shown)[1]
    again = console.get("/console/monitoring/integration/").content.decode()
    assert Client().post(path, {"title": "t"}, content_type="application/json").status_code == 200
    assert path.split("/")[3] not in again


def test_a_word_of_two_severities_is_refused_and_what_is_known_is_shown_as_lists(console):
    form = {
        "name": "probe", "source": "generic", "default_severity": "P2", "words_p0": "boom",
        "words_p1": "bang, BOOM", "group_window": "01:00:00", "flap_count": "4", "flap_window": "00:15:00",
    }  # fmt: skip

    assert console.post("/console/monitoring/integration/add/", form).status_code == 200
    assert not Integration.objects.filter(name="probe").exists()
    page = console.get("/console/monitoring/integration/add/").content.decode()
    assert 'value="critical, fatal, emergency, page"' in page


def test_a_new_token_ends_the_old_one(console):
    integration, old = add_integration("generic", name="probe")

    shown = act(console, "monitoring/integration", "new_token", integration)

    new = re.search(r"/ingest/generic/(\w{32})/", shown)[1]
    doors = [
        Client().post(f"/ingest/generic/{token}/", {"title": "t"}, content_type="application/json")
        for token in (old, new)
    ]
    assert [door.status_code for door in doors] == [401, 200]


def test_chosen_incidents_are_acknowledged_by_whoever_chose(console, incident, everyone):
    act(console, "incidents/incident", "acknowledge_chosen", incident)

    assert Incident.objects.get().acknowledged_by == everyone["administrator"]
    assert incident.timeline.filter(kind="status").count() == 1


def test_what_cannot_be_done_is_said_by_number(console, incident):
    shown = act(console, "incidents/incident", "reopen_chosen", incident)

    assert f"#{incident.number}:" in shown
    assert Incident.objects.get().status == "triggered"


def test_failed_pages_are_sent_again(console, incident):
    failed, sent, *_ = Delivery.objects.all()
    Delivery.objects.filter(pk=failed.pk).update(state=State.FAILED, attempts=12)
    Delivery.objects.filter(pk=sent.pk).update(state=State.SENT, sent_at=sent.created_at)

    act(console, "notifications/delivery", "send_again", failed, sent)

    assert Delivery.objects.get(pk=failed.pk).state == "pending"
    assert Delivery.objects.get(pk=sent.pk).state == "sent"


def test_a_person_made_an_administrator_may_use_the_console(everyone):
    User.objects.get(username="dev1").save()
    promoted = User.objects.get(username="dev1")
    promoted.role = "administrator"
    promoted.save()

    assert (promoted.is_staff, promoted.is_superuser) == (True, True)
    promoted.role = "viewer"
    promoted.save()
    assert (promoted.is_staff, promoted.is_superuser) == (False, False)


@pytest.mark.parametrize("path", ["add/", "1/delete/"])
@pytest.mark.parametrize(
    "model",
    [
        "incidents/incident",
        "notifications/delivery",
        "monitoring/alert",
        "monitoring/payload",
        "monitoring/change",
        "teams/accessevent",
    ],
)
def test_the_record_is_not_written_by_hand(console, incident, model, path):
    assert console.get(f"/console/{model}/{path}").status_code in {302, 403}
    assert console.post(f"/console/{model}/{path}").status_code in {302, 403}
    assert Incident.objects.count() == 1


def test_a_second_factor_is_taken_away_and_its_secret_never_shown(console, everyone):
    factor = Authenticator.objects.create(
        user=everyone["responder"], type="totp", data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    page = f"/console/mfa/authenticator/{factor.pk}"

    shown = [
        console.get(f"{page}/{name}/").content.decode() for name in ("change", "delete", "history")
    ]
    console.post(f"{page}/delete/", {"post": "yes"})

    assert not any("JBSWY3DPEHPK3PXP" in text for text in shown)
    assert not Authenticator.objects.exists()


def test_a_second_factor_is_not_given_by_hand(console):
    assert console.get("/console/mfa/authenticator/add/").status_code == 403


def test_what_stakeholders_were_told_is_read_and_not_changed(console, commander):
    incident = services.declare("출금 지연", severity="P1", by=commander, at=clock.now())
    draft = stakeholders.write(
        incident, StakeholderGroup.objects.get(slug="support"), dict.fromkeys(TEXTS, "쓴 글"),
        urgency="high", by=commander, at=clock.now(),
    )  # fmt: skip
    address = "/console/incidents/stakeholdermessage/"

    assert "쓴 글" in console.get(address).content.decode()
    page = f"{address}{draft.pk}/change/"
    assert "쓴 글" in console.get(page).content.decode()
    assert console.post(page, {"subject_ko": "다른 글"}).status_code == 403


# Choices and forms rule these out before.
SAID_BEFORE = {"one_page", "one_open_interval_a_notice", "action_mode", "route_knows_how", "inside_or_outside", "one_runbook_version_a_number"}  # fmt: skip


def test_what_the_database_refuses_is_said_in_words(everyone, rf):
    request = rf.get("/")
    request.user = everyone["administrator"]
    nameless = [
        constraint.name
        for model, shown in admin.site._registry.items()
        if model._meta.app_label != "account" and model is not Incident
        and (shown.has_add_permission(request) or shown.has_change_permission(request))
        for constraint in model._meta.constraints
        if constraint.violation_error_message == constraint.default_violation_error_message
    ]  # fmt: skip

    assert set(nameless) == SAID_BEFORE


def test_a_wallet_whose_states_stand_upside_down_is_told_so(console):
    form = {"name": "hot", "warning_below": "1", "emergency_below": "5", "critical_below": "1"}
    page = console.post("/console/energy/wallet/add/", form).content.decode()
    assert "더 심한 상태일수록 낮은 값에서 시작해야 해요" in page
    assert "graver_states_begin_lower" not in page
