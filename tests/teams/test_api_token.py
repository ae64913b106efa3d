import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from core import clock
from teams.models import ApiToken, User

pytestmark = pytest.mark.django_db


def new_token(*arguments):
    said = io.StringIO()
    call_command("api-token", *arguments, stdout=said)
    return said.getvalue().splitlines()[-1]


def incidents(token, word="Token"):
    return Client().get("/api/v1/incidents/", headers={"authorization": f"{word} {token}"})


def test_a_token_for_nobody_is_refused_with_a_reason(seeded):
    with pytest.raises(CommandError, match="no active user named nobody"):
        new_token("nobody")


def test_a_token_for_somebody_who_left_is_refused(seeded):
    User.objects.filter(username="dev1").update(is_active=False)

    with pytest.raises(CommandError, match="no active user named dev1"):
        new_token("dev1")


def test_the_last_line_opens_the_api(commander):
    assert incidents(new_token("commander")).status_code == 200


def test_the_database_does_not_know_the_token(commander):
    token = new_token("commander")

    assert token not in str(ApiToken.objects.values().get())


@pytest.mark.parametrize("token", ["", "x", "0" * 40, "a b", "\u00fc", "%00"])
def test_a_token_nobody_gave_out_is_a_401_that_says_how(commander, token):
    new_token("commander")

    answer = incidents(token)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"


def test_another_scheme_is_no_token(commander):
    assert incidents(new_token("commander"), word="Bearer").status_code == 401


def test_an_expired_token_is_a_401(commander):
    token = new_token("commander")
    ApiToken.objects.update(expires_at=clock.now() - timedelta(seconds=1))

    assert incidents(token).status_code == 401


def test_a_token_of_somebody_who_left_is_a_401(commander):
    token = new_token("commander")
    User.objects.filter(pk=commander.pk).update(is_active=False)

    assert incidents(token).status_code == 401


def test_a_reading_token_reads_and_does_not_write(commander):
    headers = {"authorization": f"Token {new_token('commander', '--scope', 'read')}"}
    body = {"title": "t", "severity": "P3"}

    written = Client().post("/api/v1/incidents/", body, "application/json", headers=headers)

    assert Client().get("/api/v1/incidents/", headers=headers).status_code == 200
    assert written.status_code == 403


def test_when_a_token_was_last_used_is_written_once_a_minute(commander, django_assert_num_queries):
    token = new_token("commander")
    incidents(token)
    first = ApiToken.objects.get().last_used_at

    incidents(token)

    assert first is not None
    assert ApiToken.objects.get().last_used_at == first
