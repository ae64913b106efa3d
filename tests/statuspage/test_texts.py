"""Phones of subscribers: theirs by a code, told of beginnings and ends, and silent when they say stop."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client

from core import clock
from statuspage import tokens
from statuspage.domain.addresses import masked, phone
from statuspage.domain.phases import Phase
from statuspage.domain.stopping import Word, word
from statuspage.models import Asking, Deferred, Mailing, Notice, Standing, Subscriber, Way
from statuspage.services import Words, calling, fanning_out, follow, say
from statuspage.services.lettering import write_due
from tests.incidents.test_reply_by_sms import FORM, signed, write
from tests.notifications.conftest import running_sandbox, sandbox
from tests.statuspage.scene import START
from tests.statuspage.test_subscribing import BOTH

__all__ = ["running_sandbox", "sandbox"]
pytestmark = pytest.mark.django_db
NUMBER = "+821012345678"


@pytest.fixture
def visitor(page):
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def notice(trouble):
    trouble("P1")
    follow(at=START)
    return Notice.objects.get()


def ask(visitor, typed="010-1234-5678", **said):
    return visitor.post("/status/subscribe/", BOTH | {"way": "sms", "phone": typed} | said)


def texts(sandbox, to=NUMBER):
    return [one["text"] for one in sandbox.inbox(channel="sms", to=to)]


def coded(sandbox):
    write_due(at=clock.now())
    return re.search(r"\b(\d{6})\b", texts(sandbox)[-1])[1]


def enter(visitor, code, number=NUMBER):
    return visitor.post("/status/code/", {"phone": number, "code": code, "language": "en"})


def subscribed(number=NUMBER, **said):
    return Subscriber.objects.create(
        **{
            "way": Way.SMS, "address": number, "language": "ko", "quiet": True,
            "standing": Standing.ACTIVE, "created_at": START, "confirmed_at": START,
        } | said
    )  # fmt: skip


def tell(notice, by, phase=Phase.INVESTIGATING):
    say(notice, Words(phase, "살펴보고 있어요.", "Looking."), by=by, at=clock.now())
    call()


def call():
    caller = calling.Caller(Way.SMS)
    while calling._first(caller) or calling._again(caller):
        pass


def mailing():
    return Mailing.objects.filter(way=Way.SMS).first()


def test_who_enters_the_code_is_subscribed_to_beginnings_and_ends(visitor, sandbox):
    page = ask(visitor)
    assert 'action="../code/"' in page.content.decode()
    one = Subscriber.objects.get()
    assert (one.way, one.address, one.standing) == (Way.SMS, NUMBER, Standing.UNCONFIRMED)

    code = coded(sandbox)
    wrong = enter(visitor, f"{(int(code) + 1) % 1_000_000:06}")
    assert wrong.status_code == 400
    assert "That is not the code" in wrong.content.decode()
    assert enter(visitor, code).status_code == 200
    one.refresh_from_db()
    assert (one.standing, one.quiet) == (Standing.ACTIVE, True)
    assert enter(visitor, code).status_code == 400  # used up


def test_a_code_holds_for_five_guesses_and_half_an_hour(visitor, sandbox):
    ask(visitor)
    code = coded(sandbox)
    Subscriber.objects.update(guesses=5)
    assert enter(visitor, code).status_code == 400
    Subscriber.objects.update(guesses=0, letter_at=clock.now() - timedelta(minutes=31))
    assert enter(visitor, code).status_code == 400
    assert Subscriber.objects.get().standing == Standing.UNCONFIRMED


@pytest.mark.parametrize("standing", [None, *Standing])
def test_the_answers_are_the_same_whatever_the_number_is(standing, visitor, sandbox):
    expected = ask(visitor).content
    Subscriber.objects.all().delete()
    if standing:
        subscribed(standing=standing)

    assert ask(visitor).content == expected
    assert enter(visitor, "000000").content == enter(visitor, "000001").content


def test_who_is_subscribed_gets_a_code_that_leads_to_the_choice(visitor, sandbox):
    subscribed()
    ask(visitor)
    answer = enter(visitor, coded(sandbox))
    assert answer.status_code == 302
    page = visitor.get(answer["Location"])
    assert page.status_code == 200

    visitor.post(answer["Location"], {"incidents": "on", "language": "en"})
    one = Subscriber.objects.get()
    assert (one.quiet, one.maintenance, one.language) == (False, False, "en")


def test_phones_hear_the_beginning_and_the_end_in_their_language(notice, commander, sandbox):
    subscribed()
    subscribed("+821055555555", language="en")
    tell(notice, commander)
    tell(notice, commander, Phase.IDENTIFIED)
    assert len(texts(sandbox)) == 1
    tell(notice, commander, Phase.RESOLVED)

    first, last = texts(sandbox)
    assert first.startswith("[단타로] 출금 지연: 조사 중\nhttps://status.example/incidents/")
    assert "해결" in last
    assert "'중지' 답장" in last
    english = texts(sandbox, to="+821055555555")[0]
    assert "Investigating" in english
    assert "/en/incidents/" in english


def test_the_second_company_takes_what_the_first_does_not(notice, commander, sandbox, settings):
    settings.TWILIO_BACKUP_API_URL = f"{sandbox.url}/twilio-backup"
    sandbox.break_("sms", "fail")
    subscribed()
    tell(notice, commander)
    (taken,) = sandbox.inbox(channel="sms", to=NUMBER)
    assert taken["details"]["company"] == "second"
    assert (mailing().sent, mailing().failed) == (1, 0)


def test_a_company_that_is_away_costs_nobody_the_subscription(notice, commander, sandbox):
    one = subscribed()
    sandbox.break_("sms", "fail")
    tell(notice, commander)
    one.refresh_from_db()
    assert (one.standing, one.failures, texts(sandbox)) == (Standing.ACTIVE, 0, [])
    sandbox.break_("sms", "ok")
    Deferred.objects.update(due_at=START)
    call()
    assert len(texts(sandbox)) == 1


def test_a_number_that_takes_no_texts_ends(notice, commander, sandbox):
    one = subscribed()
    sandbox.break_("sms", "reject")
    tell(notice, commander)
    one.refresh_from_db()
    assert one.standing == Standing.QUARANTINED
    assert "Invalid 'To'" in one.why


def test_who_inherits_a_text_looks_whether_it_went_out(notice, commander, sandbox):
    """The sender died between the company's answer and our row."""
    subscribed()
    say(notice, Words(Phase.INVESTIGATING, "살펴보고 있어요."), by=commander, at=clock.now())
    piece = fanning_out.take(Way.SMS)
    calling.Caller(Way.SMS).call(piece.batch.mailing, Subscriber.objects.get(), again=False)
    type(piece.batch).objects.update(lease_until=START)

    call()

    assert len(texts(sandbox)) == 1
    assert mailing().done_at


