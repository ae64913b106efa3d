"""Nonsense at every door of the API: an answer that says no, and never a failure of ours.

What the doors are, and what each takes, is read from their description, so that a new door is tried
the day it is made.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from core import clock
from incidents import services
from incidents.services import stakeholders
from monitoring import services as alerts
from monitoring.domain.alerts import Signal
from monitoring.domain.matching import Matcher
from runbooks.services import start as begin_run
from statuspage.domain.backfill import Word
from statuspage.domain.phases import Phase
from statuspage.models import Component
from statuspage.services import Past, Work, announce, backfill, begin
from teams.models import User
from teams.rotations import Override, Rotation, Swap
from teams.services import new_api_token
from teams.stakeholders import StakeholderGroup
from tests.incidents.messaging import MINE
from tests.incidents.test_evidence import LOG
from tests.runbooks.running import TEXT, book, go, step

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]  # thousands of requests

ASKS: Final = {"question": TEXT}
NONSENSE: Final = [
    None, True, -1, 10**30, 1.5, "", "가나다", "a\x00b", "x" * 20_000, [], ["가"], [None], {}, {"가": []},
]  # fmt: skip
WORDS: Final = ["", "가나다", "a\x00b", "-1", "9" * 30, "[]", "9999-12-31T23:59:59-12:00", "%", "'"]
BODIES: Final = ["", "[", "null", "7", '"가"', "[]", "[[]]", '{"a": NaN}', "{" * 5000]
CHANGES: Final = ("post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def doors(tmp_path_factory):
    made = tmp_path_factory.mktemp("schema") / "schema.json"
    call_command("spectacular", "--file", str(made), "--format", "openapi-json")
    return json.loads(made.read_text())


@pytest.fixture
def there(seeded, commander):
    """One of each thing that an address names."""
    at = clock.now()
    later = {"starts_at": at, "ends_at": at + timedelta(hours=1)}
    incident = services.declare("출금 지연", severity="P1", by=commander, at=at)
    rotation = Rotation.objects.first()
    sender = alerts.add_integration("generic", name="probe")[0]
    alerts.store(sender, b"{}", [Signal(key="k", title="디스크")], at=at)
    message = stakeholders.write(
        incident, StakeholderGroup.objects.first(), MINE, urgency="high", by=commander, at=at
    )
    silence = alerts.silence(
        [Matcher("a", "b")], created_by="commander", by=commander, at=at, **later
    )
    run = go(begin_run(book(step("a", ask=ASKS), key="probe"), {}, by=commander, at=at))
    return {
        "/runbooks/": {"key": "probe"},
        "/runs/": {"id": run.pk, "step": run.steps.get().pk},
        "incidents/{number}/": {"number": incident.number, "alert": sender.alerts.get().pk},
        "/tasks/": {"id": services.add_task(incident, "로그", by=commander, at=at).pk},
        "/evidence/": {"id": services.attach(incident, "a.log", LOG, by=commander, at=at).pk},
        "/messages/": {"id": message.pk},
        "/roles/": {"role": "scribe"},
        "/alerts/": {"id": sender.alerts.get().pk},
        "/silences/": {"id": silence.pk},
        "/maintenance-windows/": {
            "id": alerts.plan_maintenance("점검", by=commander, at=at, **later).pk
        },
        "/status/notices/": {"public_id": begin(incident).public_id},
        "/status/maintenances/": {"public_id": announced(commander, at).public_id},
        "/status/past/": {"public_id": added(commander, at).public_id},
        "/status/components/": {"public_id": Component.objects.first().public_id},
        "/overrides/": {
            "id": Override.objects.create(rotation=rotation, user=commander, **later).pk
        },
        "/swaps/": {
            "id": Swap.objects.create(
                rotation=rotation, asked_by=commander, asked_at=at, **later
            ).pk
        },
    }


def announced(by, at):
    starts_at, later = at + timedelta(hours=1), at + timedelta(hours=2)
    work = Work("점검", "", "해요", "", [*Component.objects.all()[:1]], starts_at, later)
    return announce(work, by=by, at=at)


def added(by, at):
    words = [Word(at - timedelta(hours=1), Phase.RESOLVED, "끝났어요.")]
    return backfill(Past("지난 일", "", [], words), key="past00000001", by=by, at=at)


@pytest.fixture
def api(commander):
    """Whoever may do anything: what is refused is refused for what was said."""
    return signed(commander, "write")


def signed(owner: User, scope: str) -> Client:
    token = new_api_token(owner, name="test", scope=scope)
    return Client(headers={"authorization": f"Token {token}"}, raise_request_exception=False)


def each(doors: Any, *methods: str) -> Iterator[tuple[str, str, Any]]:
    for path, found in doors["paths"].items():
        for method in methods:
            if path.startswith("/api/v1/") and method in found:
                yield method, path, found[method]


def address(path: str, there: dict[str, dict[str, Any]]) -> str:
    """With what is really there; the first of anything else."""
    known: dict[str, Any] = {}
    for part, values in there.items():
        known |= values if part in path else {}
    return re.sub(r"{(\w+)}", lambda name: str(known.get(name[1], 1)), path)


def send(api: Client, method: str, where: str, body: Any) -> int:
    """The status; whatever it did is undone."""
    with transaction.atomic():
        said = body if isinstance(body, str) else json.dumps(body)
        said = "" if method == "get" else said
        answer = api.generic(method.upper(), where, said, content_type="application/json")
        status = answer.status_code
        transaction.set_rollback(True)
    return status


def fields(doors: Any, operation: Any) -> dict[str, Any]:
    """The names a body may have, with a value that could be right."""
    content = operation.get("requestBody", {}).get("content", {})
    shape = content.get("application/json", {}).get("schema", {})
    if "$ref" in shape:
        shape = doors["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    return {name: likely(doors, told) for name, told in shape.get("properties", {}).items()}


def likely(doors: Any, told: Any) -> Any:
    for part in [told, *told.get("allOf", []), *told.get("oneOf", [])]:
        if "$ref" in part:
            return likely(doors, doors["components"]["schemas"][part["$ref"].rpartition("/")[2]])
        if "enum" in part:
            return part["enum"][0]
    if told.get("format") == "date-time":
        return clock.now().isoformat()
    kinds = {"boolean": True, "integer": 1, "number": 1.5, "array": [], "object": {}}
    return kinds.get(told.get("type", ""), "dev1")


def test_no_value_at_any_place_of_any_body_breaks_a_door(doors, there, api):
    broken, tried = [], 0
    for method, path, operation in each(doors, "post", "put", "patch"):
        usual = fields(doors, operation)
        for name in usual:
            for value in NONSENSE:
                status = send(api, method, address(path, there), usual | {name: value})
                tried += 1
                if status >= 500:
                    broken.append((method, path, name, value, status))

    assert broken == []
    assert tried > 1000


def test_a_body_that_is_no_object_is_refused_where_one_is_wanted(doors, there, api):
    wrong = []
    for method, path, operation in each(doors, "post", "put", "patch"):
        wants = "application/json" in operation.get("requestBody", {}).get("content", {})
        for body in BODIES:
            status = send(api, method, address(path, there), body)
            if status >= 500 or (wants and body and status < 400 and method != "patch"):
                wrong.append((method, path, body[:20], status))

    assert wrong == []


def test_no_word_in_any_question_breaks_a_door(doors, there, api):
    broken, tried = [], 0
    for _method, path, operation in each(doors, "get"):
        names = {row["name"] for row in operation.get("parameters", []) if row["in"] == "query"}
        for name in {*names, "page", "page_size"}:
            for word in WORDS:
                answer = api.get(address(path, there), {name: word})
                tried += 1
                if answer.status_code >= 500:
                    broken.append((path, name, word))

    assert broken == []
    assert tried > 300


@pytest.mark.parametrize(
    "key", ["404404", "9" * 30, "0", "가나다", "00000000-0000-4000-8000-000000000000"]
)
def test_what_nobody_has_is_not_found_at_any_door(doors, api, key):
    wrong = []
    for method, path, operation in each(doors, "get", *CHANGES):
        if "{" not in path or "{role}" in path:
            continue
        said = fields(doors, operation)
        status = send(api, method, re.sub(r"{\w+}", key, path), said)
        if status not in ({404, 405} if method in {"get", "delete"} else {400, 404, 405}):
            wrong.append((method, path, status))

    assert wrong == []


def test_a_token_that_only_reads_changes_nothing_at_any_door(doors, there, commander):
    reader = signed(commander, "read")
    allowed = [
        (method, path)
        for method, path, operation in each(doors, *CHANGES)
        if send(reader, method, address(path, there), fields(doors, operation)) != 403
    ]

    assert allowed == []


def test_without_a_token_nothing_is_told_at_any_door(doors, there):
    stranger = Client(raise_request_exception=False)
    told = [
        (method, path)
        for method, path, _operation in each(doors, "get", *CHANGES)
        if send(stranger, method, address(path, there), {}) not in {401, 403}
    ]

    assert told == []
