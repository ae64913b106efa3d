import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from teams.models import User
from tests.doors.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(client, login, password):
    return client.post(LOGIN, {"login": login, "password": password})


def words(answer):
    return answer.content.decode()


def test_the_sixth_wrong_password_is_not_even_looked_at(everyone):
    client = Client()
    for _ in range(5):
        assert sign_in(client, "dev1", "wrong").status_code == 200

    refused = sign_in(client, "dev1", PASSWORD)

    assert refused.status_code == 200
    assert not refused.wsgi_request.user.is_authenticated
    assert refused.context["form"].errors


def test_another_address_does_not_lift_the_limit_on_a_name(everyone):
    for n in range(5):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{n}"), "dev1", "wrong")

    assert not sign_in(
        Client(REMOTE_ADDR="198.51.100.7"), "dev1", PASSWORD
    ).wsgi_request.user.is_authenticated


def test_a_forged_forwarding_header_does_not_lift_the_limit(everyone):
    for n in range(10):
        sign_in(Client(headers={"x-forwarded-for": f"203.0.113.{n}"}), f"nobody{n}", "wrong")

    refused = sign_in(Client(headers={"x-forwarded-for": "198.51.100.7"}), "dev1", PASSWORD)

    assert not refused.wsgi_request.user.is_authenticated


def test_somebody_elses_wrong_passwords_do_not_lock_us_out(everyone):
    for _ in range(5):
        sign_in(Client(REMOTE_ADDR="203.0.113.1"), "dev1", "wrong")

    assert sign_in(Client(REMOTE_ADDR="198.51.100.7"), "cto", PASSWORD).status_code == 302


def test_a_name_nobody_has_is_answered_like_a_wrong_password(everyone):
    unknown = sign_in(Client(), "nobody-here", "wrong").context["form"].errors
    known = sign_in(Client(), "dev1", "wrong").context["form"].errors

    assert unknown == known != {}


def test_asking_for_a_new_password_tells_nobody_who_is_here(everyone):
    answers = [
        Client().post("/accounts/password/reset/", {"email": email})
        for email in ("dev1@company.com", "nobody@company.com")
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]


def test_who_asks_for_a_new_password_gets_a_link(everyone):
    Client().post("/accounts/password/reset/", {"email": "dev1@company.com"})

    (letter,) = mail.outbox
    assert letter.to == ["dev1@company.com"]
    assert "/accounts/password/reset/key/" in letter.body


def test_nobody_signs_themselves_up(everyone):
    before = User.objects.count()
    form = {"username": "mallory", "email": "m@x.io", "password1": PASSWORD, "password2": PASSWORD}

    answer = Client().post("/accounts/signup/", form)

    assert answer.status_code == 200
    assert User.objects.count() == before
    assert not EmailAddress.objects.filter(email="m@x.io").exists()


def test_who_left_cannot_sign_in(everyone):
    User.objects.filter(username="dev1").update(is_active=False)
    client = Client()
    sign_in(client, "dev1", PASSWORD)

    assert client.get("/incidents/").status_code == 302


def test_who_left_is_out_at_once(browser, everyone):
    client = browser("responder")
    User.objects.filter(username="dev1").update(is_active=False)

    assert client.get("/incidents/").status_code == 302


@pytest.mark.parametrize("login", ["dev1", "dev1@company.com"])
def test_a_name_or_a_mail_address_signs_in(everyone, login):
    answer = sign_in(Client(), login, PASSWORD)

    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_after_sign_in_one_is_where_one_wanted_to_be(everyone):
    wanted = Client().get("/incidents/?severity=P0")

    assert wanted["Location"] == "/accounts/login/?next=/incidents/%3Fseverity%3DP0"


def test_sign_in_does_not_send_anybody_elsewhere(everyone):
    answer = Client().post(
        f"{LOGIN}?next=https://evil.example/", {"login": "dev1", "password": PASSWORD}
    )

    assert answer["Location"] == "/"


def test_a_language_can_be_chosen_before_signing_in():
    client = Client()
    client.post("/i18n/setlang/", {"language": "en", "next": LOGIN})

    assert "Sign in" in words(client.get(LOGIN))


def test_a_person_reads_in_their_own_language(everyone):
    client = Client()
    client.force_login(User.objects.get(username="dev2"))

    assert '<html lang="en"' in words(client.get("/incidents/"))


@pytest.mark.parametrize("path", ["/accounts/2fa/", "/accounts/2fa/webauthn/"])
def test_a_second_factor_can_be_looked_after(browser, path):
    assert browser("responder").get(path).status_code == 200


def test_who_has_a_second_factor_is_asked_for_it(everyone):
    Authenticator.objects.create(
        user=everyone["responder"], type="totp", data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    client = Client()

    answer = sign_in(client, "dev1", PASSWORD)

    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/incidents/").status_code == 302


@pytest.mark.parametrize("path", ["/console/", "/console/login/", "/console/incidents/incident/"])
def test_the_console_has_no_sign_in_of_its_own(everyone, path):
    answer = Client().get(path, follow=True)

    assert answer.redirect_chain[-1][0].startswith(LOGIN)


def test_the_console_asks_for_a_second_factor_where_it_is_wanted(browser, settings):
    settings.CONSOLE_NEEDS_MFA = True

    answer = browser("administrator").get("/console/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/")


def test_the_code_is_typed_with_the_keyboard_of_digits(everyone):
    Authenticator.objects.create(
        user=everyone["responder"], type="totp", data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    client = Client()
    asked = sign_in(client, "dev1", PASSWORD)

    assert 'inputmode="numeric"' in words(client.get(asked["Location"]))
