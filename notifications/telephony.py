"""Texts and calls by whichever telephone company takes them: the first, or else the one behind it."""

from collections.abc import Callable

from integrations import http, twilio
from integrations.twilio import Account
from notifications.channel import DeliveryError, Message, Taken
from notifications.domain.failover import Failure, verdict

Look = Callable[[Account], str | None]


def handed_over(
    resource: str, message: Message, fields: dict[str, str], *, arrived: Look = lambda _: None
) -> Taken:
    """Create it at the first account that takes it; all in one attempt of the outbox.

    One that hung up in the middle may have taken it: before another sends it, `arrived` looks.
    """
    failures: list[Failure] = []
    for account in twilio.accounts():
        try:
            sid = twilio.create(account, resource, _addressed(account, message) | fields)
            return Taken(sid, by=account.name, before=_said(failures))
        except twilio.TwilioError as error:
            text = f"HTTP {error.status} {error.text}"
            failures.append(Failure(account.name, error.status, text, error.retry_after))
        except http.Unreachable as error:
            if error.maybe_arrived and (sid := arrived(account) or ""):
                return Taken(sid, by=account.name, before=_said(failures))
            failures.append(Failure(account.name, 0, str(error)))
        if not failures[-1].another_may_help:
            break
    result = verdict(failures)
    raise DeliveryError(result.text, permanent=result.permanent, retry_after=result.retry_after)


def found(arrived: Look) -> Taken | None:
    """Who has it already, of all accounts."""
    for account in twilio.accounts():
        if sid := arrived(account):
            return Taken(sid, by=account.name)
    return None


def _addressed(account: Account, message: Message) -> dict[str, str]:
    return {"From": account.number, "StatusCallback": message.status}


def _said(failures: list[Failure]) -> str:
    return "; ".join(f"{each.provider}: {each.text}" for each in failures)
