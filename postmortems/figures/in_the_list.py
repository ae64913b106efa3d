"""The last seven days under the list of incidents, by the same arithmetic as everywhere."""

from datetime import datetime

import numpy as np
from django.utils.translation import gettext as _

from incidents.registry import Summary, summaries
from postmortems.domain.figures.cases import Clock, lengths
from postmortems.domain.figures.estimates import median
from postmortems.figures import words
from postmortems.figures.reading import last_days, noticed
from postmortems.figures.whole import zone

DAYS = 7


@summaries.register("figures")
class LastDays(Summary):
    def told(self, *, at: datetime) -> list[tuple[str, str]]:
        window = last_days(DAYS, at=at, zone=zone())
        ours = noticed(window)
        over = ours.where(~np.isnat(ours.resolved))
        if not len(over):
            return []
        in_time = np.count_nonzero(~over.missed(at=at))
        return [
            (_("Resolved, of 7 days"), str(len(over))),
            (
                _("Median time to acknowledge"),
                words.said(median(lengths(ours, Clock.ACKNOWLEDGE), "s")),
            ),
            (_("Median time to resolve"), words.said(median(lengths(ours, Clock.RESOLVE), "s"))),
            (_("Within target"), f"{in_time}/{len(over)}"),
        ]
