from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import trx
from energy.domain.policy import LIMITS, Lever
from energy.services.buying import bought, buy
from runbooks.domain.actions import Outcome
from runbooks.models import Action
from runbooks.registry import actions


@actions.register("energy.buy")
class Buy:
    """`parameters`: wallet, name, provider, energy, seconds."""

    label = gettext_lazy("Buy energy")
    limits = LIMITS[Lever.BUY_ENERGY]

    def describe(self, action: Action) -> str:
        return _("Buy %(energy)s energy from %(provider)s for %(name)s, for at most %(trx)s") % {
            "energy": f"{action.parameters['energy']:,}",
            "provider": action.parameters["provider"],
            "name": action.parameters["name"],
            "trx": trx(action.sun),
        }

    def execute(self, action: Action) -> Outcome:
        return buy(action)

    def reconcile(self, action: Action) -> Outcome | None:
        return bought(action)
