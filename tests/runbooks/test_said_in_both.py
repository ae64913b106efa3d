"""What came of a step is read in either language, whatever language its worker speaks."""

import ast
from pathlib import Path

import pytest
from django.utils.translation import override

from core import clock
from incidents.narration import narrate
from incidents.services import declare
from runbooks.models import Database, Host, Way
from runbooks.services import start
from tests.runbooks.running import book, go, step

FOLDER = Path(__file__).resolve().parents[2] / "runbooks" / "steps"


@pytest.fixture
def here(db):
    return Host.objects.create(name="app1", way=Way.LOCAL)


def came(people, *written, **more):
    with override("ko"):  # of the worker
        run = go(start(book(*written), {}, by=people[0], at=clock.now(), **more))
    last = run.steps.order_by("position").last()
    told = []
    for language in ("ko", "en"):
        with override(language):
            told.append(last.text)
    return run, told


@pytest.mark.parametrize(
    ("what", "korean", "english"),
    [
        ({"command": {"on": "app1", "run": ["sleep", "9"]}, "timeout": "500ms"},
         "app1: 0.5초 안에 끝나지 않았어요", "app1: not done within 0.5 s"),
        ({"command": {"on": "app9", "run": ["true"]}},
         "이런 이름의 서버가 없어요: app9", "No host is called app9."),
        ({"load_balancer": {"pool": "app", "action": "show"}},
         "app(이)라는 풀이 없어요.", "No pool is called app."),
        ({"sql": {"on": "ledger", "query": "SELECT 1"}},
         "ledger(이)라는 데이터베이스가 없어요.", "No database is called ledger."),
        ({"http": "http://127.0.0.1:1/"}, "응답이 없어요: ", "No answer: "),
        ({"check": {"look": {"http": {"url": "http://127.0.0.1:1/"}}, "expect": {"status": "== 200"}},
          "timeout": "1s"}, "응답이 없어요: ", "No answer: "),
        ({"find_backup": {"database": "ledger", "folder": "/nowhere", "rpo": "1h"}},
         "복원할 수 있는 백업이 없어요.", "There is no backup that could be restored."),
        ({"elapsed": {"within": "2h"}}, "초 / 2시간", " s / 2 h"),
    ],
)  # fmt: skip
def test_why_a_step_ended_is_read_in_both_languages(here, people, what, korean, english):
    if "http" in what:
        what = {"http": {"url": what["http"]}}
    _run, [ko, en] = came(people, step("one", **what))
    assert korean in ko
    assert english in en


def test_the_database_s_own_words_stand_behind_a_sentence_of_ours(db, people):
    Database.objects.create(name="ledger", address="")
    _run, [ko, en] = came(people, step("one", sql={"on": "ledger", "query": "SELECT nonsense"}))
    assert ko.startswith("데이터베이스 응답: ")
    assert en.startswith("The database says: ")
    assert "nonsense" in ko


def test_a_finding_names_a_fault_in_its_own_language(here, people):
    says = {"ko": "{host}: {fault}", "en": "{host}: {fault}"}
    findings = [{"when": {"reached": "== no"}, "say": says, "grave": True}]
    what = {"command": {"on": "app1", "run": ["sleep", "9"], "changes": False}, "timeout": "500ms"}
    run, _told = came(people, step("one", findings=findings, **what))
    [said] = run.steps.get().said
    assert said["ko"] == "app1: 0.5초 안에 끝나지 않았어요"
    assert said["en"] == "app1: not done within 0.5 s"


def test_the_timeline_tells_it_in_the_reader_s_language(here, seeded, people):
    incident = declare("All down", severity="P0", by=people[0], at=clock.now())
    came(people, step("one", command={"on": "app9", "run": ["true"]}), incident=incident)
    entry = incident.timeline.get(kind="run_step")
    with override("ko"):
        assert "이런 이름의 서버가 없어요: app9" in narrate(entry)
    with override("en"):
        assert "No host is called app9." in narrate(entry)


def test_no_kind_of_step_puts_anything_into_words_before_it_is_read():
    early = []
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                early += [(path.name, one.name) for one in node.names if one.name != "gettext_lazy"]
    assert early == []
