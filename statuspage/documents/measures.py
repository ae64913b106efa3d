"""What the charts show, as numbers."""

import json
from collections.abc import Iterator

from statuspage.domain.snapshot import Snapshot
from statuspage.registry import Document, documents


@documents.register("measures")
class Measures(Document):
    def files(self, snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
        said = {
            "at": snapshot["at"],
            "columns": ["at", "low", "mean", "high"],
            "metrics": snapshot["measures"],
        }
        yield "status/metrics.json", json.dumps(said, ensure_ascii=False).encode()
