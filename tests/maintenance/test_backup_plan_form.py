"""The console says what would fail tonight, beside its field."""

import pytest
from django.utils import translation
from psycopg2.extensions import parse_dsn

from maintenance.forms_backups import BackupPlanForm
from maintenance.models import BackupPlan
from runbooks import inventory
from runbooks.models import Database

pytestmark = pytest.mark.django_db


def wrong(**given):
    plan = BackupPlan.objects.get(name="portal")
    form = BackupPlanForm(instance=plan)
    data = {name: form[name].value() for name in form.fields} | given
    said = {}
    for language in ("ko", "en"):
        with translation.override(language):
            asked = BackupPlanForm({key: one for key, one in data.items() if one}, instance=plan)
            said[language] = {name: str(errors[0]) for name, errors in asked.errors.items()}
    assert said["ko"].keys() == said["en"].keys()
    assert all(said["ko"][name] != one for name, one in said["en"].items())
    return said["en"]


def test_the_plan_from_the_start_is_a_good_one():
    assert wrong() == {}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("place", "backups", "A folder begins with /"),
        ("place", "env:NOBODY_SET_THIS", "variable"),
        ("sealed", True, "openssl rand -base64 32"),
        ("tables", "public.users\nledger", "schema.table: ledger"),
        ("rpo_minutes", 24 * 60, "the RPO has to be longer"),
        ("rto_minutes", "0", "at least 1"),
        ("least", "users", "users=1000"),
    ],
)
def test_each_mistake_is_said_beside_its_field(settings, field, value, words):
    settings.BACKUP_KEY = ""
    found = wrong(**{field: value})
    assert list(found) == [field]
    assert words in found[field]


def test_several_mistakes_are_said_at_once():
    assert set(wrong(place="x", rpo_minutes=60, tables="ledger")) == {
        "place",
        "rpo_minutes",
        "tables",
    }


def test_a_variable_that_names_no_store_is_told_without_its_secret(monkeypatch):
    monkeypatch.setenv("KEPT", "https://host/bucket?secret=hidden")
    plan = BackupPlan.objects.get(name="portal")
    data = {"name": "portal", "place": "env:KEPT"}
    [said] = BackupPlanForm(data, instance=plan).errors["place"]
    assert "hidden" not in said


def test_two_databases_of_one_name_do_not_share_a_folder(tmp_path):
    own = str(parse_dsn(inventory.own())["dbname"])
    for where in ("db1", "db2"):
        Database.objects.create(name=where, address=f"postgresql://app@{where}/{own}")
    other = BackupPlan.objects.create(
        name="db1", database=Database.objects.get(name="db1"), place=str(tmp_path)
    )
    assert "db1 keeps backups" in wrong(place=str(tmp_path))["place"]
    assert wrong(place=str(tmp_path / "apart")) == {}
    other.delete()
    assert wrong(place=str(tmp_path)) == {}
