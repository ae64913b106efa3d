"""Another page's past, taken over by Statuspage's own API: here from a page of ours."""

import json

import pytest
from django.core.management import CommandError, call_command

from statuspage.domain.phases import Phase
from statuspage.domain.states import State
from statuspage.models import Component, Interval, Notice, Update
from statuspage.services import Words, publish_due, say
from statuspage.tree import Tree
from tests.statuspage.scene import HOUR, NOW, component, everything
from tests.statuspage.sites import portal

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]

# What the new page writes by itself: when it learnt of it.
OWN = ("updated_at", "created_at", "page_id", "deliver_notifications")


@pytest.fixture
def theirs(tmp_path, page, settings, commander):
    """A page on which an outage of two states is over, beside what goes on."""
    settings.BONGSU_HOME = tmp_path
    everything(commander)
    notice = Notice.objects.get(title_en__startswith="Withdrawals")
    say(notice, Words(Phase.RESOLVED, "다 끝났어요."), by=commander, at=NOW)
    publish_due(at=NOW + HOUR)
    return Tree()


def incidents(tree):
    return json.loads((tree.current / "api/v2/incidents.json").read_text())["incidents"]


def plain(said):
    """Without what the new page says for itself."""
    if isinstance(said, list):
        return [plain(one) for one in said]
    if isinstance(said, dict):
        return {key: plain(value) for key, value in said.items() if key not in OWN}
    return said


def test_the_past_is_the_same_afterwards_and_is_taken_once(theirs, capsys):
    before = incidents(theirs)
    rows = Interval.objects.exclude(ended_at=None).order_by("began_at")
    held = list(rows.values_list("component__name_ko", "state", "began_at", "ended_at"))
    with portal() as url:
        Notice.objects.all().delete()
        Component.objects.filter(name_en="Deposits").delete()
        call_command("import_statuspage", url)
        first = capsys.readouterr().out
        call_command("import_statuspage", url)

    assert first == (
        "2 notices and 1 components taken over; 0 notices were here already, 2 go on and stay there.\n"
    )
    assert "0 notices and 0 components taken over; 2 notices were here" in capsys.readouterr().out
    publish_due(at=NOW + 2 * HOUR)
    assert plain(incidents(theirs)) == plain(before)
    again = list(rows.values_list("component__name_ko", "state", "began_at", "ended_at"))
    assert again == held
    assert [one[1] for one in held] == [State.MAJOR, State.PARTIAL]
    assert not Update.objects.filter(told=True).exists()
    assert component("Withdrawals").intervals.open().count() == 0


def test_what_is_no_such_page_is_said_and_leaves_nothing(page, tmp_path):
    (tmp_path / "odd.json").write_text('{"incidents": [{"id": "abc", "resolved_at": "2026"}]}')

    for source, why in [
        (tmp_path / "odd.json", "not what Statuspage"),
        (tmp_path / "none.json", "No such file"),
        ("http://127.0.0.1:9", "127.0.0.1:9"),
    ]:
        with pytest.raises(CommandError, match=why):
            call_command("import_statuspage", str(source))
    assert not Notice.objects.exists()
