"""What was paid for energy because of an incident, for its postmortem."""

from django.db.models import Q, Sum

from energy.models import Purchase, PurchaseState
from incidents.models import Incident
from incidents.registry import Spent, Toll, tolls


@tolls.register("energy")
class EnergyBought(Toll):
    def spent(self, incident: Incident) -> Spent | None:
        """Paid counts although nothing came; energy only where it arrived."""
        paid = Purchase.objects.filter(action__incident=incident, paid_sun__gt=0)
        came = Sum("energy", filter=Q(state=PurchaseState.ARRIVED), default=0)
        found = paid.aggregate(sun=Sum("paid_sun"), energy=came)
        return Spent(found["energy"], found["sun"]) if found["sun"] else None
