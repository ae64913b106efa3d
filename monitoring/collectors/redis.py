import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from integrations.redis import Session
from monitoring.asking_redis import RedisForm, asked
from monitoring.collector import Collector, LinesField, Reading, Refusing, Settings
from monitoring.registry import collectors

MOST: Final = 50  # lists that are counted, replicas that are told apart
LENGTHS: Final = {"list": "LLEN", "stream": "XLEN", "zset": "ZCARD", "set": "SCARD", "hash": "HLEN"}
# As INFO calls them, and as we do.
COUNTERS: Final = {
    "evicted_keys": "redis_evicted_total",
    "expired_keys": "redis_expired_total",
    "keyspace_hits": "redis_hits_total",
    "keyspace_misses": "redis_misses_total",
    "rejected_connections": "redis_rejected_connections_total",
    "total_commands_processed": "redis_commands_total",
}
Info = Mapping[str, str]


class RedisSettings(RedisForm):
    lists = LinesField(
        label=_("queues"), required=False, max_length=4000,
        help_text=_("Lists, streams or sets whose length is read, a name a line."),
    )  # fmt: skip


@collectors.register("redis")
class Redis(Collector):
    title = _("Redis")
    purpose = _(
        "Memory against the limit, clients, evictions, hits, replication, length of queues."
    )
    form = RedisSettings

    def collect(self, settings: Settings, *, timeout: float) -> Iterable[Reading]:
        taken_in = False
        try:
            with asked(settings, timeout=timeout) as server:
                began = time.monotonic()
                server.ask("PING")
                yield Reading("redis_latency_seconds", time.monotonic() - began, unit="s")
                info = parsed(server.text("INFO"))
                taken_in = True
                yield Reading("redis_accepting", 1)
                for look in (memory, clients, counters, replication, keeping):
                    yield from look(info)
                yield from lengths(server, settings["lists"].split("\n"))
        except Refusing:
            if not taken_in:
                yield Reading("redis_accepting", 0)
            raise


def parsed(text: str) -> Info:
    pairs = (line.partition(":") for line in text.splitlines() if not line.startswith("#"))
    return {name: value for name, colon, value in pairs if colon}


def number(info: Info, name: str) -> float:
    try:
        return float(info.get(name, 0))
    except ValueError:
        return 0.0


def share(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0


def memory(info: Info) -> Iterator[Reading]:
    used, limit = number(info, "used_memory"), number(info, "maxmemory")
    yield Reading("redis_memory_used", used, unit="B")
    if limit:
        yield Reading("redis_memory_limit", limit, unit="B")
        yield Reading("redis_memory_share", share(used, limit), unit="%")


def clients(info: Info) -> Iterator[Reading]:
    count, limit = number(info, "connected_clients"), number(info, "maxclients")
    yield Reading("redis_clients", count)
    yield Reading("redis_clients_blocked", number(info, "blocked_clients"))
    if limit:  # from version 7 on
        yield Reading("redis_clients_limit", limit)
        yield Reading("redis_clients_used", share(count, limit), unit="%")


def counters(info: Info) -> Iterator[Reading]:
    for theirs, ours in COUNTERS.items():
        yield Reading(ours, number(info, theirs))
    hits, misses = number(info, "keyspace_hits"), number(info, "keyspace_misses")
    if hits + misses:
        yield Reading("redis_hit_share", share(hits, hits + misses), unit="%")


def replication(info: Info) -> Iterator[Reading]:
    replica = info.get("role") == "slave"
    yield Reading("redis_replica", replica)
    if replica:
        linked = info.get("master_link_status") == "up"
        yield Reading("redis_replica_linked", linked)
        silent = "master_last_io_seconds_ago" if linked else "master_link_down_since_seconds"
        yield Reading("redis_replica_silent_seconds", max(0, number(info, silent)), unit="s")
    count = min(MOST, int(number(info, "connected_slaves")))
    yield Reading("redis_replicas", count)
    for place in range(count):
        told = dict(
            pair.split("=", 1) for pair in info.get(f"slave{place}", "").split(",") if "=" in pair
        )
        behind = number(info, "master_repl_offset") - number(told, "offset")
        name = f"{told.get('ip', '')}:{told.get('port', '')}"
        yield Reading("redis_replica_lag_bytes", max(0, behind), {"replica": name}, unit="B")


def keeping(info: Info) -> Iterator[Reading]:
    """Whether it could save what it holds."""
    yield Reading("redis_saved", info.get("rdb_last_bgsave_status", "ok") == "ok")
    if info.get("aof_enabled") == "1":
        yield Reading("redis_appended", info.get("aof_last_write_status", "ok") == "ok")


def lengths(server: Session, names: Iterable[str]) -> Iterator[Reading]:
    """What is not there is an empty queue."""
    for name in list(filter(None, names))[:MOST]:
        command = LENGTHS.get(server.text("TYPE", name))
        length = server.number(command, name) if command else 0
        yield Reading("redis_queue_length", length, {"queue": name})
