import gc
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from django.test import TransactionTestCase
from django.test.utils import override_settings
from django.utils import translation
from pytest_django import Settings
from pytest_socket import socket_allow_hosts

from teams.models import User
from tests import migrated
from tests.planted import Planted
from tests.pristine import Pristine

TOLD = "told"
RARELY = (20_000, 10, 20)  # a look for garbage each 700 objects would be a tenth of the run
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]

hypothesis.settings.register_profile("steady", deadline=None)  # a busy machine is not a failure
hypothesis.settings.load_profile("steady")


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Seven thousand tests and all modules stay to the end: looking for garbage among them takes time."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)
    gc.enable()


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """A hash that is slow on purpose would be most of the run."""
    settings.PASSWORD_HASHERS = QUICK


@pytest.fixture(autouse=True)
def plain_static_files(settings: Settings) -> None:
    """Pages name their files as they are: nothing has to be collected before a test."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture(autouse=True)
def own_cache(settings: Settings) -> None:
    """What one test counts, the next does not find: the real one is a table that outlives rollbacks."""
    local = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {
        name: {"BACKEND": local, "LOCATION": str(uuid.uuid4())} for name in settings.CACHES
    }


@pytest.fixture(autouse=True)
def own_language(settings: Settings) -> None:
    """The language of the last test's reader does not linger in this thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def no_figures_of_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread that stores how long requests took would write into whatever test runs then."""
    monkeypatch.setattr("config.latencies.Tally.store_by_itself", lambda _tally: None)


@pytest.fixture(autouse=True)
def only_this_machine() -> None:
    """No test may reach the outside."""
    socket_allow_hosts(["127.0.0.0/8", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def kept_database(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> str:
    name = migrated.name()
    with django_db_blocker.unblock():
        migrated.begin_with(name)
    return name


@pytest.fixture(scope="session")
def django_db_modify_db_settings(kept_database: str) -> None:
    """What pytest-django asks before it makes the test's database."""


@pytest.fixture(scope="session")
def django_db_setup(
    kept_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        migrated.keep(kept_database)
        pristine = Pristine.now()
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: pristine.restore())
        yield


@pytest.fixture(scope="session")
def planted(django_db_setup: None, django_db_blocker: Any) -> Planted:
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=QUICK):
        return Planted.once("commander-pass")


@pytest.fixture
def seeded(planted: Planted, db: None) -> None:
    """The manual's people, teams, services and severities."""
    planted.put()


@pytest.fixture
def commander(seeded: None) -> User:
    return User.objects.get(username="commander")


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[object], None]:
    """A line of figures for the end of the run: the tests assert promises, people want to know more."""
    return lambda words: request.node.user_properties.append((TOLD, str(words)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Out of the reports, which reach us from every lane."""
    reports = [one for found in terminalreporter.stats.values() for one in found]
    for one in reports:
        if getattr(one, "when", "") == "call":
            for name, words in one.user_properties:
                if name == TOLD:
                    terminalreporter.write_line(f"{one.location[2]}: {words}")
