"""Lines, entries, levels, patterns and rates: the rules of log watching, without files or rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.domain.logs.addresses import fault_of_address
from monitoring.domain.logs.drain import Miner
from monitoring.domain.logs.levels import Level, level_of
from monitoring.domain.logs.lines import LONGEST, MOST_LINES, Splitter
from monitoring.domain.logs.patterns import REGEX, WORDS, Pattern, Patterns, Rate, fault_of
from monitoring.domain.logs.reading import AFTER, BEFORE, Reading, Surroundings
from monitoring.domain.logs.stamps import said
from monitoring.domain.logs.syslog import Frames, parsed
from monitoring.domain.logs.trying import entries, tried


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("2026-11-28 12:00:00,123 ERROR boom", Level.ERROR),
        ("2026-11-28 INFO no ERROR here", Level.INFO),
        ('level=info msg="ERROR in the text"', Level.INFO),
        ('{"level":"error","msg":"x"}', Level.ERROR),
        ('{"level":50,"msg":"x"}', Level.ERROR),
        ('{"severity":"CRITICAL","msg":"x"}', Level.FATAL),
        ("2026/11/28 [crit] 12#0: disk", Level.FATAL),
        ("FATAL:  too many connections for role", Level.FATAL),
        ("W1128 12:00:00 glog", Level.WARNING),
        ("E1128 12:00:00 glog", Level.ERROR),
        ("java.lang.IllegalStateException: boom", Level.ERROR),
        ("Traceback (most recent call last):", Level.ERROR),
        ("kernel panic - not syncing", Level.FATAL),
        ("error: could not open", Level.ERROR),
        ("GET /error.html 200", Level.UNKNOWN),
        ("ERROR_COUNT=0", Level.UNKNOWN),
        ("[warn] slow", Level.WARNING),
    ],
)
def test_how_grave_a_line_says_it_is(line, level):
    assert level_of(line.encode()) == level


@given(st.binary(max_size=400), st.lists(st.integers(1, 50), max_size=20))
def test_lines_are_the_same_however_the_pieces_were(data, sizes):
    whole = Splitter()
    expected = whole(data)
    pieces, place, splitter, found = list(sizes), 0, Splitter(), []
    while place < len(data):
        size = pieces.pop() if pieces else len(data)
        found += splitter(data[place : place + size])
        place += size

    assert found == expected
    assert splitter.read == len(data)
    assert [line.end for line in found[:-1]] == [line.start for line in found[1:]]


def test_a_line_longer_than_is_kept_is_cut_and_what_follows_is_whole():
    splitter = Splitter()
    for _ in range(5):
        splitter(b"x" * LONGEST)
    found = splitter(b"\nnext\n")

    assert [len(found[0].text) < LONGEST + 10, found[1].text] == [True, b"next"]
    assert (splitter.cut, found[1].end) == (1, 5 * LONGEST + 6)


def test_holes_of_nul_and_windows_ends_are_no_part_of_a_line():
    splitter = Splitter()
    splitter(b"\0" * 40_000)

    assert [line.text for line in splitter(b"one\r\ntwo\n")] == [b"one", b"two"]
    assert splitter.cut == 0


@pytest.mark.parametrize(
    ("log", "count"),
    [
        ("a\nb\nc\n", 3),
        (
            "ERROR x\njava.io.IOException: broken\n\tat A.b\n\t... 3 more\nCaused by: y\n\tat B\nnext\n",
            2,
        ),
        (
            "ERROR x\nTraceback (most recent call last):\n  File a\n    y()\nValueError: boom\nnext\n",
            2,
        ),
        (
            "Traceback (most recent call last):\n  File a\nKeyError: 1\n\nDuring handling of the above"
            " exception, another exception occurred:\n\nTraceback (most recent call last):\n  File b\n"
            "ValueError: x\nnext\n",
            2,
        ),
        ("{\n  1\n}\nnext\n", 2),
    ],
)
def test_a_trace_is_one_thing_that_happened(log, count):
    assert len(entries(log)) == count


def test_an_endless_trace_is_bounded():
    log = "ERROR x\n" + "\tat a.b.C.d(E.java:1)\n" * 5_000

    (entry,) = entries(log)

    assert entry.lines == 5_001
    assert entry.text.count(b"\n") < MOST_LINES


@pytest.mark.parametrize(
    ("kind", "text", "exclude", "line", "fits"),
    [
        (WORDS, "too many connections", "", "FATAL: Too many client Connections", True),
        (WORDS, '"too many connections"', "", "FATAL: too many client connections", False),
        (WORDS, "“too many” refused", "", "refused: too many connections", True),
        (WORDS, "“too many” refused", "", "refused: many, too", False),
        (WORDS, "출금 실패", "", "출금 8123 처리 실패", True),
        (WORDS, "출금 실패", "", "출금 8123 처리", False),
        (REGEX, r"status=5\d\d", "", "GET / status=503", True),
        (REGEX, r"status=5\d\d", "health", "GET /health status=503", False),
        (REGEX, "ERROR", "", "error", False),
        (REGEX, "(a+)+$", "", "a" * 5_000 + "b", False),  # hours for an engine that tries again
    ],
)
def test_what_a_pattern_fits(kind, text, exclude, line, fits):
    pattern = Pattern(1, kind, text, exclude)

    assert bool(Patterns([pattern])(line.encode())) is fits


@pytest.mark.parametrize(
    ("kind", "text", "faulty"),
    [
        (WORDS, "a", False),
        (WORDS, " ", True),
        (REGEX, "(", True),
        (REGEX, "a*", True),
        (REGEX, r"(?=x)", True),
        (REGEX, "((a{100}){100}){100}", True),
        (REGEX, "x" * 501, True),
        (REGEX, r"\d{3}", False),
    ],
)
def test_what_is_wrong_with_a_pattern_is_said_before_it_is_kept(kind, text, faulty):
    assert bool(fault_of(kind, text)) is faulty


@pytest.mark.parametrize(
    ("count", "within", "times", "reached"),
    [
        (1, 60, [0], True),
        (3, 60, [0, 30], False),
        (3, 60, [0, 30, 60], True),
        (3, 60, [0, 30, 61], False),
        (3, 60, [0, 50, 100, 105, 110], True),
        (2, 60, [10, 5], True),  # written out of order
    ],
)
def test_so_many_within_so_long(count, within, times, reached):
    rate = Rate(count, within)

    assert [rate.reached(at) for at in times][-1] is reached


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("2026-11-28T00:00:10Z x", 10),
        ("2026-11-28 00:00:10,500 x", 10.5),
        ("[2026-11-28T09:00:10+09:00] x", 10),
        ("2026-13-40 00:00:10 x", None),
        ("no stamp", None),
    ],
)
def test_when_a_line_says_it_was_written(line, seconds):
    midnight = said(b"2026-11-28T00:00:00Z", read=0)

    assert said(line.encode(), read=-1) == (-1 if seconds is None else midnight + seconds)


def test_trying_a_pattern_says_which_lines_it_fits_masked():
    found = tried(Pattern(0, WORDS, "failed"), "login failed token=abc\nok\nERROR failed\n\tat x\n")

    assert (found.matched, found.of) == (2, 3)
    assert found.lines[0] == ("login failed token=‹secret›", True)


def read(reading, log, around=None, at=0.0):
    around = around or Surroundings()
    for entry in entries(log):
        reading.take(entry, around, at=at)
    return around


def test_a_match_is_one_matter_until_it_was_quiet_and_keeps_the_lines_around():
    pattern = Pattern(7, WORDS, "failed", severity="P2", cooldown=60)
    reading = Reading(Patterns([pattern]))
    lines = [f"line {n}" for n in range(10)]
    around = read(reading, "\n".join([*lines, "it failed", *lines, "failed again"]))

    (episode,) = reading.episodes.values()
    assert (episode.count, episode.line, episode.last_line) == (2, "it failed", "failed again")
    assert episode.before == lines[-BEFORE:]
    assert episode.after == lines[:AFTER]

    reading.settle(at=59)
    assert episode.over_at is None
    reading.settle(at=60)
    assert episode.over_at == 60
    reading.written(at=60)
    read(reading, "failed", around, at=61)
    assert reading.episodes[7] is not episode


def test_a_backlog_read_at_once_did_not_happen_at_once():
    pattern = Pattern(7, WORDS, "failed", count=3, within=60)
    reading = Reading(Patterns([pattern]))

    read(reading, "\n".join(f"2026-11-28T0{n}:00:00Z failed" for n in range(9)))
    assert reading.episodes == {}
    read(reading, "\n".join(f"2026-11-28T09:00:0{n}Z failed" for n in range(3)))
    assert reading.episodes[7].count == 3


def test_a_pattern_that_is_looked_for_no_more_is_over():
    reading = Reading(Patterns([Pattern(7, WORDS, "failed")]))
    read(reading, "failed")

    reading.adopt(Patterns([]), at=5)

    assert reading.episodes[7].over_at == 5


def test_errors_that_differ_in_numbers_names_and_addresses_are_of_one_kind():
    miner = Miner()
    texts = {
        miner(
            f"2026-11-28 12:00:0{n} ERROR withdrawal {n}17 for {who} refused by 10.0.0.{n}".encode()
        ).text
        for n, who in enumerate(["kim", "lee", "park"])
    }

    assert len(miner) == 1
    assert miner(b"2026-11-28 ERROR withdrawal 99 for choi refused by 10.0.0.9").text in texts
    assert "ERROR withdrawal ‹› for ‹› refused by ‹›" in texts


def test_the_message_of_json_and_what_was_raised_make_the_kind():
    miner = Miner()
    one = miner(b'{"time":"2026-11-28","level":"error","msg":"node timed out"}')
    two = miner(b"ERROR job failed\nTraceback (most recent call last):\n  File x\nValueError: bad")

    assert (one.text, two.text) == ("node timed out", "ERROR job failed ValueError: bad")


def test_templates_are_bounded_and_the_oldest_goes():
    miner = Miner(most=50)
    for n in range(500):
        word = "".join(chr(97 + int(digit)) for digit in str(n))
        miner(f"{word} {word[::-1]} {word * 2}".encode())

    assert len(miner) == 50


@pytest.mark.parametrize(
    ("message", "text", "level"),
    [
        (
            b'<11>1 2026-11-28T12:00:00Z web1 wallet 42 ID [a x="1"] out of energy',
            b"2026-11-28T12:00:00Z web1 wallet[42]: out of energy",
            Level.ERROR,
        ),
        (b"<34>1 - - su - - - \xef\xbb\xbfdenied", b"su: denied", Level.FATAL),
        (
            b"<38>Nov 28 12:00:00 web1 sshd[1]: Failed",
            b"Nov 28 12:00:00 web1 sshd[1]: Failed",
            Level.INFO,
        ),
        (b"<13>no stamp", b"no stamp", Level.INFO),
        (b"no syslog at all\n", b"no syslog at all", None),
    ],
)
def test_syslog_messages(message, text, level):
    assert parsed(message) == (text, level)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=10))
def test_frames_with_and_without_lengths_however_the_pieces_were(sizes):
    stream = b"5 <1>ab<13>line one\n11 <13>a\nb\nc xz<14>two\n"
    frames, found, place = Frames(), [], 0
    while place < len(stream):
        size = sizes[place % len(sizes)]
        found += frames(stream[place : place + size])
        place += size

    assert found == [b"<1>ab", b"<13>line one", b"<13>a\nb\nc x", b"z<14>two"]


def test_frames_too_long_are_cut():
    frames = Frames()
    found = frames(b"40000 " + b"<" + b"a" * 39_999 + b"<1>b\n" + b"<" * 50_000)
    found += frames(b"rest\n<1>c\n")

    assert [len(one) for one in found] == [LONGEST, 4, LONGEST, 4]
    assert frames.cut == 2


@pytest.mark.parametrize(
    ("kind", "place", "right"),
    [
        ("file", "/var/log/app/*.log", True),
        ("file", "app.log", False),
        ("journal", "", True),
        ("journal", "nginx.service, ssh.service", True),
        ("journal", "--vacuum-size=1; rm", False),
        ("syslog", "127.0.0.1:5514", True),
        ("syslog", "[::1]:5514", True),
        ("syslog", "5514", False),
        ("http", "", True),
    ],
)
def test_a_place_that_a_feed_cannot_read_is_a_fault(kind, place, right):
    assert (fault_of_address(kind, place) == "") is right
