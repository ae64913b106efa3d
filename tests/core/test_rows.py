"""Many rows at once are written as one by one: every kind of value, and nothing but what was named."""

from datetime import timedelta

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core import clock
from core.rows import save_all
from incidents.models import Incident, SeverityPolicy
from monitoring.models import Alert
from monitoring.services import add_integration
from notifications.models import Delivery
from teams.models import User

pytestmark = pytest.mark.django_db


def alerts(count):
    integration, _ = add_integration("generic", name="probe")
    return [
        Alert.objects.create(
            integration=integration, key=f"k{place}", title="t", severity="P3",
            received_at=clock.now(), started_at=clock.now(), last_seen_at=clock.now(),
        )
        for place in range(count)
    ]  # fmt: skip


def test_every_row_gets_its_own_values_and_one_statement_does_it(seeded):
    first, second, apart = alerts(3)
    first.title, first.labels, first.resolved_at = "it's “%s”", {"a": ["b", None]}, clock.now()
    second.title, second.labels, second.resolved_at = "", {}, None
    second.key, apart.title = "not saved", "not given"

    with CaptureQueriesContext(connection) as queries:
        save_all([first, second], ["title", "labels", "resolved_at"])

    assert len(queries) == 1
    stored = {alert.pk: alert for alert in Alert.objects.all()}
    for alert in (first, second):
        found = stored[alert.pk]
        assert (found.title, found.labels) == (alert.title, alert.labels)
        assert found.resolved_at == alert.resolved_at
    assert stored[second.pk].key == "k1"
    assert stored[apart.pk].title == "t"


@pytest.mark.parametrize("channels", [[], ["sms"], ["sms", "it's, {a} \\"]])
def test_lists_lengths_of_time_truths_and_references_are_written_too(seeded, channels):
    policy = SeverityPolicy.objects.get(severity="P1")
    policy.channels, policy.resolve_within = channels, timedelta(hours=3, microseconds=7)
    policy.assembles, policy.team = not policy.assembles, None

    save_all([policy], ["channels", "resolve_within", "assembles", "team"])

    found = SeverityPolicy.objects.get(severity="P1")
    assert (found.channels, found.resolve_within) == (channels, policy.resolve_within)
    assert (found.assembles, found.team_id) == (policy.assembles, None)


def test_a_row_known_by_a_uuid_is_found(seeded):
    now, person = clock.now(), User.objects.get(username="dev1")
    pages = [
        Delivery.objects.create(
            topic=f"t{place}", channel="sms", address="+82", created_at=now, due_at=now
        )
        for place in range(2)
    ]
    for page in pages:
        page.recipient, page.context = person, {"for": page.topic}

    save_all(pages, ["recipient", "context"])

    found = Delivery.objects.order_by("topic").values_list("recipient", "context")
    assert list(found) == [(person.pk, {"for": "t0"}), (person.pk, {"for": "t1"})]


def test_what_is_too_long_is_refused_and_not_cut(seeded):
    [alert] = alerts(1)
    alert.severity = "far too long"

    with pytest.raises(DataError), transaction.atomic():
        save_all([alert], ["severity"])


def test_nothing_is_asked_where_nothing_changed(seeded):
    with CaptureQueriesContext(connection) as queries:
        save_all(Incident.objects.none(), ["title"])

    assert [query for query in queries if "UPDATE" in query["sql"]] == []
