"""Texts and calls by whichever telephone company takes them: the first, or else the one behind it."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from integrations import http, twilio
from integrations.twilio import Account
from notifications.channel import DeliveryError, Taken
from notifications.domain.failover import Failure, verdict

Look = Callable[[Account], str | None]
# No such number, none that takes texts, or one that said STOP to the company itself.
OF_NUMBER: Final = frozenset({21211, 21214, 21217, 21408, 21610, 21612, 21614})


def text(to: str, words: str, *, since: datetime, callback: str = "") -> Taken:
    """Raises DeliveryError. `since`: when these words were first tried."""
    fields = {"To": to, "Body": words}
    return handed_over("Messages", fields, callback=callback, arrived=texted(to, words, since))


def texted(to: str, words: str, since: datetime) -> Look:
    """Twilio has no idempotency key for messages: before a repeat we look whether it has ours."""

    def look(account: Account) -> str | None:
        try:
            earlier = twilio.since(account, "Messages", to=to, at=since)
        except (twilio.TwilioError, http.Unreachable):
            return None  # cannot tell: better a repeat than silence
        return next((str(sent["sid"]) for sent in earlier if sent.get("body") == words), None)

    return look


def handed_over(
    resource: str, fields: dict[str, str], *, callback: str, arrived: Look = lambda _: None
) -> Taken:
    """Create it at the first account that takes it; all in one attempt of the outbox.

    One that hung up in the middle may have taken it: before another sends it, `arrived` looks.
    """
    failures: list[Failure] = []
    for account in twilio.accounts():
        try:
            sid = twilio.create(account, resource, _addressed(account, callback) | fields)
            return Taken(sid, by=account.name, before=_said(failures))
        except twilio.TwilioError as error:
            failures.append(_failure(account, error))
        except http.Unreachable as error:
            if error.maybe_arrived and (sid := arrived(account) or ""):
                return Taken(sid, by=account.name, before=_said(failures))
            failures.append(Failure(account.name, 0, str(error)))
        if not failures[-1].another_may_help:
            break
    result = verdict(failures)
    raise DeliveryError(
        result.text,
        permanent=result.permanent,
        retry_after=result.retry_after,
        of_address=failures[-1].of_address,
    )


def found(arrived: Look) -> Taken | None:
    """Who has it already, of all accounts."""
    for account in twilio.accounts():
        if sid := arrived(account):
            return Taken(sid, by=account.name)
    return None


def _failure(account: Account, error: twilio.TwilioError) -> Failure:
    words = f"HTTP {error.status} {error.text}"
    return Failure(
        account.name, error.status, words, error.retry_after, of_address=error.code in OF_NUMBER
    )


def _addressed(account: Account, callback: str) -> dict[str, str]:
    return {"From": account.number} | ({"StatusCallback": callback} if callback else {})


def _said(failures: list[Failure]) -> str:
    return "; ".join(f"{each.provider}: {each.text}" for each in failures)
