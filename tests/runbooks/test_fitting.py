"""Which runbooks an incident is offered, and in which order."""

import pytest

from core import clock
from incidents.services import declare
from monitoring.domain.alerts import Signal
from monitoring.models import Alert, Rule
from monitoring.services import add_integration, store
from runbooks.domain.documents import When
from runbooks.domain.fitting import Facts, Fit, fit
from runbooks.models import Runbook
from runbooks.queries import fitting_each, suggested
from teams.models import Service
from tests.doors.conftest import browser, everyone
from tests.runbooks.running import book, step

__all__ = ["browser", "everyone"]

FACTS = Facts(
    frozenset({"database"}), frozenset({"lock-waits", "Lock waits"}), frozenset({"withdrawals"})
)


@pytest.mark.parametrize(
    ("when", "why"),
    [
        (When(), None),
        (When(scenarios=("network",)), None),
        (When(scenarios=("database",)), Fit.SCENARIO),
        (When(alerts=("lock-*",)), Fit.ALERT),
        (When(alerts=("LOCK-WAITS",)), Fit.ALERT),
        (When(alerts=("disk-*",)), None),
        (When(services=("withdrawals",)), Fit.SERVICE),
        (When(alerts=("lock-*",), services=("withdrawals",)), Fit.ALERT),
        (When(scenarios=("database",), alerts=("disk-*",)), Fit.SCENARIO),
    ],
)
def test_a_runbook_fits_by_any_of_what_it_names(when, why):
    assert fit(when, FACTS) is why


@pytest.fixture
def incident(db, seeded, people):
    Runbook.objects.update(current=None)  # those that come with Bongsu
    services = [Service.objects.get_or_create(slug="withdrawals")[0]]
    made = declare("slow", severity="P1", by=people[0], at=clock.now(), services=services)
    rule = Rule.objects.exclude(built_in="").earliest("pk")
    sender = add_integration("generic", name="probe")[0]
    labels = {"alertname": "Slow queries", "scenario": "database", "rule": str(rule.pk)}
    store(sender, b"{}", [Signal(key="k", title="t", labels=labels)], at=clock.now())
    made.alert_links.create(alert=sender.alerts.get(), at=clock.now())
    return made


def test_an_incident_is_offered_what_fits_best_first(incident, django_assert_num_queries):
    rule = Rule.objects.exclude(built_in="").earliest("pk")
    for key, when in {
        "of-service": {"services": ["withdrawals"]}, "of-name": {"alerts": ["slow *"]},
        "of-rule": {"alerts": [rule.built_in]}, "of-scenario": {"scenarios": ["database"]},
        "of-none": {"services": ["deposits"]}, "switched-off": {"scenarios": ["database"]},
    }.items():  # fmt: skip
        book(step("a", wait="0s"), key=key, when=when)
    Runbook.objects.filter(key="switched-off").update(enabled=False)

    with django_assert_num_queries(2):
        found = [(one.runbook.key, one.why) for one in suggested(incident)]

    assert found == [
        ("of-scenario", Fit.SCENARIO), ("of-name", Fit.ALERT), ("of-rule", Fit.ALERT),
        ("of-service", Fit.SERVICE),
    ]  # fmt: skip


def test_the_list_of_alerts_leads_to_the_runbook_that_fits_each(
    incident, browser, django_assert_num_queries
):
    for key, when in {
        "of-name": {"alerts": ["slow *"]},
        "of-service": {"services": ["api"]},
    }.items():
        book(step("a", wait="0s"), key=key, when=when)
    sender = incident.alert_links.get().alert.integration
    others = [Signal(key="plain", title="p", service="api")]
    store(sender, b"{}", others, at=clock.now())

    shown = browser("viewer").get("/alerts/").content.decode()

    assert shown.count('href="/runbooks/of-name/"') == 1
    assert "/runbooks/of-service/" not in shown  # its service alone says too little
    alerts = list(Alert.objects.all())
    with django_assert_num_queries(2):
        fitting_each(alerts)
