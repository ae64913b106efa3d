"""How readers of the page found what we did, for the figures."""

from collections.abc import Collection
from datetime import datetime

from incidents.registry import Opinion, Opinions, opinions
from statuspage.models import Rating


@opinions.register("status page")
class Ratings(Opinions):
    def said(
        self, since: datetime, until: datetime, numbers: Collection[int] | None
    ) -> list[Opinion]:
        rows = Rating.objects.filter(at__gte=since, at__lt=until)
        if numbers is not None:
            rows = rows.filter(notice__incident__in=numbers)
        found = rows.order_by("-at").values_list("score", "comment", "notice__incident")
        return [Opinion(*one) for one in found]
