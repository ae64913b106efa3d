from typing import Any

from core import clock
from integrations import http
from statuspage import endpoints, tokens
from statuspage.documents.api import told
from statuspage.models import Mailing, Page, Subscriber, Way
from statuspage.reading import read
from statuspage.registry import Fault, Reach, Untaken, ways

GONE = 410


@ways.register(Way.WEBHOOK)
class Webhook(Reach):
    callers = 8
    patient = 4

    def __init__(self) -> None:
        self._told: dict[int, dict[str, Any]] = {}

    def tell(self, page: Page, mailing: Mailing, one: Subscriber, *, again: bool) -> None:
        leave = tokens.link(page.public_url, "unsubscribe", tokens.leaving(one.key))
        message = f"{mailing.update.public_id}-{one.key.hex}"
        body = endpoints.body_of(one, self._of(mailing), leave)
        try:
            answer = endpoints.post(one, message, body)
        except (http.Forbidden, http.Unreachable) as error:
            raise Untaken(str(error), Fault.THEIRS) from error
        if not answer.ok:
            fault = Fault.GONE if answer.status == GONE else Fault.THEIRS
            raise Untaken(f"HTTP {answer.status}", fault)

    def _of(self, mailing: Mailing) -> dict[str, Any]:
        """As of now: whoever is late hears how it stands."""
        if mailing.pk not in self._told:
            self._told = {mailing.pk: told(read(at=clock.now()), mailing.notice.public_id)}
        return self._told[mailing.pk]
