"""Members taken out of a pool and put back, with the sandbox's balancer, which passes the tests of HAProxy."""

import threading
from datetime import timedelta

import pytest
from django.utils import translation

from core import clock
from integrations.balancers import Member
from integrations.haproxy import HAProxy
from runbooks import services
from runbooks.domain.pools import may_go, missed
from runbooks.domain.writing import Wrong
from runbooks.models import Host, Pool
from runbooks.steps.load_balancer import LoadBalancer
from tests.integrations.balanced import NAMES, is_there, servers, told, until
from tests.race import at_once
from tests.runbooks.running import TEXT, book, go, states, step

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]


@pytest.fixture(scope="module")
def port():
    with servers() as port:
        yield port


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def balancer(db, port):
    address = f"127.0.1.100:{port + 22}"
    pool = Pool.objects.create(
        name="app", balancer="haproxy", address=address, backend="app", floor=2
    )
    pool.hosts.set(Host.objects.create(name=name) for name in NAMES)
    found = HAProxy(address, "app")
    for name in NAMES:
        told(f"http://127.0.0.1:{port}", name, heal=True)
        found.put(name, "ready")
    until(lambda: all(one.serving for one in found.members(NAMES).values()))
    return found


def begun(people, *actions, **more):
    steps = [
        step(f"s{number}", load_balancer={"pool": "app", "action": action, "member": name}, **more)
        for number, (action, name) in enumerate(actions)
    ]
    return services.start(book(*steps), {}, by=people[0], at=clock.database_now())


def run(people, *actions, **more):
    return go(begun(people, *actions, **more))


def state(balancer, name):
    return balancer.members([name])[name].state


@pytest.mark.parametrize(
    ("serving", "name", "floor", "may"),
    [
        ("abc", "a", 2, True),
        ("abc", "a", 3, False),
        ("ab", "a", 2, False),
        ("ab", "c", 2, True),
        ("", "a", 1, True),
        ("a", "a", 0, True),
    ],
)
def test_only_what_serves_is_missed(serving, name, floor, may):
    members = {one: Member(one, "ready", up=one in serving, sessions=0) for one in "abc"}
    assert may_go(members, name, floor=floor) is may


@pytest.mark.parametrize(
    ("up", "out", "floor", "waited_for"),
    [("a", "", 2, ["b", "c"]), ("ab", "", 2, ["c"]), ("ab", "c", 2, []), ("a", "", 3, [])],
)
def test_only_those_are_waited_for_that_belong_to_the_pool(up, out, floor, waited_for):
    members = {
        one: Member(one, "drain" if one in out else "ready", up=one in up, sessions=0)
        for one in "abc"
    }
    assert missed(members, "a", floor=floor) == waited_for


@pytest.mark.parametrize(("action", "to"), [("drain", "drain"), ("remove", "maint")])
def test_out_and_back(people, balancer, action, to):
    found = run(people, (action, "app1"), (action, "app1")).steps.get(position=2)
    assert (found.state, found.text, state(balancer, "app1")) == ("done", f"app1: {to}", to)
    assert found.facts == {
        "member": "app1", "state": to, "connections": 0, "healthy": to == "drain",
        "serving": False, "was": to,
    }  # fmt: skip
    back = begun(people, ("add", "app1"))
    until(lambda: go(back, later=timedelta(seconds=10)).state == "done")
    assert balancer.members(["app1"])["app1"].serving


def test_connections_are_waited_for(people, balancer, port):
    slow = threading.Thread(target=is_there, args=[f"http://127.0.1.100:{port}/slow"])
    slow.start()
    until(lambda: any(one.sessions for one in balancer.members(NAMES).values()))
    [busy] = [one.name for one in balancer.members(NAMES).values() if one.sessions]
    going = run(people, ("drain", busy))
    found = going.steps.get()
    assert (found.state, found.text) == ("pending", f"Connections of {busy} that are left: 1")
    slow.join()
    assert go(going, later=timedelta(seconds=10)).state == "done"


def test_connections_that_do_not_end_stop_it_and_the_member_is_back(people, balancer, port):
    slow = threading.Thread(target=is_there, args=[f"http://127.0.1.100:{port}/slow"])
    slow.start()
    until(lambda: any(one.sessions for one in balancer.members(NAMES).values()))
    [busy] = [one.name for one in balancer.members(NAMES).values() if one.sessions]
    going = run(people, ("drain", busy))
    assert go(going, later=timedelta(minutes=6)).state == "stopped"
    assert state(balancer, busy) == "ready"
    slow.join()


def test_too_few_would_be_left_and_nothing_is_sent(people, balancer):
    going = run(people, ("drain", "app1"), ("drain", "app2"))
    found = going.steps.get(position=2)
    assert going.state == "stopped"
    assert found.text == "Without app2 1 would serve in app; it takes at least 2."
    assert state(balancer, "app2") == "ready"


def test_one_that_is_down_already_takes_nothing_away(people, balancer, port):
    told(f"http://127.0.0.1:{port}", "app3", nginx="failed")
    until(lambda: not balancer.members(["app3"])["app3"].up)
    assert states(run(people, ("drain", "app3"))) == {"1": "done"}


