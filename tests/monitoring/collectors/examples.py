"""Settings for each collector, as somebody would type them, that lead to nobody: port 1 is closed."""

from typing import Any

NOBODY = "127.0.0.1"
CLOSED = 1

EXAMPLES: dict[str, dict[str, Any]] = {
    "http": {"url": f"http://{NOBODY}:{CLOSED}/상태"},
    "celery": {"address": f"redis://{NOBODY}:{CLOSED}/0", "queues": "page\nnotify"},
    "nginx": {"url": f"http://{NOBODY}:{CLOSED}/status"},
    "rabbitmq": {"url": f"http://{NOBODY}:{CLOSED}", "user": "guest", "queues": "page"},
    "redis": {"address": f"redis://{NOBODY}:{CLOSED}", "lists": "withdrawals\nnotify"},
    "dns": {"name": "nothing.invalid", "expected": "203.0.113.7\n2001:db8::/32"},
    "host": {"mounts": "/"},
    "json": {"url": f"http://{NOBODY}:{CLOSED}/", "path": "data[0].balance", "metric": "balance"},
    "process": {"command": "there is no such command"},
    "prometheus": {"url": f"http://{NOBODY}:{CLOSED}", "query": "up", "metric": "up"},
    "portal": {},
    "postgresql": {"address": f"postgresql://bongsu@{NOBODY}:{CLOSED}/bongsu"},
    "sql": {
        "address": f"postgresql://bongsu@{NOBODY}:{CLOSED}/bongsu",
        "query": "SELECT count(*) FROM withdrawals",
        "metric": "withdrawals_waiting",
    },
    "security": {"portal": False, "watched": "/etc/hosts"},
    "tcp": {"address": NOBODY, "port": CLOSED},
}
SECRETS: dict[str, dict[str, Any]] = {  # the same with a secret that is not set
    "celery": {"address": "env:NEVER_SET"},
    "nginx": {"user": "bongsu", "password": "env:NEVER_SET"},
    "rabbitmq": {"password": "env:NEVER_SET"},
    "redis": {"password": "env:NEVER_SET"},
    "postgresql": {"password": "env:NEVER_SET"},
    "sql": {"address": "env:NEVER_SET"},
    "json": {"headers": "X-Token: env:NEVER_SET"},
    "prometheus": {"headers": "Authorization: Bearer env:NEVER_SET"},
    "http": {"headers": "Authorization: Bearer env:NEVER_SET"},
}
AT_HOME = {"host", "portal", "security"}  # what reads this machine, and finds it
COUNTS = {
    "process",
    "postgresql",
    "redis",
}  # what finds none says 0 before it says that this is wrong
