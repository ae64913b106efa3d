"""A subscriber's phone that says stop, or start."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from incidents.registry import Hearer, hearers
from statuspage.domain.stopping import Word, word
from statuspage.models import Subscriber, Way
from statuspage.services import subscribing


@hearers.register("status page")
class Subscribers(Hearer):
    def hear(self, sender: str, text: str, *, at: datetime) -> str:
        said = word(text)
        mine = Subscriber.objects.filter(way=Way.SMS, address=sender)
        one = mine.first() if said else None
        if one is None:
            return ""
        with translation.override(one.language):
            if said is Word.STOP:
                subscribing.end(mine, at=at, why=subscribing.STOPPED)
                return _("You get no more texts from our status page.")
            mine.filter(why=subscribing.STOPPED).update(why="")
            return _("You may subscribe on the status page again.")
