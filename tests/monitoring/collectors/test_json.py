import json

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from monitoring.registry import collectors

MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def said(body, status=b"200 OK"):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


def asked(take, there, path="", **more):
    url = f"http://127.0.0.1:{there.port}/"
    return take("json", url=url, path=path, metric="balance", unit="TRX", **more)


def test_a_number_is_read_under_the_name_it_is_given(server, take):
    there = server(said({"지갑": [{"잔액": "1250.75"}]}))

    found = asked(take, there, "지갑[0].잔액")

    assert found.fault == ""
    (reading,) = found.readings
    assert (reading.name, reading.value, reading.unit) == ("balance", 1250.75, "TRX")


def test_a_node_is_asked_by_post(server, take):
    there = server(said({"block_header": {"raw_data": {"number": 66_000_000}}}))

    found = asked(
        take, there, "block_header.raw_data.number", method="POST", body='{"visible": true}'
    )

    assert found.value("balance") == 66_000_000
    assert there.heard[0].startswith(b"POST / ")
    assert b"Content-Type: application/json" in there.heard[0]


@pytest.mark.parametrize(
    ("body", "path", "fault"),
    [
        (b"", "", "The answer is no JSON."),
        (b"<html>", "", "The answer is no JSON."),
        (b"[" * 100_000, "", "The answer is no JSON."),
        (b"\xff\xfe", "", "The answer is no JSON."),
        (b"{}", "a.b", "There is no number at a."),
        (b"null", "", "There is no number at /."),
        (b'{"a": "n/a"}', "a", "There is no number at a."),
        (b'{"a": ' + b"9" * 5000 + b"}", "a", "The answer is no JSON."),
        (b'"' + b"x" * 2 * MEGABYTE + b'"', "", "The answer is longer than a megabyte."),
    ],
    ids=range(9),
)
def test_an_answer_of_another_kind_is_said_in_words(server, take, body, path, fault):
    assert asked(take, server(said(body)), path).fault == fault


def test_a_bad_status_is_said_whatever_the_body(server, take):
    assert asked(take, server(said({"a": 1}, b"502 Bad")), "a").fault == "It answered 502."


@pytest.mark.parametrize("wrong", ["잔액", "Balance", "1st", "a b", ""])
def test_a_metric_needs_a_name_that_rules_can_use(wrong):
    with pytest.raises(ValidationError) as caught:
        collectors["json"].cleaned({"url": "http://a/", "metric": wrong})
    assert "metric" in caught.value.message_dict


def test_what_is_no_path_is_told():
    with pytest.raises(ValidationError) as caught:
        collectors["json"].cleaned({"url": "http://a/", "metric": "a", "path": "a[x]"})
    assert caught.value.message_dict["path"] == ["This is no path, from here on: [x]"]
