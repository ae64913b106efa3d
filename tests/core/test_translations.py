from pathlib import Path

import polib
import pytest

KOREAN = Path(__file__).resolve().parents[2] / "locale" / "ko" / "LC_MESSAGES"


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(KOREAN / "django.po"))


def test_every_text_has_its_korean(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_a_translation_keeps_every_placeholder(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        for said in [entry.msgstr, *entry.msgstr_plural.values()]:
            if said:
                assert placeholders(said) <= placeholders(entry.msgid + entry.msgid_plural), said


def test_what_is_read_is_what_was_written(catalogue: polib.POFile) -> None:
    """The compiled file is in git, so that a machine without gettext can run the product."""
    compiled = polib.mofile(str(KOREAN / "django.mo"))
    told = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in compiled}
    written = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in catalogue}
    assert told == written


def placeholders(text: str) -> set[str]:
    return {word.split(")")[0] for word in text.split("%(")[1:]}
