import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core import clock
from monitoring.asking_pages import PageForm, Pages
from monitoring.collector import CollectError, Collector, LinesField, Reading, Settings
from monitoring.registry import collectors

MOST: Final = 50
Row = Mapping[str, Any]
NODE: Final = "name,running,mem_used,mem_limit,mem_alarm,disk_free,disk_free_alarm,fd_used,fd_total"
QUEUE: Final = "name,vhost,messages_ready,messages_unacknowledged,consumers,head_message_timestamp"
FLOWS: Final = {
    "publish": "rabbitmq_published_total",
    "deliver_get": "rabbitmq_delivered_total",
    "redeliver": "rabbitmq_redelivered_total",
    "ack": "rabbitmq_acknowledged_total",
}


class RabbitForm(PageForm):
    queues = LinesField(
        label=_("queues"), required=False, max_length=4000,
        help_text=_("A name a line. Empty: the fifty longest."),
    )  # fmt: skip


@collectors.register("rabbitmq")
class Rabbitmq(Collector):
    title = _("RabbitMQ")
    purpose = _(
        "Depth of queues, what is not acknowledged, consumers, alarms; by its management API."
    )
    form = RabbitForm

    def collect(self, settings: Settings, *, timeout: float) -> Iterable[Reading]:
        pages = Pages(settings, timeout=timeout)
        yield from overview(mapping(pages.json("/api/overview")))
        for node in rows(pages.json(f"/api/nodes?columns={NODE}"))[:MOST]:
            yield from of_node(node)
        for queue in rows(pages.json(f"/api/queues?{chosen(settings['queues'])}")):
            yield from of_queue(queue)


def chosen(names: str) -> str:
    asked = {
        "columns": QUEUE, "page": 1, "page_size": MOST, "sort": "messages", "sort_reverse": "true"
    }  # fmt: skip
    if names:
        asked["name"] = f"^({'|'.join(map(re.escape, names.splitlines()))})$"
        asked["use_regex"] = "true"
    return urlencode(asked, quote_via=quote)


def overview(said: Row) -> Iterator[Reading]:
    objects, waiting, flow = (
        mapping(said.get(part)) for part in ("object_totals", "queue_totals", "message_stats")
    )
    for name in ("connections", "channels", "consumers", "queues"):
        yield Reading(f"rabbitmq_{name}", number(objects, name))
    yield Reading("rabbitmq_ready", number(waiting, "messages_ready"))
    yield Reading("rabbitmq_unacknowledged", number(waiting, "messages_unacknowledged"))
    for theirs, ours in FLOWS.items():
        yield Reading(ours, number(flow, theirs))


def of_node(node: Row) -> Iterator[Reading]:
    labels = {"node": str(node.get("name", ""))}
    yield Reading("rabbitmq_node_running", number(node, "running"), labels)
    yield Reading("rabbitmq_memory_alarm", number(node, "mem_alarm"), labels)
    yield Reading("rabbitmq_disk_alarm", number(node, "disk_free_alarm"), labels)
    if "mem_used" not in node:  # it is down, and has nothing more to say
        return
    used, limit = number(node, "mem_used"), number(node, "mem_limit")
    yield Reading("rabbitmq_memory_used", used, labels, unit="B")
    if limit:
        yield Reading("rabbitmq_memory_share", 100 * used / limit, labels, unit="%")
    yield Reading("rabbitmq_disk_free", number(node, "disk_free"), labels, unit="B")
    if files := number(node, "fd_total"):
        yield Reading(
            "rabbitmq_files_used", 100 * number(node, "fd_used") / files, labels, unit="%"
        )


def of_queue(queue: Row) -> Iterator[Reading]:
    labels = {"queue": str(queue.get("name", "")), "vhost": str(queue.get("vhost", ""))}
    ready = number(queue, "messages_ready")
    yield Reading("rabbitmq_queue_ready", ready, labels)
    yield Reading("rabbitmq_queue_unacknowledged", number(queue, "messages_unacknowledged"), labels)
    yield Reading("rabbitmq_queue_consumers", number(queue, "consumers"), labels)
    # Only if publishers write a time on their messages.
    sent = number(queue, "head_message_timestamp")
    if sent or not ready:
        age = max(0.0, clock.now().timestamp() - sent) if sent and ready else 0.0
        yield Reading("rabbitmq_queue_oldest_seconds", age, labels, unit="s")


def number(row: Row, name: str) -> float:
    value = row.get(name)
    return float(value) if isinstance(value, (int, float)) else 0.0


def mapping(said: Any) -> Row:
    return said if isinstance(said, Mapping) else {}


def rows(said: Any) -> list[Row]:
    """A list, or the page of one."""
    found = said.get("items") if isinstance(said, Mapping) else said
    if not isinstance(found, list):
        raise CollectError(_now("This is not the management API of a RabbitMQ."))
    return [row for row in found if isinstance(row, Mapping)]
