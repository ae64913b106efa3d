"""Which advisories concern what is installed, and what is behind."""

import json
import zipfile

import pytest

from maintenance.domain.advisories import Behind, Hole, affects, behind, fixed_in, holes
from maintenance.installed import advisories, newest, packages


def ranged(*events):
    return {"ranges": [{"type": "ECOSYSTEM", "events": [dict([one]) for one in events]}]}


SINCE_EVER = ranged(("introduced", "0"), ("fixed", "2.0"))
TWICE = ranged(
    ("introduced", "3.0"), ("fixed", "3.2.5"), ("introduced", "4.0"), ("last_affected", "4.1.3")
)


@pytest.mark.parametrize(
    ("part", "version", "concerned", "fixed"),
    [
        (SINCE_EVER, "1.9", True, "2.0"),
        (SINCE_EVER, "2.0", False, ""),
        (SINCE_EVER, "2.0rc1", True, "2.0"),
        (TWICE, "2.9", False, "3.2.5"),
        (TWICE, "3.2.4", True, "3.2.5"),
        (TWICE, "3.10", False, ""),
        (TWICE, "4.1.3", True, ""),
        (TWICE, "4.1.4", False, ""),
        ({"versions": ["1.0", "odd!"]}, "1.0", True, ""),
        ({"versions": ["1.0", "odd!"]}, "odd!", True, ""),
        (ranged(("introduced", "0")), "odd!", False, ""),
        ({"ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]}, "1.0", False, ""),
        ({}, "1.0", False, ""),
    ],
)
def test_a_version_is_concerned_by_ranges_and_lists(part, version, concerned, fixed):
    assert affects(part, version) is concerned
    assert fixed_in(part, version) == fixed


def advisory(name="some_package", **more):
    part = {"package": {"ecosystem": "PyPI", "name": name}, **SINCE_EVER}
    return {"id": "GHSA-1", "aliases": ["PYSEC-1", "CVE-2026-1"], "summary": "Bad.",
            "affected": [part], **more}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ([advisory()], [Hole("some-package", "1.5", "CVE-2026-1", "Bad.", "2.0")]),
        ([advisory(), advisory(id="PYSEC-1")], [Hole("some-package", "1.5", "CVE-2026-1", "Bad.", "2.0")]),
        ([advisory(withdrawn="2026-01-01T00:00:00Z")], []),
        ([advisory("another")], []),
    ],
    ids=["named in another spelling", "told by two", "withdrawn", "not installed"],
)  # fmt: skip
def test_an_advisory_is_a_hole_where_it_concerns_us(said, found):
    assert holes({"Some.Package": "1.5"}, said) == found


@pytest.mark.parametrize(
    ("version", "latest", "found"),
    [("1.5", "1.6", True), ("1.6", "1.6", False), ("1.5", "2.0b1", False), ("1.5", "?", False)],
)
def test_what_is_behind(version, latest, found):
    expected = [Behind("a-b", version, latest)] if found else []
    assert behind({"A_b": version}, {"a.b": latest}) == expected


def test_files_are_read_as_folder_archive_and_list(tmp_path):
    folder = tmp_path / "osv"
    folder.mkdir()
    (folder / "one.json").write_text(json.dumps(advisory()))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(folder / "one.json", "one.json")
    (tmp_path / "list.json").write_text(json.dumps([advisory(), advisory()]))
    counts = [len(list(advisories(tmp_path / name))) for name in ("osv", "all.zip", "list.json")]
    assert counts == [1, 1, 2]


def test_more_than_any_list_of_advisories_holds_is_refused_and_not_cut(tmp_path, monkeypatch):
    monkeypatch.setattr("maintenance.installed.MOST", 2)
    for name in "abc":
        (tmp_path / f"{name}.json").write_text(json.dumps(advisory()))
    with pytest.raises(ValueError, match="more than 2"):
        list(advisories(tmp_path))


def test_a_list_of_pip_is_read_and_another_refused(tmp_path):
    file = tmp_path / "outdated.json"
    file.write_text('[{"name": "Django", "version": "5.2.1", "latest_version": "5.2.19"}]')
    assert newest(file) == {"Django": "5.2.19"}
    file.write_text('{"Django": "5.2.19"}')
    with pytest.raises(ValueError, match="pip list"):
        newest(file)


def test_what_is_installed_is_known():
    assert packages()["Django"].startswith("5.2")
