"""What only a person can say, as long as nobody has said it."""

from django.utils.translation import gettext as _

from postmortems.models import Postmortem


def missing(postmortem: Postmortem) -> list[str]:
    asked = {
        _("How many users were affected?"): postmortem.users_affected is not None,
        _("How many withdrawals were delayed?"): postmortem.withdrawals_delayed is not None,
        _("What did it cost?"): bool(postmortem.revenue_impact),
        _("Why did it happen? Ask five times."): bool(postmortem.whys.all()),
        _("What made it worse or more likely?"): bool(postmortem.contributing_factors),
        _("What did we learn?"): bool(postmortem.lessons),
    }
    return [question for question, answered in asked.items() if not answered]
