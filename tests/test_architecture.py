"""The shape of the house: layers, one file an extension, nothing delayed, migrations complete."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader

from monitoring.registry import collectors, sources
from notifications.registry import channels
from statuspage.registry import documents, ways

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = [
    "config", "core", "integrations", "teams", "monitoring", "notifications", "incidents",
    "runbooks", "energy", "maintenance", "postmortems", "statuspage",
]  # fmt: skip


def python_files(*folders):
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py")]


def test_imports_go_down_only():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration(capsys):
    call_command("makemigrations", "--check", "--dry-run")

    assert "No changes" in capsys.readouterr().out


class OneByOne(MigrationLoader):
    """Goes the way of an installation that was there before the squashed migrations."""

    def load_disk(self):
        super().load_disk()
        found = self.disk_migrations.items()
        self.disk_migrations = {key: one for key, one in found if not one.replaces}


def test_a_new_database_and_one_that_came_step_by_step_hold_the_same_models():
    stepwise, at_once = (loader(None) for loader in (OneByOne, MigrationLoader))
    ways = [loader.project_state() for loader in (stepwise, at_once)]

    assert len(at_once.graph.nodes) < len(stepwise.graph.nodes)
    assert MigrationAutodetector(*ways)._detect_changes(graph=stepwise.graph) == {}


@pytest.mark.parametrize("app", ["incidents", "postmortems", "statuspage", "energy", "maintenance"])
def test_the_five_apps_stand_at_the_top(app):
    assert apps.is_installed(app)
    assert (ROOT / app / "apps.py").is_file()


@pytest.mark.parametrize(
    ("folder", "registry"),
    [
        ("monitoring/collectors", collectors),
        ("monitoring/sources", sources),
        ("notifications/channels", channels),
        ("statuspage/documents", documents),
        ("statuspage/ways", ways),
    ],
)
def test_every_file_of_an_extension_point_registers_itself(folder, registry):
    files = {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}
    modules = (type(registry[name]).__module__ for name in registry)
    package = f"{folder.replace('/', '.')}."  # what stands above registers from there
    homes = {name.removeprefix(package) for name in modules if name.startswith(package)}

    assert homes == files


def test_nothing_waits_in_the_broker():
    delayed = re.compile(r"\b(eta|countdown|apply_async)\s*[=(]")

    assert [str(path) for path in python_files(*PRODUCT) if delayed.search(path.read_text())] == []


def test_no_rule_reads_a_clock():
    reading = re.compile(r"\b(now|utcnow|today|time)\(\)")
    rules = [path for path in python_files(*PRODUCT) if "domain" in path.parts]

    assert rules
    assert [str(path) for path in rules if reading.search(path.read_text())] == []


def test_no_random_choice_is_made_where_it_must_not_be_guessed():
    secrets_only = [
        ROOT / "core/tokens.py",
        ROOT / "config/settings/environment.py",
        ROOT / "config/cluster.py",
    ]

    assert not any("import random" in path.read_text() for path in secrets_only)


@pytest.mark.parametrize("unsafe", ["|safe", "mark_safe(", "{% autoescape off %}"])
def test_no_page_shows_what_somebody_typed_as_markup(unsafe):
    ours = {
        "templates/components/field.html",  # help texts, which developers write
    }
    pages = [*(ROOT / "templates").rglob("*.html"), *python_files(*PRODUCT)]
    found = {str(path.relative_to(ROOT)) for path in pages if unsafe in path.read_text()}

    assert found <= ours


def test_our_own_scripts_stay_short():
    """Pages are drawn by the server, and work without them; the public one loads nothing of the portal's."""
    scripts = {path.name: path.read_text() for path in (ROOT / "static/js").glob("*.js")}
    letters = {name: len("".join(text.split())) for name, text in scripts.items()}

    assert letters.pop("status.js") <= 600
    assert letters.pop("push.js") + letters.pop("push-worker.js") <= 1_100
    assert sum(letters.values()) < 9_500
    assert max(len(line) for text in scripts.values() for line in text.splitlines()) <= 160
