from statuspage.services import emergency
from statuspage.services.backfilling import Past, Unfit, backfill, check, effects_of
from statuspage.services.chasing import chase_due
from statuspage.services.closing import close_due
from statuspage.services.correcting import Record, add, correct
from statuspage.services.drafting import Plan, keep, prepared, publish
from statuspage.services.following import begin, follow
from statuspage.services.freezing import freeze
from statuspage.services.maintaining import Work, announce, keep_time
from statuspage.services.merging import merge_due
from statuspage.services.publishing import publish_due
from statuspage.services.reminding import ask_due, remind_due
from statuspage.services.replanning import LONGER, cancel, extend, plan_of, replan
from statuspage.services.restating import (
    Times,
    check_times,
    effects_of_taking_back,
    effects_of_times,
    put_right,
    recorded,
    take_back,
)
from statuspage.services.saying import Words, say
from statuspage.services.watching import watch
from statuspage.services.weighing import Overtaken, lift, weighed

__all__ = [
    "LONGER",
    "Overtaken",
    "Past",
    "Plan",
    "Record",
    "Times",
    "Unfit",
    "Words",
    "Work",
    "add",
    "announce",
    "ask_due",
    "backfill",
    "begin",
    "cancel",
    "chase_due",
    "check",
    "check_times",
    "close_due",
    "correct",
    "effects_of",
    "effects_of_taking_back",
    "effects_of_times",
    "emergency",
    "extend",
    "follow",
    "freeze",
    "keep",
    "keep_time",
    "lift",
    "merge_due",
    "plan_of",
    "prepared",
    "publish",
    "publish_due",
    "put_right",
    "recorded",
    "remind_due",
    "replan",
    "say",
    "take_back",
    "watch",
    "weighed",
]
