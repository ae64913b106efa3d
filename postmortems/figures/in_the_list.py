"""The last seven days under the list of incidents, by the same arithmetic as everywhere."""

from datetime import datetime

from django.utils.translation import gettext as _

from incidents.registry import Summary, summaries
from postmortems.domain.figures.cases import Clock, lengths, within
from postmortems.domain.figures.estimates import median
from postmortems.figures import words
from postmortems.figures.reading import cases, last_days
from postmortems.figures.whole import zone

DAYS = 7


@summaries.register("figures")
class LastDays(Summary):
    def told(self, *, at: datetime) -> list[tuple[str, str]]:
        window = last_days(DAYS, at=at, zone=zone())
        ours = within(cases(window), window)
        over = [case for case in ours if case.resolved]
        if not over:
            return []
        in_time = sum(not case.missed(at=at) for case in over)
        return [
            (_("Resolved, of 7 days"), str(len(over))),
            (
                _("Median time to acknowledge"),
                words.said(median(lengths(ours, Clock.ACKNOWLEDGE), "s")),
            ),
            (_("Median time to resolve"), words.said(median(lengths(ours, Clock.RESOLVE), "s"))),
            (_("Within target"), f"{in_time}/{len(over)}"),
        ]
