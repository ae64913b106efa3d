from datetime import UTC, datetime, timedelta, timezone

import pytest

from monitoring.domain.auth_log import failures, first_moment, moment

SEOUL = timezone(timedelta(hours=9))
AT = datetime(2026, 11, 28, 20, 5, tzinfo=SEOUL)
SINCE = AT - timedelta(minutes=5)


def counted(*lines, since=SINCE):
    found = failures(lines, since=since, at=AT)
    return {name: count for name, count in found.counts.items() if count}


def sshd(text, at="Nov 28 20:03:58", program="sshd[812]"):
    return f"{at} wallet-1 {program}: {text}"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (sshd("Failed password for root from 203.0.113.9 port 4022 ssh2"), {"ssh": 1}),
        (sshd("Failed password for invalid user a from 203.0.113.9 port 4022 ssh2"), {"ssh": 1}),
        (sshd("Failed publickey for kim from 2001:db8::1 port 4022 ssh2: RSA"), {"ssh": 1}),
        (sshd("Failed keyboard-interactive/pam for kim from 203.0.113.9 port 1 ssh2"), {"ssh": 1}),
        (sshd("Failed password for kim from 203.0.113.9 port 1", program="sshd-session[9]"), {"ssh": 1}),
        (
            sshd("message repeated 4 times: [ Failed password for root from 203.0.113.9 port 1 ssh2]"),
            {"ssh": 4},
        ),
        (sshd("Invalid user admin from 203.0.113.9 port 4022"), {"ssh_unknown": 1}),
        (sshd("Accepted publickey for kim from 203.0.113.9 port 4022 ssh2"), {}),
        (sshd("Connection closed by 203.0.113.9 port 4022 [preauth]"), {}),
        (
            sshd("     kim : 3 incorrect password attempts ; TTY=pts/0 ; USER=root", program="sudo"),
            {"sudo": 3},
        ),
        (sshd("     kim : user NOT in sudoers ; TTY=pts/0", program="sudo"), {"sudo": 1}),
        (sshd("     kim : command not allowed ; TTY=pts/0", program="sudo"), {"sudo": 1}),
        (sshd("     kim : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls", program="sudo"), {}),
        (sshd("FAILED SU (to root) kim on pts/1", program="su[77]"), {"su": 1}),
        (sshd("FAILED su for root by kim", program="su"), {"su": 1}),
        (sshd("Failed password for root from 203.0.113.9 port 1", program="cron[1]"), {}),
        ("Failed password for root from 203.0.113.9 port 4022 ssh2", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_failures_are_told_from_the_rest(line, found):
    assert counted(line) == found


FAILURE = "Failed password for root from 203.0.113.9 port 4022 ssh2"


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        ("Nov 28 20:00:00", True),
        ("Nov 28 19:59:59", False),
        ("Nov  8 20:03:58", False),
        ("Dec 28 20:03:58", False),  # of last year
        ("2026-11-28T20:03:58.123456+09:00", True),
        ("2026-11-28T20:03:58.123456+0900", True),
        ("2026-11-28T11:03:58Z", True),
        ("2026-11-28T10:03:58+00:00", False),
    ],
)
def test_lines_of_the_last_minutes_count_however_their_time_is_written(at, counts):
    assert bool(counted(sshd(FAILURE, at=at))) == counts


def test_in_january_the_lines_of_december_are_of_last_year():
    new_year = datetime(2027, 1, 1, 0, 2, tzinfo=SEOUL)

    assert moment("Dec 31 23:59:00", at=new_year) == datetime(2026, 12, 31, 23, 59, tzinfo=SEOUL)


@pytest.mark.parametrize("at", ["Feb 30 10:00:00", "Xyz 01 10:00:00", "2026-13-01T00:00:00Z"])
def test_a_time_that_does_not_exist_is_none(at):
    assert moment(at, at=AT) is None


def test_addresses_are_counted_once():
    lines = [sshd(f"Failed password for root from 203.0.113.{n % 3} port 1") for n in range(9)]

    found = failures(lines, since=SINCE, at=AT)

    assert (found.counts["ssh"], len(found.addresses)) == (9, 3)


def test_only_the_end_of_a_log_is_looked_at():
    old = sshd(FAILURE, at="Nov 28 19:00:00")

    assert counted(sshd(FAILURE), old, sshd(FAILURE)) == {"ssh": 1}


def test_the_first_time_of_a_log_is_found():
    lines = ["half a line", sshd("x", at="2026-11-28T11:03:58Z"), sshd("y")]

    assert first_moment(lines, at=AT) == datetime(2026, 11, 28, 11, 3, 58, tzinfo=UTC)
    assert first_moment([], at=AT) is None
