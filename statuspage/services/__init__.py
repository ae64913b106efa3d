from statuspage.services import emergency
from statuspage.services.chasing import chase_due
from statuspage.services.closing import close_due
from statuspage.services.correcting import Record, add, correct
from statuspage.services.drafting import Overtaken, keep, publish
from statuspage.services.following import begin, follow
from statuspage.services.freezing import freeze
from statuspage.services.maintaining import Work, announce, keep_time
from statuspage.services.publishing import publish_due
from statuspage.services.saying import Words, say
from statuspage.services.watching import watch

__all__ = [
    "Overtaken",
    "Record",
    "Words",
    "Work",
    "add",
    "announce",
    "begin",
    "chase_due",
    "close_due",
    "correct",
    "emergency",
    "follow",
    "freeze",
    "keep",
    "keep_time",
    "publish",
    "publish_due",
    "say",
    "watch",
]