def test_a_phone_that_says_stop_hears_no_more_until_it_says_start(
    visitor, notice, commander, sandbox
):
    one = subscribed()
    said = write("중지!", sender=NUMBER)
    assert "보내지 않아요" in said.content.decode()
    one.refresh_from_db()
    assert (one.standing, one.why) == (Standing.GONE, "STOP")
    tell(notice, commander)
    ask(visitor)
    assert write_due(at=clock.now()) == 0  # whoever typed it

    write("시작", sender=NUMBER, sid="SM2")
    Asking.objects.all().delete()
    ask(visitor)
    assert enter(visitor, coded(sandbox)).status_code == 200


def reported(one, status, error="", token=None):
    path = f"/hooks/twilio/texted/{token or tokens.texted(one.key)}/"
    fields = {"MessageSid": "SM9", "MessageStatus": status, "ErrorCode": error}
    headers = {"X-Twilio-Signature": signed(path, fields)}
    return Client(enforce_csrf_checks=True).post(path, urlencode(fields), FORM, headers=headers)


def test_a_number_that_turns_out_to_be_none_ends_and_a_phone_that_is_off_after_five_times(page):
    one, other = subscribed(), subscribed("+821055555555")
    assert reported(one, "undelivered", "30006").status_code == 204
    for _time in range(4):
        reported(other, "undelivered", "30003")
    reported(other, "delivered")
    other.refresh_from_db()
    assert other.standing == Standing.ACTIVE
    reported(other, "undelivered", "30003")
    reported(one, "undelivered", "30006", token="spoilt.token")
    for each in (one, other):
        each.refresh_from_db()
    assert (one.standing, one.why) == (Standing.QUARANTINED, "undelivered 30006")
    assert other.standing == Standing.QUARANTINED


