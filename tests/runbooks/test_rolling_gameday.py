"""`manage.py gameday rolling-recovery`, as it is told from its beginning to its end."""

import time

import pytest

from config.gamedays import GAMEDAYS, rolling_recovery
from config.seeds import hosts
from core import clock
from core.errors import Refused
from integrations import ssh_keys
from runbooks import services
from runbooks.crew import Crew
from runbooks.models import Pool
from runbooks.services import load_library
from tests.integrations.balanced import servers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


@pytest.fixture
def town(seeded, people, tmp_path, settings, monkeypatch):
    ssh_keys.make(tmp_path)
    with servers(tmp_path) as port:
        settings.BONGSU_HOME, settings.SANDBOX_PORT = tmp_path, port
        settings.SANDBOX = settings.TRON_NODE_URL = f"http://127.0.0.1:{port}"
        settings.SSH_KEY_FILE = str(tmp_path / "ssh" / "id_ed25519")
        hosts.hosts()
        load_library(at=clock.now())
        monkeypatch.setattr(rolling_recovery, "SETTLE", "1s")
        yield port


def played(told):
    crew = Crew()

    def between():
        for run in services.going(at=clock.database_now()):
            crew.advance(run)
        services.execute_next(at=clock.database_now())
        time.sleep(0.2)

    return GAMEDAYS["rolling-recovery"](told.append, between)


def test_three_servers_one_after_the_other_and_nobody_notices(town):
    told = []
    assert played(told) == "recovered", told
    story = "\n".join(told)
    for one in (" 0 failed", "SERVING  app1, app2, app3", "3/app3/10"):
        assert one in story


def test_it_does_not_begin_where_the_balancer_cannot_be_asked(town):
    Pool.objects.update(address="127.0.0.1:9")
    with pytest.raises(Refused):
        played([])
