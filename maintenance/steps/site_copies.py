"""How the copies of some data are at all sites, looked at now: who takes writes, and how far behind the others are."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from core import clock
from core.told import Joined
from core.told import Told as _
from maintenance.domain.continuity.wording import length
from maintenance.models import CopyRole, CopySample, DataCopy
from maintenance.services.failing_over import copy_of
from maintenance.services.sampling_copies import sample_copies
from runbooks.domain.writing import Wrong, at, only
from runbooks.recovering import texts
from runbooks.step import Kind, Result, Work, steps


@steps.register("site_copies")
class SiteCopies(Kind):
    """`of`: one of the databases; `only` that one. A row each: site, database, role, seconds that it lacks at most, and say."""

    label = gettext_lazy("Copies of data")

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("of", "only"), "site_copies")
        texts(settings, "of")
        if settings.get("only", False) not in (True, False):
            raise Wrong(at("only", _("true or false")))

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return True

    def foretell(self, settings: Mapping[str, Any]) -> str:
        return f"{settings['of']} › pg_is_in_recovery(), pg_last_wal_receive_lsn()"

    def run(self, work: Work) -> Result:
        data = copy_of(work.settings["of"]).data
        copies = DataCopy.objects.select_related("data", "site", "database").filter(data=data)
        found = sample_copies(copies)
        now, name = clock.database_now(), work.settings["of"]
        wanted = [
            one for one in found if not work.settings.get("only") or one.copy.database.name == name
        ]
        rows = [_row(one, now) for one in wanted]
        return Result.done(Joined(one["say"] for one in rows), rows=rows)


def _row(one: CopySample, at: Any) -> dict[str, Any]:
    behind = at - one.safe_until if one.safe_until and one.role == CopyRole.FOLLOWS else None
    said = {"site": str(one.copy.site), "database": one.copy.database.name}
    return {
        **said, "role": one.role, "seconds": "" if behind is None else round(behind.total_seconds()),
        "say": next(_said(one, behind, said)),
    }  # fmt: skip


def _said(one: CopySample, behind: Any, said: dict[str, str]) -> Iterator[Any]:
    match one.role:
        case CopyRole.LEADS:
            yield _("%(database)s in %(site)s takes writes.", **said)
        case CopyRole.FENCED:
            yield _("%(database)s in %(site)s is a primary that takes no writes.", **said)
        case CopyRole.FOLLOWS if behind is not None:
            yield _("%(database)s in %(site)s lacks at most the last %(behind)s.", behind=length(behind), **said)  # fmt: skip
        case CopyRole.FOLLOWS:
            yield _("How far behind %(database)s in %(site)s is cannot be known.", **said)
        case _:
            yield _("%(database)s in %(site)s does not answer: %(why)s", why=one.detail, **said)
