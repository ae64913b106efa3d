"""Mails that came back: whose they were is on the envelope, and what they say decides."""

import subprocess
import sys
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.conf import settings as product
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from statuspage import envelopes
from statuspage.domain.bounces import Fate, read
from statuspage.models import LetterName, Standing, Subscriber
from statuspage.services import bouncing, subscribing
from statuspage.services.limiting import DAY
from statuspage.services.subscribing import Choice, Wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(db):
    return Subscriber.objects.create(
        address="kim@example.com", language="ko", standing=Standing.ACTIVE,
        created_at=clock.now(), confirmed_at=clock.now(),
    )  # fmt: skip


def report(to, *, action="failed", status="5.1.1", kind="delivery-status", extra=""):
    """As Postfix writes it."""
    if kind == "delivery-status":
        said = (
            "Reporting-MTA: dns; mx.example.com\r\n\r\n"
            "Final-Recipient: rfc822; kim@example.com\r\n"
            f"Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 no such user\r\n"
        )
    else:
        said = "Feedback-Type: abuse\r\nUser-Agent: SomeProvider/1\r\nVersion: 1\r\n"
    return (
        f"From: MAILER-DAEMON@mx.example.com\r\nTo: {to}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        f'{extra}Content-Type: multipart/report; report-type={kind}; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        f"--b\r\nContent-Type: message/{kind}\r\n\r\n{said}\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: ours\r\n\r\nx\r\n--b--\r\n"
    ).encode()


def back(one, **said):
    at = said.pop("at", clock.now())
    return bouncing.take_back(report(envelopes.sender(one.pk, at.date()), **said), at=at)


def test_a_mailbox_that_does_not_exist_is_written_to_no_more(one):
    assert back(one) is Fate.HARD
    one.refresh_from_db()
    assert (one.standing, one.why) == (Standing.QUARANTINED, "5.1.1 smtp; 550 no such user")


def test_a_delay_is_none(one):
    assert back(one, action="delayed", status="4.4.1") is Fate.NOTHING
    one.refresh_from_db()
    assert one.standing == Standing.ACTIVE


def test_a_full_mailbox_is_given_up_after_five_in_a_week(one):
    at = clock.now()
    for day in range(4):
        assert back(one, status="4.2.2", at=at + timedelta(days=day)) is Fate.SOFT
    back(one, status="4.2.2", at=at + timedelta(days=8))  # the week began anew
    one.refresh_from_db()
    assert (one.standing, one.soft_bounces) == (Standing.ACTIVE, 1)
    for day in range(9, 13):
        back(one, status="4.2.2", at=at + timedelta(days=day))
    one.refresh_from_db()
    assert one.standing == Standing.QUARANTINED


def test_who_complains_is_gone_and_is_not_written_to_because_somebody_types_the_address(one):
    assert back(one, kind="feedback-report") is Fate.COMPLAINT
    subscribing.ask(
        Wish(one.address, Choice(), "ko"), client="203.0.113.1", at=clock.now() + 2 * DAY
    )
    one.refresh_from_db()
    assert (one.standing, one.letter_due_at) == (Standing.GONE, None)


def test_who_came_back_may_ask_again(one):
    back(one)
    subscribing.ask(Wish(one.address, Choice(), "ko"), client="203.0.113.1", at=clock.now())
    one.refresh_from_db()
    assert (one.standing, one.letter) == (Standing.QUARANTINED, LetterName.CONFIRM)


def test_nobody_else_can_send_a_mail_back(one):
    forged = envelopes.sender(one.pk, clock.now().date()).replace("+", "+1")
    assert bouncing.take_back(report(forged), at=clock.now()) is Fate.NOTHING
    old = clock.now() - timedelta(days=8)
    stale = report(envelopes.sender(one.pk, old.date()))
    assert bouncing.take_back(stale, at=clock.now()) is Fate.NOTHING
    one.refresh_from_db()
    assert one.standing == Standing.ACTIVE


def test_an_answer_by_a_machine_is_nothing(one):
    mail = EmailMessage()
    mail["To"] = envelopes.sender(one.pk, clock.now().date())
    mail["Subject"] = "Out of office"
    mail.set_content("I am away.")
    assert bouncing.take_back(mail.as_bytes(), at=clock.now()) is Fate.NOTHING


def test_the_envelope_says_better_than_the_head_to_whom_it_came():
    assert read(report("list@example.com"), to="ours@example.com").to == "ours@example.com"
    assert (
        read(report("x@example.com", extra="Delivered-To: ours@example.com\r\n")).to
        == "ours@example.com"
    )


@given(
    content=st.binary(max_size=300)
    | st.text(max_size=300).map(
        lambda text: ("Content-Type: message/delivery-status\r\n\r\n" + text).encode()
    )
)
def test_whatever_comes_is_read_without_an_error(content):
    assert read(content).fate in Fate


def test_a_mail_server_hands_it_over_on_standard_input():
    done = subprocess.run(
        [sys.executable, "manage.py", "status_bounce", "--to", "nobody@example.com"],
        cwd=product.BASE_DIR, input=report("x@example.com"), capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, b"nothing"), done.stderr
