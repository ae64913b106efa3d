"""What a log does not say: tokens, and a traceback of what was to be expected."""

import logging
import sys

import psycopg2
import pytest
from django.db import OperationalError, ProgrammingError

from config.discretion import Discreet


class Coded(psycopg2.OperationalError):
    pgcode = "57P01"


class Deadlock(psycopg2.OperationalError):
    pgcode = "40P01"


def logged(words, error=None, cause=None):
    """What stands in the log: a line, and whether a traceback follows; None where nothing stands there."""
    told = None
    if error:
        try:
            raise error from cause
        except Exception:
            told = sys.exc_info()
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, words, None, told)
    return (record.getMessage(), bool(record.exc_info)) if Discreet().filter(record) else None


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/ingest/generic/secret/", "/ingest/generic/…/"),
        ("/p/secret.mac/", "/p/…/"),
        ("/hooks/twilio/voice/secret/", "/hooks/twilio/voice/…/"),
        ("/ping/secret", "/ping/…"),
        ("/status/manage/secret/", "/status/manage/…/"),
        ("/status/confirm/secret/", "/status/confirm/…/"),
        ("/status/unsubscribe/secret/", "/status/unsubscribe/…/"),
        ("/on-call/calendar/secret.ics", "/on-call/calendar/…"),
        ("/accounts/password/reset/key/1-secret/", "/accounts/password/reset/key/…/"),
    ],
)
def test_a_token_in_an_address_is_not_said(path, shown):
    assert logged(f"Internal Server Error: {path}") == (f"Internal Server Error: {shown}", False)


@pytest.mark.parametrize(
    "cause", [psycopg2.OperationalError("server closed"), Coded("shutting down")]
)
def test_a_database_that_is_away_is_one_line(cause):
    said, traced = logged("incidents.tick failed", OperationalError("gone\nfor now"), cause)

    assert said == "incidents.tick failed: the database does not answer: gone"
    assert not traced


@pytest.mark.parametrize(
    ("error", "cause"),
    [(OperationalError("deadlock"), Deadlock()), (ProgrammingError("no column"), None)],
)
def test_what_nobody_expects_says_where_it_was(error, cause):
    assert logged("incidents.tick failed", error, cause) == ("incidents.tick failed", True)


def test_a_probe_that_is_told_not_yet_is_no_news():
    assert logged("Service Unavailable: /readyz") is None
