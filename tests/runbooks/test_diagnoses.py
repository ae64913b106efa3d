"""The manual's diagnoses and the recovery (M2.1, M2.3), on the sandbox's servers: what they say in words."""

import pytest

from core import clock
from runbooks import services
from runbooks.models import Host, Runbook
from tests.runbooks.running import go
from tests.sandbox.servers import servers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]

NAMES = ("app1", "app2", "app3", "db1")
WELL = "All is well"


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    with servers(tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.fixture
def town(there, settings, people):
    settings.SSH_KEY_FILE = there.key
    settings.TRON_NODE_URL, settings.TRON_SOLIDITY_URL = f"{there.url}/tron/", ""
    for name in NAMES:
        target = there.target(name)
        Host.objects.create(
            name=name, address=target.address, port=target.port, user=target.user,
            host_key=target.host_key,
        )  # fmt: skip
    there.heal()
    services.load_library(at=clock.now())
    return there


def run(people, key, **inputs):
    version = Runbook.objects.get(key=key).current
    return go(services.start(version, inputs, by=people[0], at=clock.database_now()))


def said(found, language="en"):
    """The grave ones first, as a reader sees them."""
    every = [one for step in found.steps.order_by("position") for one in step.said]
    return [one[language] for one in sorted(every, key=lambda one: not one["grave"])]


@pytest.mark.parametrize("key", ["system-down-diagnose", "network-diagnose"])
def test_where_all_is_well_it_says_so_in_one_sentence(town, people, key):
    found = run(people, key)
    assert found.state == "done"
    [sentence] = said(found)
    assert sentence.startswith(WELL)


def test_it_says_what_does_not_run_and_what_is_full(town, people):
    town.change("app2", nginx="failed")
    town.change("db1", redis="inactive", disk=100, memory=93)
    found = said(run(people, "system-down-diagnose"))
    assert found[:2] == [
        "nginx does not run on app2 (failed).",
        "redis does not run on db1 (inactive).",
    ]
    assert found[2].startswith("The application on app2 does not answer.")
    assert "The disk of db1 (/) is 100 % full." in found
    assert found[-1] == "93 % of the memory of db1 is used."
    assert not any(one.startswith(WELL) for one in found)


def test_in_korean_too(town, people):
    town.change("db1", disk=100)
    assert said(run(people, "system-down-diagnose"), "ko") == ["db1의 디스크(/)가 100% 찼어요."]


def test_a_host_that_nobody_reaches_is_named_and_the_others_are_looked_at(town, people):
    Host.objects.filter(name="app1").update(port=1)
    town.change("app3", nginx="failed")
    found = run(people, "system-down-diagnose")
    assert found.state == "done"
    sentences = said(found)
    assert any(one.startswith("app1 cannot be reached.") for one in sentences)
    assert "nginx does not run on app3 (failed)." in sentences


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"dns": "broken"}, "app2 does not find the address of api.trongrid.io. Look at its DNS."),
        (
            {"dns": "wrong"},
            "DNS lies to app2: it resolves api.trongrid.io to an inside address (10.66.66.66).",
        ),
        ({"route": "gone"}, "app2 has no default route."),
        ({"firewall": "drop"}, "The firewall of app2 blocks port 443 outwards."),
    ],
)
def test_it_names_what_is_wrong_with_the_network(town, people, wish, sentence):
    town.change("app2", **wish)
    found = said(run(people, "network-diagnose"))
    assert sentence in found
    assert not any("app1" in one or "app3" in one for one in found)


def test_the_portals_own_way_to_the_tron_api_is_looked_at(town, people, settings):
    settings.TRON_NODE_URL = "http://127.0.0.1:9/"
    assert said(run(people, "network-diagnose"))[0].startswith(
        "The portal does not reach the TRON API."
    )


def approved(found, people):
    for step in found.steps.filter(state="waiting").select_related("action"):
        services.approve(step.action, by=people[1], at=clock.database_now())
    services.execute_next(at=clock.database_now())
    return found


def test_recovery_starts_what_stopped_and_restarts_what_was_chosen_by_word_of_a_second_person(
    town, people
):
    town.change("app2", nginx="failed")
    town.change("db1", redis="failed")
    found = run(people, "system-down-recover", hosts=["app2"])
    assert found.steps.get(name="start_redis").output == "db1  redis  failed → active"
    assert found.steps.get(name="restart").state == "waiting"
    go(approved(found, people))
    assert found.steps.get(name="restart").output.splitlines()[0] == "app2  nginx  failed → active"
    assert found.steps.get(name="answers").state == "pending", "it has to stay so for a while"


def test_taken_back_it_stops_what_it_started_and_nothing_else(town, people):
    town.change("db1", redis="inactive")
    found = run(people, "system-down-recover", hosts=["app2"])
    services.abort(found, by=people[0], at=clock.database_now(), reason="not now")
    found.refresh_from_db()
    go(services.undo(found, by=people[0], at=clock.database_now()))
    assert town.state("db1")["units"] == {"postgresql": "active", "redis": "inactive"}


def test_it_stops_at_the_first_server_that_does_not_come_up(town, people):
    town.change("app1", nginx="broken")
    found = run(people, "system-down-recover", hosts=["app1", "app2"])
    go(approved(found, people))
    states = list(
        found.steps.filter(name="restart").order_by("position").values_list("state", flat=True)
    )
    assert (found.state, states) == ("stopped", ["failed", "pending"])
