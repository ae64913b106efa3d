from statuspage.services import emergency
from statuspage.services.chasing import chase_due
from statuspage.services.closing import close_due
from statuspage.services.correcting import Record, add, correct
from statuspage.services.drafting import Overtaken, keep, prepared, publish
from statuspage.services.following import begin, follow
from statuspage.services.freezing import freeze
from statuspage.services.maintaining import Work, announce, keep_time
from statuspage.services.merging import merge_due
from statuspage.services.publishing import publish_due
from statuspage.services.reminding import ask_due, remind_due
from statuspage.services.replanning import LONGER, cancel, extend, plan_of, replan
from statuspage.services.saying import Words, say
from statuspage.services.watching import watch

__all__ = [
    "LONGER",
    "Overtaken",
    "Record",
    "Words",
    "Work",
    "add",
    "announce",
    "ask_due",
    "begin",
    "cancel",
    "chase_due",
    "close_due",
    "correct",
    "emergency",
    "extend",
    "follow",
    "freeze",
    "keep",
    "keep_time",
    "merge_due",
    "plan_of",
    "prepared",
    "publish",
    "publish_due",
    "remind_due",
    "replan",
    "say",
    "watch",
]
