"""Settings for each collector, as somebody would type them, that lead to nobody: port 1 is closed."""

from typing import Any

NOBODY = "127.0.0.1"
CLOSED = 1

EXAMPLES: dict[str, dict[str, Any]] = {
    "http": {"url": f"http://{NOBODY}:{CLOSED}/상태"},
    "tcp": {"address": NOBODY, "port": CLOSED},
}
SECRETS: dict[str, dict[str, Any]] = {  # the same with a secret that is not set
    "http": {"headers": "Authorization: Bearer env:NEVER_SET"},
}
AT_HOME: set[str] = set()  # what reads this machine, and finds it
