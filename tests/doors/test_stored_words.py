"""Whatever words are stored, wherever: no page runs them, no feed and no file is broken by them."""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from icalendar import Calendar

from tests.doors.routes import address_of, every_route, first_object
from tests.doors.scene import furnish, values_for
from tests.doors.table import expected

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]

TAG = "'\"><img src=x onerror=alert(1)>\r\nX: =1+1"
RAW = b"<img src=x onerror"
OURS = {
    "core",
    "teams",
    "notifications",
    "monitoring",
    "incidents",
    "runbooks",
    "energy",
    "maintenance",
    "postmortems",
    "statuspage",
}
# What says a kind, a place in a list of ours, or by what something is found.
APART = {
    "language", "time_zone", "cron", "zone", "kind", "way", "channel", "template", "setting", "slug", "key", "lever",
    "public_id", "username", "email", "phone", "address", "place", "url", "topic", "step", "state", "hash", "digest", "token",
    "collector", "fingerprint", "group", "leased_by", "built_in", "password", "code", "push_keys", "source", "metric", "matchers", "role",
}  # fmt: skip


def is_free(field: Any) -> bool:
    kept = field.name in APART or any(field.name.endswith(f"_{name}") for name in APART)
    bound = field.unique or field.choices or field.primary_key or kept
    return isinstance(field, models.CharField | models.TextField) and not bound


def poison() -> int:
    """Every text that people or machines write, in every row; how many columns took it."""
    taken = 0
    for model in apps.get_models():
        if model._meta.app_label not in OURS:
            continue
        for field in filter(is_free, model._meta.concrete_fields):
            table, name = map(connection.ops.quote_name, (model._meta.db_table, field.column))
            words = TAG[: field.max_length or None]
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(f"UPDATE {table} SET {name} = %s", [words])  # noqa: S608
                    taken += cursor.rowcount > 0
            except DatabaseError:  # a constraint says what may stand there, or the timeline is kept
                continue
    return taken


@pytest.fixture
def there(incident, everyone):
    return furnish(incident, everyone["administrator"])


def readable(there) -> Iterator[str]:
    """The address of every page, feed and file that is asked for by GET."""
    for route in every_route():
        gets = any(knock.method == "get" for knock in expected(route))
        if gets and not route.startswith(("ping/", "readyz")):
            key = first_object(route)
            usual = {"object_id": key, "id": key, "url": "nothing/"}
            yield address_of(route, **(usual | values_for(there, route)))


def wrong_with(answer: Any) -> str:
    """What an answer is not though it says so."""
    kind = answer.headers.get("Content-Type", "")
    content = b"" if answer.streaming else answer.content
    if "xml" in kind:
        ET.fromstring(content)
    if "calendar" in kind:
        Calendar.from_ical(content)
    if answer.status_code >= 500:
        return str(answer.status_code)
    return "runs it" if "html" in kind and RAW in content else ""


def test_no_page_runs_what_is_stored(there, browser, tell):
    client = browser("administrator")
    client.raise_request_exception = False
    taken = poison()

    answers = {address: client.get(address) for address in readable(there)}

    read = sum(answer.status_code == 200 for answer in answers.values())
    tell(f"{taken} columns, {read} pages")
    wrong = {address: wrong_with(answer) for address, answer in answers.items()}
    assert {address: why for address, why in wrong.items() if why} == {}
    assert taken > 60
    assert read > 120
