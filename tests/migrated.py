"""The migrated database, kept between runs: all migrations in a row take as long as five hundred tests.

A run copies what one before it has made of the same files; where any of them has changed, it
migrates as an installation would.
"""

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "migrated_"
OTHERS = "SELECT datname FROM pg_database WHERE datname LIKE %s"


def name() -> str:
    """Of what its migrations are, and of all of ours that they import."""
    begun = [ROOT / "config/settings/__init__.py", ROOT / "config" / "cluster.py"]
    for app in apps.get_app_configs():
        begun += [path for path in Path(app.path).glob("migrations/*.py") if _is_ours(path)]
    digest = hashlib.sha256()
    for path in sorted(_with_imports(begun)):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


def begin_with(kept: str) -> None:
    """The test's database will be a copy of that one, if it is there."""
    if kept in _kept():
        connection.settings_dict["TEST"]["TEMPLATE"] = kept


def keep(kept: str) -> None:
    """As the database is now, instead of all that were kept before."""
    before = _kept()
    if kept in before:
        return
    connection.close()  # what somebody is connected to cannot be copied
    quoted = connection.ops.quote_name
    with connection._nodb_cursor() as cursor:
        for old in before:
            cursor.execute(f"DROP DATABASE {quoted(old)}")
        of = quoted(str(connection.settings_dict["NAME"]))
        cursor.execute(f"CREATE DATABASE {quoted(kept)} TEMPLATE {of}")


def _kept() -> set[str]:
    with connection._nodb_cursor() as cursor:
        cursor.execute(OTHERS, [f"{PREFIX}%"])
        return {found for (found,) in cursor.fetchall()}


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(ROOT) and not path.is_relative_to(ROOT / ".venv")


def _with_imports(begun: list[Path]) -> set[Path]:
    found, left = set[Path](), set(begun)
    while left:
        path = left.pop()
        found.add(path)
        left |= set(_imported(path)) - found
    return found


def _imported(path: Path) -> Iterator[Path]:
    """Of a package, what its parents import too."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
        for dotted in names:
            yield from _files(dotted.split("."))


def _files(parts: list[str]) -> Iterator[Path]:
    packages = (ROOT.joinpath(*parts[:end], "__init__.py") for end in range(1, len(parts) + 1))
    module = ROOT.joinpath(*parts).with_suffix(".py")
    yield from (path for path in (*packages, module) if path.is_file())
