"""The figures of availability with all that they are made of, so that anybody may reckon them again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from statuspage.domain.board import blocks
from statuspage.domain.snapshot import Snapshot
from statuspage.domain.states import State
from statuspage.domain.uptime import FORMULA, Tally
from statuspage.registry import Document, documents


@documents.register("figures")
class Figures(Document):
    def files(self, snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
        page = snapshot["page"]
        weights = {State(key): weight for key, weight in page["weights"].items()}
        facts = {one["id"]: one for one in snapshot["components"]}
        found = blocks(snapshot)
        said = {
            "formula": FORMULA,
            "at": snapshot["at"],
            "time_zone": page["time_zone"],
            "days": 90,
            "weights_percent": page["weights"],
            "components": [
                _figures(row.sums, weights)
                | {"id": row.id, "name": row.name, "since": facts[row.id]["since"]}
                | {"intervals": facts[row.id]["spans"], "window": row.window}
                for block in found
                for row in block.rows
            ],
            "groups": [
                _figures(block.sums, weights)
                | {"name": block.name, "components": [row.id for row in block.rows]}
                for block in found
                if block.name
            ],
        }
        yield "status/uptime.py", (Path(settings.BASE_DIR) / "scripts" / "uptime.py").read_bytes()
        yield "status/uptime.json", json.dumps(said, ensure_ascii=False).encode()


def _figures(sums: Tally, weights: dict[State, int]) -> dict[str, Any]:
    return {
        "uptime_hundredths_of_percent": sums.hundredths(weights),
        "seconds": dict(sorted(sums.seconds.items())),
    }
