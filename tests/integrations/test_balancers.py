"""One contract for whatever balances: the real HAProxy, and the one of the sandbox."""

import json
import threading
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest

from integrations.balancers import Balancer, Fault
from integrations.haproxy import HAProxy
from integrations.http_balancer import HttpBalancer
from tests.integrations.balanced import NAMES, is_there, servers, told, until
from tests.integrations.haproxy import haproxy
from tests.running import free_ports

pytestmark = pytest.mark.timeout(60)


@dataclass
class Place:
    balancer: Balancer
    web: str
    sandbox: str


@pytest.fixture(scope="module")
def port():
    with servers() as port:
        yield port


@pytest.fixture(scope="module")
def real(port, tmp_path_factory):
    folder = tmp_path_factory.mktemp("haproxy")
    servers = {name: f"127.0.1.{number}:{port}" for number, name in enumerate(NAMES, 1)}
    ports = (*free_ports(), free_ports()[0])
    with haproxy(folder, servers, ports):
        yield folder, ports


@pytest.fixture(params=["haproxy", "haproxy over TCP", "sandbox"])
def place(request, port):
    if request.param == "sandbox":
        found, web = f"127.0.1.100:{port + 22}", f"http://127.0.1.100:{port}"
    else:
        folder, ports = request.getfixturevalue("real")
        found = f"{folder}/admin.sock" if request.param == "haproxy" else f"127.0.0.1:{ports[1]}"
        web = f"http://127.0.0.1:{ports[0]}"
    place = Place(HAProxy(found, "app"), web, f"http://127.0.0.1:{port}")
    for name in NAMES:
        told(place.sandbox, name, heal=True)
    until(lambda: is_there(f"{web}/"))
    for name in NAMES:
        place.balancer.put(name, "ready")
    until(lambda: all(one.serving for one in members(place).values()))
    return place


def members(place):
    return place.balancer.members(NAMES)


def answering(place, times=9):
    return {httpx2.get(f"{place.web}/").json()["host"] for _time in range(times)}


def test_all_serve_at_first(place):
    assert list(members(place)) == ["app1", "app2", "app3"]
    assert {one.state for one in members(place).values()} == {"ready"}


@pytest.mark.parametrize("state", ["drain", "maint"])
def test_what_is_out_gets_nothing_until_it_is_ready_again(place, state):
    place.balancer.put("app2", state)
    place.balancer.put("app2", state)
    assert (members(place)["app2"].state, members(place)["app2"].serving) == (state, False)
    assert "app2" not in answering(place)
    place.balancer.put("app2", "ready")
    until(lambda: members(place)["app2"].serving)
    until(lambda: "app2" in answering(place))


def test_a_drained_server_ends_what_it_has_begun(place):
    slow = threading.Thread(target=is_there, args=[f"{place.web}/slow"])
    slow.start()
    until(lambda: any(one.sessions for one in members(place).values()))
    [busy] = [one.name for one in members(place).values() if one.sessions]
    place.balancer.put(busy, "drain")
    assert members(place)[busy].sessions == 1
    slow.join()
    until(lambda: members(place)[busy].sessions == 0)


def test_a_server_whose_check_fails_does_not_serve_drained_or_not(place):
    told(place.sandbox, "app3", nginx="failed")
    until(lambda: not members(place)["app3"].up)
    assert members(place)["app3"].state == "ready"
    place.balancer.put("app3", "drain")
    assert (members(place)["app3"].state, members(place)["app3"].up) == ("drain", False)
    told(place.sandbox, "app3", nginx="active")
    until(lambda: members(place)["app3"].up)
    assert not members(place)["app3"].serving


def test_what_it_does_not_know_it_does_not_have(place):
    assert place.balancer.members(["app1", "app9"]).keys() == {"app1"}
    for name, backend in (("app9", "app"), ("app1", "other")):
        with pytest.raises(Fault) as fault:
            replace(place.balancer, backend=backend).put(name, "drain")
        assert fault.value.permanent
    with pytest.raises(Fault):
        replace(place.balancer, backend="other").members(NAMES)


@pytest.mark.parametrize(
    "name", ["app1; shutdown sessions server app/app2", "app1\nshow env", "app1 state ready", "", "-", "../app1", "app/app1"]
)  # fmt: skip
def test_a_name_that_is_more_than_a_name_is_refused_before_anything_is_sent(place, name):
    for balancer in (place.balancer, HttpBalancer("http://127.0.0.1:9/", "app")):
        for ask in (balancer.put, balancer.told):
            with pytest.raises(Fault) as fault:
                ask(name, "drain")
            assert fault.value.permanent
    with pytest.raises(Fault):
        replace(place.balancer, backend=name).members(NAMES)


def test_no_other_state_than_the_three_is_sent(place):
    with pytest.raises(Fault):
        place.balancer.put("app1", "ready; show env")


def test_a_socket_that_may_not_change_anything_says_so(real):
    with pytest.raises(Fault, match="denied") as fault:
        HAProxy(f"127.0.0.1:{real[1][2]}", "app").put("app1", "drain")
    assert fault.value.permanent


@pytest.mark.parametrize("address", ["", "localhost", "localhost:0", "localhost:x", "/nowhere"])
def test_an_address_where_nobody_is(address):
    with pytest.raises(Fault):
        HAProxy(address, "app").members(NAMES)


class Answers(BaseHTTPRequestHandler):
    """The HTTP contract, with a pool of one."""

    state = "ready"

    def do_GET(self):
        body = json.dumps({"state": Answers.state, "up": True, "sessions": 2}).encode()
        self._answer(200 if self.path == "/pools/app/app1" else 404, body)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Answers.state = body["state"]
        self._answer(200 if self.path == "/pools/app/app1" else 409, b"{}")

    def _answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_given):
        pass


def test_http_asks_a_member_and_puts_it_into_a_state():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    balancer = HttpBalancer(f"http://127.0.0.1:{server.server_port}/pools/", "app")
    try:
        balancer.put("app1", "drain")
        found = balancer.members(["app1", "app2"])
        assert [*found] == ["app1"]
        assert (found["app1"].state, found["app1"].sessions) == ("drain", 2)
        with pytest.raises(Fault) as fault:
            balancer.put("app2", "drain")
        assert fault.value.permanent
    finally:
        server.shutdown()
        server.server_close()
