"""Whether the portal reaches the TRON API that it is set to use, and how old its newest block is."""

import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings as django_settings
from django.utils.translation import gettext_lazy

from core import clock
from integrations.tron.errors import NodeError, NodeStale
from integrations.tron.nodes import first_node
from runbooks.domain.writing import only
from runbooks.step import Kind, Result, Work, steps
from runbooks.trouble import of_http


@steps.register("tron_api")
class TronApi(Kind):
    """One row: `answers` is yes, no or stale; `block`, `behind` in seconds, `seconds` of the answer, and `why` not."""

    label = gettext_lazy("TRON API")

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, (), "tron_api")

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return True

    def foretell(self, settings: Mapping[str, Any]) -> str:
        return f"{django_settings.TRON_NODE_URL}wallet/getnowblock"

    def run(self, work: Work) -> Result:
        began = time.monotonic()
        try:
            head = first_node().head()
        except NodeError as error:
            answers = "stale" if isinstance(error, NodeStale) else "no"
            return Result.failed(
                of_http(error), rows=[{"answers": answers, "why": str(error)[:200]}]
            )
        row = {
            "answers": "yes",
            "block": head.number,
            "behind": round((clock.now() - head.at).total_seconds()),
            "seconds": round(time.monotonic() - began, 3),
        }
        return Result.done(rows=[row], facts=row, output=f"block {head.number} · {row['behind']} s")
