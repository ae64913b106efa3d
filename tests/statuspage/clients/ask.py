"""Run by the clients' own Python: what `statuscheck` makes of a page, as JSON."""

import json
import sys

from statuscheck.services.bases._statuspageio import BaseStatusPageAPI


class Ours(BaseStatusPageAPI):
    name = "ours"
    status_url = ""

    def _get_base_url(self) -> str:
        return f"{sys.argv[1]}/api/v2/"


found = Ours().get_summary()
print(  # noqa: T201 - its only way to say it
    json.dumps(
        {
            "name": found.status.name,
            "description": found.status.description,
            "components": {one.name: one.status for one in found.components},
            "incidents": {one.name: one.status for one in found.incidents},
        }
    )
)
