"""A company's metrics of the last hours: quiet services, and one in trouble."""

import math
import random
from datetime import datetime, timedelta

from monitoring import services
from monitoring.domain.alerts import Signal
from monitoring.domain.samples import Identity, Point
from monitoring.models import Metric
from monitoring.services.rolling import roll_up

MINUTE = timedelta(minutes=1)
HOSTS = ("web-1", "web-2", "sig-01")
ON_HOSTS = (
    ("cpu_used_ratio", 0.35), ("memory_used_bytes", 6.2e9), ("disk_used_ratio", 0.61),
    ("network_receive_bytes_total", 4.1e6), ("load1", 1.4), ("disk_free_bytes", 81e9),
)  # fmt: skip
OF_SERVICES = (
    ("api_request_duration_seconds", "api", "application", 0.18),
    ("api_errors_ratio", "api", "application", 0.002),
    ("withdrawals_per_minute", "withdrawals", "business", 42.0),
    ("oldest_waiting_withdrawal_seconds", "withdrawals", "business", 95.0),
    ("deposits_per_minute", "deposits", "business", 61.0),
    ("failed_sign_ins", "api", "security", 3.0),
    ("db_connections", "database", "system", 61.0),
)


def course(usual: float, count: int, seed: str, *, late: bool = False) -> list[float]:
    chance = random.Random(seed)
    values = [
        usual * (1 + 0.25 * math.sin(n / 47 + len(seed)) + chance.gauss(0, 0.05))
        for n in range(count)
    ]
    if late:  # the last twenty minutes are four times as slow
        values[-20:] = [value * (1 + 3 * min(1, n / 6)) for n, value in enumerate(values[-20:])]
    return values


def measure(*, at: datetime, minutes: int = 360) -> None:
    told: list[Point] = []
    for name, service, kind, usual in OF_SERVICES:
        metric = Identity(name, {"service": service}, kind=kind)
        values = course(usual, minutes, name, late=name.startswith("api_request"))
        told += [Point(metric, at - n * MINUTE, value) for n, value in enumerate(reversed(values))]
    for host in HOSTS:
        for name, usual in ON_HOSTS:
            metric = Identity(name, {"host": host, "service": "wallet"}, kind="system")
            values = course(usual, minutes, name + host)
            told += [Point(metric, at - n * MINUTE, v) for n, v in enumerate(reversed(values))]
    services.write(told, at=at)
    roll_up(at=at + timedelta(hours=7))
    slow = Metric.objects.get(name="api_request_duration_seconds")
    services.tell(
        [
            Signal(
                "slow", "API 지연 p95 > 2초", severities=["P1"], service="api",
                labels={"metric": str(slow.pk), "kind": "application"},
                started_at=at - 14 * MINUTE,
            )
        ],
        at=at,
    )  # fmt: skip
