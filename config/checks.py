"""Configuration mistakes speak at start, not at 3 a.m."""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from config.guarding import addresses
from integrations.object_store import Address

KEY_LENGTH = 32


@register(Tags.security, deploy=True)
def secrets_are_our_own(**_: Any) -> list[CheckMessage]:
    """In production nothing may lean on what every copy of this repository knows."""
    lent = {
        "BONGSU_WEBHOOK_SECRET": settings.WEBHOOK_SECRET.startswith("whsec_Ym9uZ3N1"),
        "TWILIO_AUTH_TOKEN": settings.TWILIO_AUTH_TOKEN == "sandbox",  # noqa: S105 - it signs answers
        "TWILIO_BACKUP_AUTH_TOKEN": bool(settings.TWILIO_BACKUP_API_URL)
        and settings.TWILIO_BACKUP_AUTH_TOKEN == "sandbox-backup",  # noqa: S105 - the same
        "SLACK_SIGNING_SECRET": settings.SLACK_SIGNING_SECRET == "sandbox",  # noqa: S105 - the same
        "BONGSU_SECRET_KEY": not os.environ.get("BONGSU_SECRET_KEY"),
        "BONGSU_URL": settings.BASE_URL.startswith("http://"),
        "BONGSU_ALLOWED_HOSTS": "*" in settings.ALLOWED_HOSTS,
    }
    return [
        Error(f"{name} still has the value of a local run.", hint=f"Set {name}.", id="bongsu.E001")
        for name, is_lent in lent.items()
        if settings.PRODUCTION and is_lent
    ]


@register
def guard_knows_whom_to_tell(**_: Any) -> list[CheckMessage]:
    try:
        addresses(settings.GUARD_TO)
    except ValueError as error:
        return [Error(f"BONGSU_GUARD_TO: {error}.", id="bongsu.E003")]
    return []


@register(Tags.security, deploy=True)
def somebody_hears_when_we_are_gone(**_: Any) -> list[CheckMessage]:
    if not settings.PRODUCTION or settings.GUARD_TO or settings.GUARD_PING_URL:
        return []
    text = "Nobody hears when the portal itself can page nobody any more."
    hint = "Set BONGSU_GUARD_TO, BONGSU_GUARD_PING_URL or both, and run manage.py guard."
    return [Warning(text, hint=hint, id="bongsu.W002")]


@register
def trongrid_has_a_key_of_our_own(**_: Any) -> list[CheckMessage]:
    """The library under us would otherwise send keys that are written into it."""
    asked = {
        "TRON_API_KEY": (settings.TRON_API_KEY, settings.TRON_NODE_URL, settings.TRON_SOLIDITY_URL),
        "TRON_SECOND_API_KEY": (settings.TRON_SECOND_API_KEY, settings.TRON_SECOND_NODE_URL),
    }
    return [
        Error(f"TronGrid needs a key of your own: set {name}.", id="bongsu.E004")
        for name, (key, *urls) in asked.items()
        if not key and any("trongrid" in url for url in urls)
    ]


@register(Tags.security, deploy=True)
def nobody_stands_in_for_amazon(**_: Any) -> list[CheckMessage]:
    """Whoever answers there could sign alerts, and their ends, in Amazon's name."""
    if not (settings.PRODUCTION and settings.SNS_STAND_IN):
        return []
    text = "BONGSU_SNS_STAND_IN names a stand-in for Amazon SNS."
    return [Error(text, hint="Unset BONGSU_SNS_STAND_IN.", id="bongsu.E002")]


@register(Tags.security, deploy=True)
def voices_are_real(**_: Any) -> list[CheckMessage]:
    voices = {
        "EMAIL_URL": settings.EMAIL_HOST,
        "SLACK_API_URL": settings.SLACK_API_URL,
        "TWILIO_API_URL": settings.TWILIO_API_URL,
        "TWILIO_BACKUP_API_URL": settings.TWILIO_BACKUP_API_URL,
    }
    return [
        Warning(f"{name} leads to the sandbox.", hint=f"Set {name}.", id="bongsu.W001")
        for name, value in voices.items()
        if settings.PRODUCTION and "127.0.0.1" in value
    ]


@register
def backups_have_a_key_that_nobody_guesses(**_: Any) -> list[CheckMessage]:
    if not settings.BACKUP_KEY or len(settings.BACKUP_KEY) >= KEY_LENGTH:
        return []
    text = f"BONGSU_BACKUP_KEY is shorter than {KEY_LENGTH} characters."
    return [Error(text, hint="Make one with: openssl rand -base64 32", id="bongsu.E007")]


@register
def store_has_an_address(**_: Any) -> list[CheckMessage]:
    try:
        if settings.STATUS_STORE:
            Address.of(settings.STATUS_STORE)
    except ValueError as error:
        return [Error(f"BONGSU_STATUS_STORE: {error}.", id="bongsu.E006")]
    return []
