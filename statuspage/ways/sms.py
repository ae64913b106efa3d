"""Texts, by the telephone companies that page people too: the first that takes it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Sum
from django.template.loader import render_to_string
from django.urls import reverse

from core import clock
from notifications import telephony
from notifications.channel import DeliveryError
from statuspage import composing, tokens
from statuspage.models import Mailing, Page, Subscriber, Way
from statuspage.registry import Fault, Reach, Untaken, ways

DAY = timedelta(hours=24)


@ways.register(Way.SMS)
class Sms(Reach):
    def __init__(self) -> None:
        self._words: dict[tuple[int, str], str] = {}

    def tell(self, page: Page, mailing: Mailing, one: Subscriber, *, again: bool) -> None:
        words = self._short(page, mailing, one.language)
        if again and telephony.found(telephony.texted(one.address, words, mailing.at)):
            return
        if _spent(clock.now()) >= settings.STATUS_TEXTS_A_DAY:
            raise Untaken("as many texts as BONGSU_STATUS_TEXTS_A_DAY allows")
        _text(one, words, since=mailing.at)

    def write(self, page: Page, one: Subscriber, token: str) -> None:
        said = {"page": page, "code": tokens.code_of(one)}
        words = render_to_string(f"messages/subscriber_{one.letter}/short.txt", said).strip()
        _text(one, words, since=one.letter_at or clock.now())

    def _short(self, page: Page, mailing: Mailing, language: str) -> str:
        key = (mailing.pk, language)
        if key not in self._words:
            self._words[key] = composing.short(mailing, page, language)
        return self._words[key]


def _text(one: Subscriber, words: str, *, since: datetime) -> None:
    try:
        where = reverse("statuspage:hook_texted", args=[tokens.texted(one.key)])
        telephony.text(one.address, words, since=since, callback=settings.BASE_URL + where)
    except DeliveryError as error:
        raise Untaken(str(error), Fault.DEAD if error.of_address else Fault.PASSING) from error


def _spent(at: datetime) -> int:
    sent = Mailing.objects.filter(way=Way.SMS, at__gt=at - DAY).aggregate(all=Sum("sent"))["all"]
    return sent or 0
