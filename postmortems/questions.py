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


def asked(depth: int) -> str:
    """How and what, never who: why-questions about people find culprits, not causes."""
    by_depth = [
        _("What directly led to the incident?"),
        _("How did that come about?"),
        _("What let it go that far?"),
        _("What in the way we build or work made that possible?"),
    ]
    if depth < len(by_depth):
        return by_depth[depth]
    return _("What would have to be different for that not to happen?")
