"""Each built-in rule finds what it judges, and the labels its words name, in what is really measured."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from core import clock
from energy import services as energy
from energy.domain.measuring import measure
from maintenance.models import CopyRole, CopySample, DataCopy, KeptData, Site
from maintenance.services import note_lag
from monitoring.built_in_rules import BUILT_IN, BuiltIn
from monitoring.domain.checks import Job, points_of
from monitoring.domain.exposition import points
from monitoring.domain.matching import all_fit, read_lines
from monitoring.domain.rules.wording import LABEL, PLACEHOLDER
from monitoring.domain.samples import Identity
from monitoring.models import Metric
from monitoring.registry import collectors
from monitoring.taking import take
from runbooks.models import Database
from tests.energy.wallets import NOW, hot, saying, seen
from tests.monitoring.collectors.brokers import address, rabbitmq, redis_server
from tests.monitoring.collectors.certificates import certified, encrypting
from tests.monitoring.collectors.servers import database, standby
from tests.running import until
from tests.server import servers

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]

MEASURED_BY: Final = {
    "postgresql": "of_databases", "redis": "of_redis", "celery": "of_redis",
    "rabbitmq": "of_rabbitmq", "http_requests": "of_an_application", "http": "of_a_website",
    "certificate": "of_a_website", "check": "of_a_website", "host": "of_a_machine",
    "process": "of_a_machine", "portal": "of_the_portal", "ssh": "of_a_log", "sudo": "of_a_log",
    "su": "of_a_log", "file": "of_a_file", "energy": "of_a_wallet",
    "replica": "of_the_copies",
}  # fmt: skip


@pytest.mark.parametrize("rule", BUILT_IN, ids=lambda rule: rule.key)
def test_a_built_in_rule_judges_and_names_what_is_there(rule: BuiltIn, request) -> None:
    source = next(of for name, of in MEASURED_BY.items() if rule.metric.startswith(f"{name}_"))
    measured: Sequence[Identity] = request.getfixturevalue(source)

    judged = [one for one in measured if one.name == rule.metric]
    fitting = [one for one in judged if all_fit(read_lines(rule.matchers), one.labels)]

    assert fitting
    for one in fitting:
        assert named(rule) <= one.labels.keys()


def named(rule: BuiltIn) -> set[str]:
    """Labels in its words, and those it sums up by."""
    words = " ".join((rule.title_ko, rule.title_en, rule.message_ko, rule.message_en))
    found = {one[1] for one in PLACEHOLDER.finditer(words) if one[1].startswith(LABEL)}
    return {one.removeprefix(LABEL) for one in found} | set(rule.params.get("by", ()))


def checked(collector: str, *, host: str = "", **settings: Any) -> list[Identity]:
    """As the store gets it of a check that has no service."""
    outcome = take(collector, collectors[collector].cleaned(settings), timeout=10)
    assert not outcome.error
    job = Job(1, "a check", collector, settings, 10, clock.now(), host=host)
    return [one.metric for one in points_of(job, outcome)[0]]


@pytest.fixture(scope="module")
def environment() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def of_databases(tmp_path_factory, environment) -> list[Identity]:
    """A primary and the standby behind it."""
    home = tmp_path_factory.mktemp("primary")
    with database(home) as first, standby(home / "standby", first, home) as second:
        environment.setenv("CHECKED_PASSWORD", first.where.password)
        return [
            one
            for server in (first, second)
            for one in checked("postgresql", **server.settings)
        ]  # fmt: skip


@pytest.fixture(scope="module")
def of_redis() -> list[Identity]:
    with redis_server("--maxmemory", "20mb") as server:
        return [
            *checked("redis", address=address(server)),
            *checked("celery", address=address(server), queues="page"),
        ]


@pytest.fixture(scope="module")
def of_rabbitmq(tmp_path_factory, environment) -> list[Identity]:
    environment.setenv("RABBIT_PASSWORD", "guest")
    with rabbitmq(tmp_path_factory.mktemp("rabbit")) as server:
        server.declare("page")
        asked = {"url": server.url, "user": "guest", "password": "env:RABBIT_PASSWORD"}

        def found() -> list[Identity]:  # just declared, a queue is not told of at once
            measured = checked("rabbitmq", **asked)
            return measured if any(one.labels.get("queue") for one in measured) else []

        assert until(found, within=30, every=0.5)
        return found()


@pytest.fixture(scope="module")
def of_a_website(tmp_path_factory) -> list[Identity]:
    certificate = certified(tmp_path_factory.mktemp("website"))
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    with servers() as start:
        port = start(encrypting(certificate, answer), listens=False).port
        url = f"https://127.0.0.1:{port}/"
        return checked("http", url=url, ca_file=str(certificate))


@pytest.fixture(scope="module")
def of_an_application() -> list[Identity]:
    """Which says itself whose it is, and pushes what it counts."""
    said = 'http_requests_total{service="api",status="502"} 3\n'
    return [one.metric for one in points(said, at=datetime(2026, 11, 28, tzinfo=UTC))]


@pytest.fixture(scope="module")
def of_a_machine() -> list[Identity]:
    return [
        *checked("host", host="wallet-1", mounts="/"),
        *checked("process", host="wallet-1", command="python"),
    ]


@pytest.fixture
def of_the_portal() -> list[Identity]:
    return checked("security", portal=True)


@pytest.fixture
def of_a_log(tmp_path: Path) -> list[Identity]:
    (tmp_path / "auth.log").write_text("")
    return checked("security", host="wallet-1", portal=False, log=str(tmp_path / "auth.log"))


@pytest.fixture
def of_a_file(tmp_path: Path) -> list[Identity]:
    path = tmp_path / "authorized_keys"
    path.write_text("ssh-ed25519 AAAA ops")
    return checked("security", host="wallet-1", portal=False, watched=f"{'0' * 64}  {path}")


@pytest.fixture
def of_a_wallet() -> list[Identity]:
    hot()
    energy.watch(at=NOW, look=saying(measure(seen(60), at=NOW)))
    return [Identity(name, labels) for name, labels in Metric.objects.values_list("name", "labels")]


@pytest.fixture
def of_the_copies() -> list[Identity]:
    at = clock.database_now()
    site = Site.objects.create(slug="pohang", name_ko="포항", name_en="Pohang", place=9)
    data = KeptData.objects.create(slug="wallets", name_ko="지갑", name_en="Wallets")
    database = Database.objects.create(name="wallets-pohang")
    copy = DataCopy.objects.create(data=data, site=site, database=database)
    look = CopySample.objects.create(
        copy=copy, at=at, role=CopyRole.FOLLOWS, place=1, safe_until=at
    )
    note_lag([look], at=at)
    return [Identity(name, labels) for name, labels in Metric.objects.values_list("name", "labels")]
