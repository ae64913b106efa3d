"""A check of a website, against real sockets that behave and that do not."""

import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from monitoring.collector import KEPT_TO_ITSELF
from monitoring.collectors.http import fits
from monitoring.registry import collectors
from tests.monitoring.collectors.certificates import certified, encrypting

HOUR = timedelta(hours=1)


def said(body=b"fine", status=b"200 OK", more=b""):
    head = b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n" % (status, more, len(body))
    return head + body


def at(server, path=""):
    return f"http://127.0.0.1:{server.port}/{path}"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def encrypted(server, tmp_path):
    """A server with a certificate of its own making that ends after so long, and that as a file."""

    def start(ends_in):
        path = certified(tmp_path, ends_in=ends_in)
        there = server(encrypting(path, said()), listens=False)
        return f"https://127.0.0.1:{there.port}/", str(path)

    return start


def test_a_good_answer_is_its_status_and_how_long_it_took(server, take):
    found = take("http", url=at(server(said())))

    assert found.fault == ""
    assert found.value("http_status") == 200
    assert 0 < found.value("http_seconds") < 3
    assert found.names == {"http_status", "http_seconds"}


def test_a_wrong_status_is_read_all_the_same(server, take):
    found = take("http", url=at(server(said(status=b"503 Busy"))))

    assert found.value("http_status") == 503
    assert found.fault == "It answered 503, not 2xx."


@pytest.mark.parametrize(
    ("status", "expected", "right"),
    [
        (200, "2xx", True), (204, "2xx", True), (301, "2xx", False), (301, "200, 301-308", True),
        (308, "200, 301-308", True), (309, "301-308", False), (404, "404", True),
    ],
)  # fmt: skip
def test_which_status_is_expected(status, expected, right):
    assert fits(status, expected) is right


@pytest.mark.parametrize("wrong", ["", "ok", "2x", "200-", "600", "200;301", "99"])
def test_no_status_is_told(wrong):
    with pytest.raises(ValidationError) as caught:
        collectors["http"].cleaned({"url": "http://a/", "expects": wrong})
    assert "expects" in caught.value.message_dict


def test_korean_words_are_looked_for_in_the_answer_in_its_own_encoding(server, take):
    head = b"Content-Type: text/html; charset=euc-kr\r\n"
    there = at(server(said("출금이 정상이에요".encode("euc-kr"), more=head)))

    assert take("http", url=there, contains="출금이 정상").fault == ""
    assert take("http", url=there, contains="점검").fault == "The answer does not contain “점검”."


def test_korean_letters_in_an_address_are_sent_as_a_browser_sends_them():
    cleaned = collectors["http"].cleaned({"url": "https://봉수.한국:8443/상태?이름=값#여기"})

    assert cleaned["url"] == (
        "https://xn--9n3bo6g.xn--3e0b707e:8443/"
        "%EC%83%81%ED%83%9C?%EC%9D%B4%EB%A6%84=%EA%B0%92"
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong", ["", "ftp://a/", "http://", "//a/", "http:///x", "http://a:b/", "http://[::1/", "a b"]
)
def test_no_web_address_is_told(wrong):
    with pytest.raises(ValidationError) as caught:
        collectors["http"].cleaned({"url": wrong})
    assert "url" in caught.value.message_dict


@pytest.mark.parametrize(
    ("field", "secret"),
    [
        ("url", "https://reader:hunter2@shop.example/"),
        ("headers", "Authorization: Bearer hunter2"),
        ("headers", "X-Api-Key: hunter2"),
        ("headers", "Cookie: session=hunter2"),
    ],
)
def test_a_plain_secret_is_not_kept(field, secret):
    with pytest.raises(ValidationError) as caught:
        collectors["http"].cleaned({"url": "http://a/", field: secret})
    assert "env:NAME" in str(caught.value.message_dict[field])


def test_a_named_secret_is_sent_and_never_kept(server, take, monkeypatch):
    there = server(said())
    monkeypatch.setenv("SHOP_TOKEN", "hunter2")

    found = take("http", url=at(there), headers="Authorization: Bearer env:SHOP_TOKEN")

    assert found.fault == ""
    assert b"Authorization: Bearer hunter2\r\n" in there.heard[0]


