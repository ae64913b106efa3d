from energy.services.foreseeing import foresee
from energy.services.losses import clear
from energy.services.minding import mind_the_signer
from energy.services.pricing import ask_markets
from energy.services.rehearsing import rehearse
from energy.services.responding import respond
from energy.services.resuming import lift_early
from energy.services.reviewing import remind_of_stakes
from energy.services.rising import go_on
from energy.services.settling import plan_transaction, settle, settle_open
from energy.services.telling import watch_the_watching
from energy.services.trusting import ask_set_aside, bring_back
from energy.services.upkeep import prune
from energy.services.watching import watch

__all__ = [
    "ask_markets",
    "ask_set_aside",
    "bring_back",
    "clear",
    "foresee",
    "go_on",
    "lift_early",
    "mind_the_signer",
    "plan_transaction",
    "prune",
    "rehearse",
    "remind_of_stakes",
    "respond",
    "settle",
    "settle_open",
    "watch",
    "watch_the_watching",
]
