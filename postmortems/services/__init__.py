from postmortems.services.beginning import begin_due
from postmortems.services.binding import bind, zipped
from postmortems.services.drafting import draft
from postmortems.services.editing import TEXTS, Stale, move, revise
from postmortems.services.keeping import content_of
from postmortems.services.owning import add_action, change_action, remove_action, set_actions
from postmortems.services.printing import NotYet, ask, ask_all, before, pdf_of, render_due
from postmortems.services.recurring import repeats
from postmortems.services.reminding import remind_due
from postmortems.services.reviewing import choose, comment, decide, reopen_comment, resolve_comment
from postmortems.services.telling import is_told, may_tell, tell_customers
from postmortems.services.whys import add_why, change_why, cite, remove_why, withdraw

__all__ = [
    "TEXTS",
    "NotYet",
    "Stale",
    "add_action",
    "add_why",
    "ask",
    "ask_all",
    "before",
    "begin_due",
    "bind",
    "change_action",
    "change_why",
    "choose",
    "cite",
    "comment",
    "content_of",
    "decide",
    "draft",
    "is_told",
    "may_tell",
    "move",
    "pdf_of",
    "remind_due",
    "remove_action",
    "remove_why",
    "render_due",
    "reopen_comment",
    "repeats",
    "resolve_comment",
    "revise",
    "set_actions",
    "tell_customers",
    "withdraw",
    "zipped",
]