@pytest.mark.parametrize("name", sorted(KEPT_TO_ITSELF))
def test_what_the_portal_speaks_with_is_given_to_nobody(server, take, monkeypatch, name):
    monkeypatch.setenv(name, "hunter2")
    there = server(said())

    found = take("http", url=at(there), headers=f"X-Token: env:{name}")

    assert name in found.fault
    assert there.hits == 0


def test_a_redirect_is_the_answer_unless_it_is_to_be_followed(server, take):
    target = server(said())
    moved = said(b"", b"302 Found", b"Location: %s\r\n" % at(target).encode())

    stayed = take("http", url=at(server(moved)))
    followed = take("http", url=at(server(moved)), follow=True)

    assert stayed.fault == "It answered 302, not 2xx."
    assert followed.value("http_status") == 200


def test_a_redirect_loop_ends(server, take):
    there = server(said(b"", b"301 Moved", b"Location: /again\r\n"))

    found = take("http", url=at(there), follow=True)

    assert found.fault == "Redirected more than 5 times."
    assert found.readings == []
    assert there.hits == 6


def test_a_secret_does_not_follow_to_another_host(server, take, monkeypatch):
    target = server(said())
    moved = said(b"", b"302 Found", b"Location: %s\r\n" % at(target).encode())
    monkeypatch.setenv("SHOP_TOKEN", "hunter2")

    take("http", url=at(server(moved)), headers="X-Token: env:SHOP_TOKEN", follow=True)

    assert target.hits == 1
    assert b"hunter2" not in target.heard[0]


def test_of_ten_gigabytes_a_megabyte_is_read(server, take):
    sent = []

    def talk(visitor):
        visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n")
        for _ in range(10 * 1024):
            visitor.sendall(b"x" * 1024 * 1024)
            sent.append(1)

    found = take("http", url=at(server(talk)), timeout=20)

    assert found.fault == ""
    assert len(sent) < 100


@pytest.mark.parametrize(
    "first", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"], ids=["head", "body"]
)
def test_who_drips_is_left_when_the_time_is_over(server, take, first):
    def talk(visitor):
        visitor.sendall(first)
        for _ in range(100):
            visitor.sendall(b"x")
            time.sleep(0.1)

    began = time.monotonic()
    found = take("http", url=at(server(talk)), timeout=1)

    assert found.fault == "No answer within 1 seconds."
    assert time.monotonic() - began < 8


def test_nobody_at_home_is_said_in_words(take):
    assert (
        take("http", url="http://127.0.0.1:1/").fault
        == "The connection was refused: nothing listens there."
    )


def test_a_name_that_is_none_is_said_in_words(take):
    assert take("http", url="http://nothing.invalid/").fault == "The name cannot be resolved."


def test_what_is_no_http_is_said(server, take):
    assert take("http", url=at(server(b"SSH-2.0-OpenSSH_9.2\r\n"))).fault


def test_how_long_a_certificate_is_valid_is_read(encrypted, take):
    url, ca_file = encrypted(72 * HOUR)

    found = take("http", url=url, ca_file=ca_file)

    assert found.fault == ""
    assert found.value("certificate_days") == pytest.approx(3, abs=0.01)


def test_a_certificate_of_nobody_we_know_is_refused(encrypted, take):
    url, _ca_file = encrypted(72 * HOUR)

    found = take("http", url=url)

    assert found.readings == []
    assert found.fault == "The certificate is not trusted: self-signed certificate."


def test_an_expired_certificate_is_said_and_its_age_read_where_that_is_allowed(encrypted, take):
    url, ca_file = encrypted(-48 * HOUR)

    strict = take("http", url=url, ca_file=ca_file)
    lenient = take("http", url=url, verify=False)

    assert strict.fault == "The certificate is not trusted: certificate has expired."
    assert lenient.value("certificate_days") == pytest.approx(-2, abs=0.01)


def test_a_certificate_of_another_name_is_refused(encrypted, take):
    url, ca_file = encrypted(72 * HOUR)

    found = take("http", url=url.replace("127.0.0.1", "localhost"), ca_file=ca_file)

    assert found.fault.startswith("The certificate is not trusted: Hostname mismatch")


def test_a_file_of_an_authority_that_is_not_there_is_said(take):
    found = take("http", url="https://127.0.0.1:1/", ca_file="/nowhere.pem")

    assert found.fault == "The file of the authority cannot be read: No such file or directory."
