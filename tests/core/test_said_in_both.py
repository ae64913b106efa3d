"""Whatever the code says to people goes through gettext, and its Korean is in the catalogue."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
SAYS = {"gettext", "gettext_lazy", "pgettext", "pgettext_lazy", "ngettext", "ngettext_lazy", "_"}
# Of a template: what is no text of its own, but markup, a program, a value or a translation.
APART = re.compile(
    r"{%\s*block \w+_class\s*%}.*?{%\s*endblock|{%\s*comment.*?endcomment\s*%}|{%\s*blocktranslate.*?endblocktranslate\s*%}"
    r"|<(script|style|code|pre)\b.*?</\1>|<!--.*?-->|{#.*?#}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
SAYING = re.compile(r'\b(?:placeholder|title|aria-label|alt)="([^"]*)"')
SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,}|[가-힣]")
# What is read when nothing works any more says both, and so do these names of the languages.
IN_BOTH = {"500.html", "503.html"}
NAMES = {"한국어", "English", "한국어English", "JSON Feed", "Standard Webhooks"}
# What Django makes of a template for xgettext.
LITERAL = re.compile(r""" gettext\((u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))\)""")
LITERALLY = (ast.Constant, ast.JoinedStr)
REFUSING = {"Refused", "ValidationError", "PermissionDenied"}


def tracked(pattern: str) -> list[Path]:
    found = subprocess.run(
        ["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    ours = [name for name in found if not name.startswith(("tests/", "bench/", "sandbox/"))]
    return [ROOT / name for name in ours if "/migrations/" not in name]


@pytest.fixture(scope="module")
def known() -> set[str]:
    return {entry.msgid for entry in polib.pofile(str(ROOT / "locale/ko/LC_MESSAGES/django.po"))}


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", "")), node


def test_each_text_of_the_code_has_its_korean(known: set[str]) -> None:
    missing = []
    for path in tracked("*.py"):
        for name, call in calls(ast.parse(path.read_text())):
            place = 1 if name.startswith("pget") else 0
            if name in SAYS and len(call.args) > place:
                said = call.args[place]
                if isinstance(said, ast.Constant) and said.value not in known:
                    missing.append((path.name, said.value))
    assert missing == []


def test_each_text_of_a_template_has_its_korean(known: set[str]) -> None:
    missing = []
    for path in tracked("templates/*"):
        code = templatize(path.read_text(), origin=str(path))
        said = map(ast.literal_eval, LITERAL.findall(code))
        missing += [(path.name, text) for text in said if text not in known]
    assert missing == []


def test_a_template_says_nothing_in_one_language_only() -> None:
    left = []
    for path in tracked("templates/*"):
        if path.name in IN_BOTH:
            continue
        text = APART.sub("\0", path.read_text())
        pieces = [*SAYING.findall(text), *re.sub(r"<[^>]*>", "\n", text).split("\n")]
        words = [piece.replace("\0", "").strip() for piece in pieces]
        left += [(path.name, one) for one in words if SENTENCE.search(one) and one not in NAMES]
    assert left == []


def test_a_refusal_is_said_in_the_readers_language() -> None:
    left = []
    for path in tracked("*.py"):
        for name, call in calls(ast.parse(path.read_text())):
            said = call.args if name in REFUSING else []
            plain = [ast.unparse(one) for one in said if isinstance(one, LITERALLY)]
            left += [(path.name, one) for one in plain if SENTENCE.search(one)]
    assert left == []
