"""My contacts: kept by oneself, and proved by a code that really arrives."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.errors import Refused
from notifications import contacts
from notifications.models import Delivery, Lane
from notifications.outbox import send_one
from teams.contacts import ContactCode
from teams.models import ContactMethod, User
from tests.notifications.conftest import due_now

pytestmark = pytest.mark.django_db

PAGE = "/me/contacts/"


def person(username):
    return User.objects.get(username=username)


@pytest.fixture
def dev(seeded):
    ContactMethod.objects.update(verified_at=None)
    return person("dev1")


@pytest.fixture
def browser(dev):
    client = Client()
    client.force_login(dev)
    return client


def own(channel="sms"):
    return person("dev1").contacts.get(channel=channel)


def do(client, contact, what, **body):
    name = f"contacts:{what}"
    return client.post(reverse(name, args=[contact.pk]), body, follow=True)


def digits():
    return ContactCode.objects.latest("made_at").digits


def wrong():
    return f"{(int(digits()) + 1) % 10**6:06d}"


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("channel", ["sms", "slack", "email", "voice"])
def test_the_code_that_arrives_verifies_the_way(browser, dev, sandbox, channel, language):
    User.objects.filter(pk=dev.pk).update(language=language)
    contact = own(channel)
    do(browser, contact, "code")
    due_now(Delivery.objects.get(template="contact_code"))
    assert send_one(channel, [Lane.NOTICE])

    (message,) = sandbox.inbox(channel=channel, to=contact.address)
    said = f"{message['subject']}\n{message['text']}\n{message['details']}"
    assert (", ".join(digits()) if channel == "voice" else digits()) in said
    do(browser, contact, "confirm", code=digits())
    assert own(channel).verified_at


def test_the_outbox_does_not_hold_the_digits(browser, dev):
    do(browser, own(), "code")

    assert digits() not in str(Delivery.objects.latest("created_at").context)


def test_a_wrong_code_verifies_nothing_and_after_five_the_right_one_is_dead_too(browser, dev):
    do(browser, own(), "code")
    for _ in range(5):
        do(browser, own(), "confirm", code=wrong())
    do(browser, own(), "confirm", code=digits())

    assert own().verified_at is None


def test_a_code_is_dead_after_ten_minutes(dev):
    sent = clock.now()
    contacts.send_code(own(), at=sent)

    with pytest.raises(Refused):
        contacts.confirm(own(), digits(), at=sent + timedelta(minutes=10))
    contacts.confirm(own(), digits(), at=sent + timedelta(minutes=9, seconds=59))
    with pytest.raises(Refused):
        contacts.confirm(own(), digits(), at=sent + timedelta(minutes=9, seconds=59))


def test_a_fourth_code_in_ten_minutes_is_refused_even_after_removing_and_adding(browser, dev):
    for _ in range(3):
        do(browser, own(), "code")
    do(browser, own(), "remove")
    browser.post(PAGE, {"channel": "sms", "address": "+82 10-5555-6666"})
    page = do(browser, own(), "code")

    assert Delivery.objects.filter(template="contact_code").count() == 3
    assert "10분" in page.content.decode()
    contacts.send_code(own(), at=clock.now() + timedelta(minutes=11))


def test_a_changed_address_is_not_verified_and_its_old_code_does_not_help(browser, dev):
    do(browser, own(), "code")
    do(browser, own(), "confirm", code=digits())
    do(browser, own(), "change", address="+821055556666")
    do(browser, own(), "confirm", code=digits())

    assert own().address == "+821055556666"
    assert own().verified_at is None


def test_saving_the_same_address_keeps_what_was_proved(browser, dev):
    ContactMethod.objects.update(verified_at=clock.now())
    do(browser, own(), "change", address=own().address)

    assert own().verified_at


def test_a_bad_address_is_said_beside_the_field_and_nothing_is_lost(browser, dev):
    address = reverse("contacts:change", args=[own().pk])
    answer = browser.post(address, {"address": "010-12"})

    assert answer.status_code == 400
    assert 'value="010-12"' in answer.content.decode()
    assert own().address != "010-12"


def test_a_second_way_by_one_channel_is_refused_until_the_first_is_off(browser, dev):
    second = {"channel": "sms", "address": "+821055556666"}
    assert browser.post(PAGE, second).status_code == 400
    do(browser, own(), "switch")

    assert browser.post(PAGE, second).status_code == 302
    page = do(browser, dev.contacts.get(channel="sms", enabled=False), "switch")
    assert dev.contacts.filter(channel="sms", enabled=True).count() == 1
    assert 'class="message error"' in page.content.decode()


@pytest.mark.parametrize("channel", ["sms", "slack"])
def test_nobody_takes_the_address_by_which_somebody_else_answers(browser, dev, channel):
    own(channel).delete()
    theirs = person("dev2").contacts.get(channel=channel).address

    assert browser.post(PAGE, {"channel": channel, "address": theirs}).status_code == 400


@pytest.mark.parametrize("what", ["change", "remove", "switch", "code", "confirm"])
def test_the_contacts_of_others_are_not_there(browser, dev, what):
    theirs = person("dev2").contacts.get(channel="sms")

    assert do(browser, theirs, what, address="+821055556666", code="1").status_code == 404
    assert person("dev2").contacts.get(channel="sms") == theirs


def test_a_page_without_a_way_says_that_nothing_would_arrive(browser, dev):
    dev.contacts.all().delete()

    assert "message error" in browser.get(PAGE).content.decode()


def test_an_address_changed_in_the_console_is_not_verified(dev, commander):
    ContactMethod.objects.update(verified_at=clock.now())
    client = Client()
    client.force_login(commander)
    ways = list(dev.contacts.order_by("pk"))
    body = {
        "username": dev.username, "language": "ko", "time_zone": "Asia/Seoul", "role": dev.role,
        "is_active": "on", "contacts-TOTAL_FORMS": 4, "contacts-INITIAL_FORMS": 4,
        "notification_rules-TOTAL_FORMS": 0, "notification_rules-INITIAL_FORMS": 0,
    }  # fmt: skip
    for place, way in enumerate(ways):
        fields = {"id": way.pk, "user": dev.pk, "channel": way.channel, "enabled": "on"}
        fields["address"] = "+821055556666" if way.channel == "sms" else way.address
        body |= {f"contacts-{place}-{name}": value for name, value in fields.items()}
    answer = client.post(reverse("admin:teams_user_change", args=[dev.pk]), body)

    assert answer.status_code == 302
    assert own().verified_at is None
    assert own("voice").verified_at


def test_codes_that_have_outlived_their_use_do_not_pile_up(dev):
    long_ago = clock.now() - timedelta(days=1)
    contacts.send_code(own(), at=long_ago)

    contacts.send_code(own(), at=clock.now())

    assert ContactCode.objects.count() == 1
