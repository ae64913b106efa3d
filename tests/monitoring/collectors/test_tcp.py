import time

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from monitoring.registry import collectors


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_a_port_that_takes_connections_says_how_fast(server, take):
    found = take("tcp", address="127.0.0.1", port=server(b"").port)

    assert found.fault == ""
    assert 0 < found.value("tcp_seconds") < 3


def test_a_closed_port_is_said_in_words(take):
    found = take("tcp", address="127.0.0.1", port=1)

    assert found.readings == []
    assert found.fault == "The connection was refused: nothing listens there."


def test_the_greeting_is_looked_at_where_it_is_asked_for(server, take):
    there = server(lambda visitor: visitor.sendall("220 메일 서버\r\n".encode()), listens=False)
    asked = {"address": "127.0.0.1", "port": there.port}

    assert take("tcp", **asked, greeting="메일").fault == ""
    assert take("tcp", **asked, greeting="SSH").fault == "It greets with “220 메일 서버”."


def test_who_says_nothing_is_left_in_time(server, take):
    there = server(lambda visitor: time.sleep(5), listens=False)

    found = take("tcp", address="127.0.0.1", port=there.port, greeting="SSH", timeout=0.5)

    assert "tcp_seconds" in found.names
    assert found.fault == "No answer within 0.5 seconds."


@pytest.mark.parametrize("name", ["nothing.invalid", "가" * 80, "a" * 200, "a..b"])
def test_a_name_that_leads_nowhere_is_said(take, name):
    assert take("tcp", address=name, port=80).fault == "The name cannot be resolved."


@pytest.mark.parametrize("port", [0, 65_536, "http", 22.5, None])
def test_no_port_is_told(port):
    with pytest.raises(ValidationError) as caught:
        collectors["tcp"].cleaned({"address": "a", "port": port})
    assert "port" in caught.value.message_dict
