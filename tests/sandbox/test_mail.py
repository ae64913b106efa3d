import smtplib
import time

import pytest

from tests.sandbox.conftest import Sandbox, letter


def test_a_korean_mail_is_read_as_it_was_written(sandbox: Sandbox) -> None:
    message = letter(Message_ID="<dlv-1@bongsu.example>")
    message.add_alternative("<p>출금이 <b>멈췄어요</b></p>", subtype="html")

    sandbox.mail(message)

    [seen] = sandbox.inbox()
    assert (seen["channel"], seen["to"]) == ("email", "kim@example.com")
    assert seen["subject"] == "출금 중단"
    assert seen["text"] == "출금이 멈췄어요.\n"
    assert "<b>멈췄어요</b>" in seen["html"]
    assert seen["key"] == "<dlv-1@bongsu.example>"
    assert seen["headers"]["From"] == "봉수 <alert@bongsu.example>"


def test_an_address_in_korean_is_accepted(sandbox: Sandbox) -> None:
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port) as connection:
        connection.ehlo()
        connection.sendmail(
            "alert@bongsu.example",
            ["하늘@예시.한국"],
            letter().as_bytes().replace(b"\n", b"\r\n"),
            mail_options=["SMTPUTF8"],
        )

    assert [seen["to"] for seen in sandbox.inbox()] == ["하늘@예시.한국"]


def test_each_recipient_has_a_mailbox(sandbox: Sandbox) -> None:
    sandbox.mail(letter(), to=["kim@example.com", "lee@example.com"])

    assert [seen["to"] for seen in sandbox.inbox()] == ["kim@example.com", "lee@example.com"]


def test_the_same_message_id_to_the_same_person_is_a_duplicate(sandbox: Sandbox) -> None:
    for to in ("kim@example.com", "kim@example.com", "lee@example.com"):
        sandbox.mail(letter(to, Message_ID="<same@bongsu.example>"))

    assert [seen["duplicate"] for seen in sandbox.inbox()] == [False, True, False]


def test_a_mail_no_standard_allows_is_still_kept(sandbox: Sandbox) -> None:
    raw = b"Subject: odd\r\nContent-Type: text/plain; charset=martian\r\n\r\nlegible\r\n"
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port) as connection:
        connection.sendmail("a@example.com", ["kim@example.com"], raw)

    [seen] = sandbox.inbox()
    assert "legible" in seen["text"]


def test_attachments_are_named(sandbox: Sandbox) -> None:
    message = letter()
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="사후분석.pdf")

    sandbox.mail(message)

    [seen] = sandbox.inbox()
    assert seen["details"]["attachments"] == [{"name": "사후분석.pdf", "type": "application/pdf"}]


@pytest.mark.parametrize(("mode", "code"), [("fail", 451), ("reject", 550), ("ratelimit", 421)])
def test_a_refused_recipient_gets_the_code_of_the_fault(
    sandbox: Sandbox, mode: str, code: int
) -> None:
    sandbox.break_("smtp", mode)

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        sandbox.mail(letter())

    assert refusal.value.recipients["kim@example.com"][0] == code
    assert sandbox.inbox() == []
    assert [(seen["to"], seen["reason"]) for seen in sandbox.refused()] == [
        ("kim@example.com", mode)
    ]


def test_one_bad_recipient_spares_the_others(sandbox: Sandbox) -> None:
    sandbox.break_("smtp", "reject", match="LEE@")

    sandbox.mail(letter(), to=["kim@example.com", "lee@example.com"])

    assert [seen["to"] for seen in sandbox.inbox()] == ["kim@example.com"]
    assert [seen["to"] for seen in sandbox.refused()] == ["lee@example.com"]


def test_a_dropped_mail_is_delivered_but_the_sender_never_learns(sandbox: Sandbox) -> None:
    sandbox.break_("smtp", "drop", count=1)

    with pytest.raises(smtplib.SMTPServerDisconnected):
        sandbox.mail(letter())
    sandbox.mail(letter())

    assert len(sandbox.inbox()) == 2


def test_a_hanging_server_takes_nothing(sandbox: Sandbox) -> None:
    sandbox.break_("smtp", "hang")

    connection = smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=0.4)
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        connection.send_message(letter())

    assert sandbox.inbox() == []
    assert [seen["subject"] for seen in sandbox.refused()] == ["출금 중단"]


def test_a_slow_server_answers_after_the_delay(sandbox: Sandbox) -> None:
    sandbox.break_("smtp", "slow", delay=0.3)
    before = time.monotonic()

    sandbox.mail(letter())

    assert time.monotonic() - before >= 0.3
    assert len(sandbox.inbox()) == 1


def test_garbage_is_no_delivery(sandbox: Sandbox) -> None:
    sandbox.break_("smtp", "garbage")

    with pytest.raises(smtplib.SMTPException):
        sandbox.mail(letter())

    assert sandbox.inbox() == []
