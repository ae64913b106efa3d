"""Whether a site carries the present load, and what has to be shed first where it does not."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from core.told import Told as _
from maintenance.domain.continuity.shedding import Fit, Need
from maintenance.services.assessing import fit_of, present_needs
from maintenance.services.failing_over import copy_of
from runbooks.domain.writing import only
from runbooks.recovering import texts
from runbooks.step import Kind, Result, Work, steps


@steps.register("site_capacity")
class SiteCapacity(Kind):
    """`of`: a database at the site. A row for each service: service, percent, verdict (kept, shed or unknown)."""

    label = gettext_lazy("Capacity of a site")

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("of",), "site_capacity")
        texts(settings, "of")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return True

    def foretell(self, settings: Mapping[str, Any]) -> str:
        return str(settings["of"])

    def run(self, work: Work) -> Result:
        site = copy_of(work.settings["of"]).site
        fit = fit_of(site, present_needs(at=work.at))
        rows = [
            *(_row(one, "kept", site, fit) for one in fit.kept),
            *(_row(one, "shed", site, fit) for one in fit.shed),
            *(_row(one, "unknown", site, fit) for one in fit.unknown),
        ]
        told = {"site": str(site), "load": f"{fit.load:.0f}", "capacity": f"{fit.capacity:.0f}"}
        facts = {**told, "shed": ", ".join(one.service for one in fit.shed) or "–"}
        if not fit.fits:
            text = _("%(site)s carries %(capacity)s %%: what is never shed takes more. Now it is %(load)s %%.", **told)  # fmt: skip
            return Result.failed(text, rows=rows, facts=facts)
        text = _("%(site)s carries %(capacity)s %%; the load is %(load)s %%.", **told)
        return Result.done(text, rows=rows, facts=facts)


def _row(one: Need, verdict: str, site: Any, fit: Fit) -> dict[str, Any]:
    percent = "?" if one.percent is None else f"{one.percent:.0f}"
    return {
        "service": one.service, "percent": percent, "verdict": verdict, "site": str(site),
        "capacity": f"{fit.capacity:.0f}",
    }  # fmt: skip
