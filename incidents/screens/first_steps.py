"""What a new installation still needs before a page can reach somebody, with what is done already."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.utils import is_mfa_enabled
from django.urls import reverse
from django.utils.translation import gettext as _

from monitoring.queries import is_connected
from teams.domain.roles import Action
from teams.models import User
from teams.oncall import named_at_the_top


@dataclass(frozen=True)
class Step:
    what: str
    why: str
    url: str
    done: bool


def first_steps(user: User, *, at: datetime) -> list[Step]:
    steps = [
        Step(
            _("Say how you are reached"),
            _("A page finds you by call, text, Slack or mail. Confirm at least one way."),
            reverse("contacts:list"),
            user.contacts.filter(enabled=True, verified_at__isnull=False).exists(),
        ),
        Step(
            _("Set up a second factor"),
            _("Whoever approves an action that costs money is asked for it."),
            reverse("mfa_index"),
            is_mfa_enabled(user),
        ),
        Step(
            _("Put somebody on call"),
            _("A rotation says who is called first, day and night."),
            reverse("teams:on_call"),
            _somebody_is_on_call(at),
        ),
    ]
    if user.may(Action.ADMINISTER):
        steps.append(
            Step(
                _("Make an integration"),
                _("Whatever sends alerts has a token of its own."),
                reverse("admin:monitoring_integration_add"),
                is_connected(),
            )
        )
    return steps


def _somebody_is_on_call(at: datetime) -> bool:
    named = named_at_the_top(at=at)
    return named is not None and named.person is not None
