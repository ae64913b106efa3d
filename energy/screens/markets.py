"""Why a market is set aside, in a sentence."""

from django.utils.translation import gettext as _

from core.money import trx
from energy.services.trusting import SetAside, set_aside


def why(one: SetAside) -> str:
    said = []
    if one.owed:
        sun = sum(row.paid_sun for row in one.owed)
        said.append(_("%(trx)s were paid, and nothing came.") % {"trx": trx(sun)})
    if one.late:
        sun = sum(row.quoted_sun for row in one.late)
        said.append(_("An order of %(trx)s may come yet.") % {"trx": trx(sun)})
    return " ".join(said)


def shown_aside() -> list[tuple[SetAside, str]]:
    """Of every wallet: their markets are set aside for all."""
    return [(one, why(one)) for one in set_aside()]
