"""What may not be kept of a line is masked, and the rest of it stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.domain.logs.masking import masked, shown

TRON = "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"
HEX64 = "0123456789abcdef" * 4


def mask(text):
    return masked(text.encode()).decode()


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("user=kim password=hunter2 ok", "user=kim password=‹secret› ok"),
        ('{"password":"a\\"b c","x":1}', '{"password":‹secret›,"x":1}'),
        ('{\\"passwd\\": \\"ab c\\"}', '{\\"passwd\\": ‹secret›}'),
        ('api_key: "abc def', "api_key: ‹secret›"),  # a cut line never closed it
        ("Authorization: Bearer abc.def", "Authorization: ‹secret›"),
        ("sent Bearer abcdefgh123 on", "sent Bearer ‹secret› on"),
        ("Cookie: a=b; session=xyz", "Cookie: ‹secret›"),
        ("run --db-password hunter2 --port 1", "run --db-password ‹secret› --port 1"),
        ("ALTER ROLE x PASSWORD 'a b'", "ALTER ROLE x PASSWORD ‹secret›"),
        ("postgres://u:p@ss@host/db", "postgres://u:‹secret›@host/db"),
        ("GET /x?access_token=abc&b=1", "GET /x?access_token=‹secret›&b=1"),
        ("jwt eyJhbGciOi.eyJzdWIi.c2ln end", "jwt ‹secret› end"),
        ("key AKIAIOSFODNN7EXAMPLE", "key ‹secret›"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123", "‹secret›"),
        ("seed phrase: abandon ability able", "seed phrase: ‹secret›"),
        ("hooks.slack.com/services/T1/B2/x3", "hooks.slack.com/services/‹secret›"),
        (
            "-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\nnext",
            "‹secret›\nnext",
        ),
        ("-----BEGIN PRIVATE KEY-----\nMHcC", "‹secret›"),
        ("MIIEpAIBAAKCAQEA7d" + "aB3" * 15 + "==", "‹secret›"),
    ],
)
def test_secrets_leave_nothing(line, kept):
    assert mask(line) == kept


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (f"to {TRON} failed", "address"),
        (f"owner 41{'ab' * 20}", "address"),
        (f"eth 0x{'ab' * 20}", "address"),
        (f"tx {HEX64}", "hex"),
        ("mail kim@dantaro.co.kr now", "email"),
        ("from 203.0.113.7 port 22", "ip"),
        ("from 2001:db8::1 port 22", "ip"),
        ("card 4111 1111 1111 1111", "card"),
        ("주민번호 900101-1234567", "person"),
        ("전화 010-1234-5678", "phone"),
    ],
)
def test_addresses_leave_a_mark_by_which_two_lines_can_be_told_to_speak_of_one(line, kind):
    once, again, other = mask(line), mask(line), mask(line.replace("7", "8").replace("a", "b"))

    assert f"‹{kind}:" in once
    assert once == again
    assert not any(word in once for word in line.split() if len(word) > 8)
    assert once != other or line == line.replace("7", "8").replace("a", "b")


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-28T12:34:56.789Z INFO std::string A::B at 127.0.0.1 took 23 ms",
        "Failed password for root",
        "GET /static/css/components/very/long/path/of/many/folders/and/more/base.css",
        "order 1764358800123 done",  # a moment in milliseconds, not a card
        "version 1.2.3",
        "mac 00:1b:44:11:3a:b7",
    ],
)
def test_what_is_no_secret_stays(line):
    assert mask(line) == line


@given(st.binary(max_size=200))
def test_what_is_masked_is_masked_again_to_the_same_and_any_bytes_are_shown(line):
    once = masked(line)

    assert masked(once) == once
    assert "\0" not in shown(line)
    shown(line).encode()