def test_one_that_is_down_for_a_moment_is_waited_for(people, balancer, port):
    told(f"http://127.0.0.1:{port}", "app3", nginx="failed")
    until(lambda: not balancer.members(["app3"])["app3"].up)
    going = run(people, ("drain", "app1"))
    found = going.steps.get()
    assert (found.state, state(balancer, "app1")) == ("pending", "ready")
    assert found.text.endswith("It waits up to a minute for: app3.")
    told(f"http://127.0.0.1:{port}", "app3", heal=True)
    until(lambda: balancer.members(["app3"])["app3"].up)
    assert go(going, later=timedelta(seconds=10)).state == "done"


def test_one_that_stays_down_is_not_waited_for_longer_than_a_minute(people, balancer, port):
    told(f"http://127.0.0.1:{port}", "app3", nginx="failed")
    until(lambda: not balancer.members(["app3"])["app3"].up)
    going = go(run(people, ("drain", "app1")), later=timedelta(minutes=2))
    assert (going.state, state(balancer, "app1")) == ("stopped", "ready")
    assert going.steps.get().text == "Without app1 1 would serve in app; it takes at least 2."


def test_two_at_once_do_not_both_count_the_other(people, balancer):
    runs = [begun(people, ("drain", name)) for name in ("app1", "app2")]
    at_once(*(lambda one=one: go(one) for one in runs))
    assert sorted(one.state for one in runs) == ["done", "stopped"]


def test_undone_it_is_back_where_it_was_in_the_pool_before(people, balancer):
    balancer.put("app2", "maint")
    Pool.objects.update(floor=1)
    done = run(people, ("drain", "app1"), ("remove", "app2"))
    other = services.undo(done, at=clock.database_now(), by=people[0])
    until(lambda: go(other, later=timedelta(seconds=10)).state == "done")
    assert (state(balancer, "app1"), state(balancer, "app2")) == ("ready", "maint")


def test_what_is_not_healthy_is_not_counted_as_back(people, balancer, port):
    told(f"http://127.0.0.1:{port}", "app1", nginx="failed")
    until(lambda: not balancer.members(["app1"])["app1"].up)
    going = run(people, ("add", "app1"))
    assert go(going, later=timedelta(minutes=6)).state == "stopped"
    assert going.steps.get().text == "The load balancer does not find app1 healthy."


def test_all_are_shown_with_what_they_do(people, balancer):
    version = book(step("a", load_balancer={"pool": "app", "action": "show"}))
    found = go(services.start(version, {}, at=clock.database_now())).steps.get()
    assert found.text == "3 of 3 serve; it takes at least 2."
    assert [(row["member"], row["state"], row["healthy"]) for row in found.rows] == [
        (name, "ready", True) for name in NAMES
    ]


@pytest.mark.parametrize(
    ("pool", "member"), [("app", "app9"), ("other", "app1"), ("app", "a; show env")]
)
def test_names_that_are_none_change_nothing(people, balancer, pool, member):
    version = book(step("a", load_balancer={"pool": pool, "action": "drain", "member": member}))
    going = go(services.start(version, {}, by=people[0], at=clock.database_now()))
    assert going.state == "stopped"
    assert {one.state for one in balancer.members(NAMES).values()} == {"ready"}


def test_nobody_at_the_socket_fails_before_anything_is_done(people, balancer):
    Pool.objects.update(address="127.0.0.1:9")
    assert states(run(people, ("drain", "app1"))) == {"1": "failed"}


def test_a_dry_run_says_the_line_that_it_would_send(people, balancer, port):
    version = book(step("a", load_balancer={"pool": "app", "action": "drain", "member": "app1"}))
    [(_planned, told_)] = services.foretold(version, {})
    assert told_ == f"127.0.1.100:{port + 22} › set server app/app1 state drain"
    Pool.objects.update(balancer="http", address="http://127.0.0.1/pools")
    [(_planned, told_)] = services.foretold(version, {})
    assert (
        told_ == 'http://127.0.0.1/pools › POST http://127.0.0.1/pools/app/app1 {"state": "drain"}'
    )


@pytest.mark.parametrize(
    ("given", "chosen"),
    [({}, ["app1", "app2"]), ({"pool": "app"}, ["app1", "app2"]), ({"hosts": ["app2"]}, ["app2"])],
)
def test_without_a_choice_it_is_all_hosts_of_the_pool(people, given, chosen):
    pool = Pool.objects.create(name="app", balancer="haproxy", address="127.0.0.1:9", backend="app")
    pool.hosts.set(Host.objects.create(name=name, enabled=name != "app3") for name in NAMES)
    inputs = {
        "pool": {"type": "pool", "label": TEXT, "default": "app"},
        "hosts": {"type": "hosts", "label": TEXT, "of": "pool", "required": False},
    }
    each = step("each", for_each={"items": "{hosts}", "as": "host"}, steps=[step("a", wait="0s")])
    run = services.start(book(each, inputs=inputs), given, by=people[0], at=clock.database_now())
    assert run.inputs["hosts"] == chosen


@pytest.mark.parametrize(
    "given",
    [{}, {"pool": "app", "action": "kill", "member": "a"}, {"pool": "app", "action": "drain"}],
)
def test_what_does_not_fit_is_refused_as_it_is_loaded(given):
    with pytest.raises(Wrong):
        LoadBalancer().check(given)


def test_before_its_inputs_are_known_it_says_what_it_would_do_to_whom():
    step = LoadBalancer()
    given = {"pool": "{pool}", "member": "{host}", "action": "drain"}
    assert step.foretell(given) == "{pool} › drain {host}"
