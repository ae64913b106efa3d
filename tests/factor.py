"""A second factor as allauth's own page takes it, for pages that want a fresh one."""

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

SECRET = "JBSWY3DPEHPK3PXP"


def code_now() -> str:
    counter = next(totp.yield_hotp_counters_from_time())
    return str(totp.format_hotp_value(totp.hotp_value(SECRET, counter)))


def gives_factor(client: Client, *, then: str) -> None:
    """The person has a TOTP of this secret."""
    answer = client.post(f"/accounts/2fa/reauthenticate/?next={then}", {"code": code_now()})
    assert answer["Location"] == then


def an_hour_passes(client: Client) -> None:
    session = client.session
    for given in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        given["at"] -= 3_600
    session.save()
