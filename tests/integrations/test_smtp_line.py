"""Many mails over one connection, with servers of every manner."""

import pytest

from integrations import smtp, smtp_line
from integrations.smtp import MailUnsent
from integrations.smtp_line import Envelope, Line, Refused
from tests.server import servers

FROM, TO = "ours+1@example.com", "kim@example.com"


def talk(plain, *, pipelines, refuses="", words=b"", unknown=b"nobody@"):
    """A mail server of few words, which remembers what it was told."""

    def serve(visitor):
        visitor.sendall(b"220 hello\r\n")
        lines = visitor.makefile("rb")
        while line := lines.readline():
            plain.append(line.strip().decode())
            verb = line.split(b" ")[0].split(b":")[0].strip().decode().upper()
            if verb == "EHLO":
                visitor.sendall(
                    b"250-here\r\n" + b"250-PIPELINING\r\n" * pipelines + b"250 8BITMIME\r\n"
                )
            elif unknown in line:
                visitor.sendall(b"550 5.1.1 no such mailbox\r\n")
            elif verb == refuses:
                visitor.sendall(words)
            elif verb == "DATA":
                visitor.sendall(b"354 go on\r\n")
                while (line := lines.readline()) not in {b".\r\n", b""}:
                    plain.append(line.strip().decode())
                empty = plain[-1] == "DATA"
                visitor.sendall(b"554 nobody\r\n" if empty else b"250-taken\r\n250 indeed\r\n")
            else:
                visitor.sendall(b"250 well\r\n")

    return serve


@pytest.fixture
def serve(settings):
    settings.EMAIL_HOST = "127.0.0.1"
    with servers() as start:

        def listening(plain, **said):
            server = start(talk(plain, **said), listens=False)
            settings.EMAIL_PORT = server.port
            return server

        yield listening


@pytest.mark.parametrize("pipelines", [True, False])
def test_mails_go_one_after_another_over_one_connection(serve, pipelines):
    said, line = [], Line()
    server = serve(said, pipelines=pipelines)

    for number in range(3):
        line.carry(Envelope(FROM, TO), b"Subject: %d\r\n\r\n..dot\r\n" % number)
    line.close()

    assert server.hits == 1
    assert [one for one in said if one.startswith("Subject")] == [
        "Subject: 0",
        "Subject: 1",
        "Subject: 2",
    ]
    assert said.count(f"MAIL FROM:<{FROM}>") == 3


@pytest.mark.parametrize("pipelines", [True, False])
def test_the_next_envelope_goes_with_the_content_where_the_server_takes_it(serve, pipelines):
    said, line = [], Line()
    server = serve(said, pipelines=pipelines)
    mails = [Envelope(FROM, f"n{number}@example.com") for number in range(3)]

    for one, then in zip(mails, [*mails[1:], None], strict=True):
        line.carry(one, b"Subject: x\r\n\r\nx\r\n", then=then)

    line.close()
    assert server.hits == 1
    assert [one for one in said if one.startswith("RCPT")] == [
        f"RCPT TO:<{one.to}>" for one in mails
    ]
    assert said.count("Subject: x") == 3


def test_an_envelope_that_went_ahead_gets_no_other_mails_content(serve):
    said, line = [], Line()
    server = serve(said, pipelines=True)

    line.carry(Envelope(FROM, TO), b"for kim\r\n", then=Envelope(FROM, "lee@example.com"))
    line.carry(Envelope(FROM, "park@example.com"), b"for park\r\n")

    line.close()
    assert server.hits == 2
    assert said[said.index("RCPT TO:<park@example.com>") :][-2:] == ["DATA", "for park"]


def test_a_refusal_of_an_envelope_that_went_ahead_is_the_next_mails(serve):
    said, line = [], Line()
    serve(said, pipelines=True, unknown=b"lee@")
    kim, lee, park = (Envelope(FROM, f"{name}@example.com") for name in ("kim", "lee", "park"))

    line.carry(kim, b"for kim\r\n", then=lee)
    with pytest.raises(Refused) as refused:
        line.carry(lee, b"for lee\r\n", then=park)
    line.carry(park, b"for park\r\n")

    assert refused.value.of_recipient
    line.close()
    assert "for kim" in said
    assert "for lee" not in said
    assert said[-1] == "for park"


@pytest.mark.parametrize("pipelines", [True, False])
@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
def test_after_a_refusal_the_next_mail_is_a_mail_of_its_own(serve, pipelines, verb):
    said, line = [], Line()
    serve(said, pipelines=pipelines, refuses=verb, words=b"550-no\r\n550 5.1.1 no such mailbox\r\n")

    for _time in range(2):
        with pytest.raises(Refused) as refused:
            line.carry(Envelope(FROM, TO), b"Subject: x\r\n\r\nx\r\n")
        assert refused.value.code == 550
        assert refused.value.of_recipient == (verb == "RCPT")

    assert "Subject: x" not in said
    line.close()


def test_a_server_that_hangs_up_is_asked_again_for_the_next(serve):
    said, line = [], Line()
    server = serve(said, pipelines=True, refuses="RCPT", words=b"421 4.7.0 closing\r\n")

    for _time in range(2):
        with pytest.raises(Refused) as refused:
            line.carry(Envelope(FROM, TO), b"x\r\n")
        assert not refused.value.of_recipient
    assert server.hits == 2


def test_a_server_that_falls_silent_holds_us_no_longer_than_we_wait(serve, settings, monkeypatch):
    settings.EMAIL_TIMEOUT = 1
    monkeypatch.setattr(smtp_line, "LONGEST", 1.0)
    serve([], pipelines=True, refuses="RCPT", words=b"25")

    with pytest.raises(MailUnsent):
        Line().carry(Envelope(FROM, TO), b"x\r\n")


def test_where_nobody_listens_nothing_is_sent(settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(MailUnsent):
        Line().carry(Envelope(FROM, TO), b"x\r\n")


def by_line():
    Line().carry(Envelope(FROM, TO), b"secret\r\n")


def by_itself():
    smtp.send("secret", "secret", "secret", to=TO, message_id="<a@b>")


@pytest.mark.parametrize("carry", [by_line, by_itself])
def test_a_server_whose_starttls_somebody_has_taken_out_hears_no_word_in_the_open(
    carry, serve, settings
):
    plain = []
    serve(plain, pipelines=True)
    settings.EMAIL_BACKEND = smtp_line.BACKEND
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER = True, "us"
    settings.EMAIL_HOST_PASSWORD = "secret"

    with pytest.raises(MailUnsent):
        carry()

    assert {line.partition(" ")[0].upper() for line in plain} <= {
        "EHLO",
        "HELO",
        "STARTTLS",
        "QUIT",
    }