def test_what_became_of_a_text_is_told_by_the_company_alone(page):
    one = subscribed()
    path = f"/hooks/twilio/texted/{tokens.texted(one.key)}/"
    said = Client().post(path, {"MessageStatus": "undelivered", "ErrorCode": "30006"})
    assert said.status_code == 403
    one.refresh_from_db()
    assert one.standing == Standing.ACTIVE


def test_each_text_names_where_it_is_told(notice, commander, sandbox, settings):
    one = subscribed()
    tell(notice, commander)
    (text,) = sandbox.inbox(channel="sms", to=NUMBER)
    where = text["headers"]["StatusCallback"]
    assert where == f"{settings.BASE_URL}/hooks/twilio/texted/{tokens.texted(one.key)}/"


def test_stop_from_a_stranger_is_nobodys(page):
    said = write("STOP", sender="+821099999999")
    assert "등록되지 않은 번호" in said.content.decode()


def test_texts_are_spent_by_the_day(notice, commander, sandbox, settings):
    settings.STATUS_TEXTS_A_DAY = 2
    for number in range(4):
        subscribed(f"+82101234560{number}")
    tell(notice, commander)
    assert len(sandbox.inbox(channel="sms")) == 2
    assert Deferred.objects.count() == 2


def test_a_network_that_has_many_numbers_texted_is_sent_away(visitor, sandbox):
    for number in range(5):
        assert ask(visitor, f"010-1234-000{number}").status_code == 200
    assert ask(visitor, "010-1234-0009").status_code == 429
    assert Subscriber.objects.count() == 5


def test_all_of_them_together_have_so_many_codes_an_hour(visitor, sandbox, settings):
    at = clock.now()
    Asking.objects.bulk_create(Asking(of="texts", at=at) for _one in range(60))
    assert ask(visitor).status_code == 429
    assert (
        visitor.post("/status/subscribe/", BOTH | {"address": "a@example.com"}).status_code == 200
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("010-1234-5678", NUMBER),
        ("(010) 1234.5678", NUMBER),
        ("+82 10 1234 5678", NUMBER),
        ("+82 (0)10 1234 5678", NUMBER),
        ("0082 10 1234 5678", NUMBER),
        ("02-123-4567", None),  # takes no texts
        ("060-700-1234", None),  # costs who calls it
        ("+1 415 555 0100", None),  # a country that we do not text to
        ("+8210", None),
        ("010-1234-5678;ext=1", None),
        ("01012345678901", None),
        ("", None),
    ],
)
def test_what_is_a_number_to_text(typed, kept):
    assert phone(typed, within=["+82"]) == kept


def test_other_countries_are_let_in_by_name():
    assert phone("+1 415 555 0100", within=["+82", "+1"]) == "+14155550100"
    assert phone(NUMBER, within=[]) is None


def test_a_number_is_not_read_off_what_is_shown():
    assert masked(NUMBER) == "+82…78"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("STOP", Word.STOP), (" Stop. ", Word.STOP), ("중지", Word.STOP), ("수신 거부", Word.STOP),
        ("start", Word.START), ("다시 시작", Word.START), ("stop the withdrawals", None), ("1", None), ("", None),
    ],
)  # fmt: skip
def test_words_that_end_it(said, meant):
    assert word(said) == meant
