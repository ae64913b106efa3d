"""Templates have placeholders and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.domain.wording import PLACEHOLDERS, faults, fill

FACTS = {name: f"<{name}>" for name in PLACEHOLDERS}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("장애 #{number} {title}: {status}", []),
        ("no placeholder at all", []),
        ("{titel}", ["{titel}"]),
        ("{title.__class__.__mro__}", ["{title.__class__.__mro__}"]),
        ("{title!r:>99999999}", ["{title!r:>99999999}"]),
        ("{0} {} {title[0]}", ["{0}", "{}", "{title[0]}"]),
        ("{ title }", ["{ title }"]),
        ("{{title}}", ["{", "}"]),
        ("{title", ["{"]),
        ("title}", ["}"]),
        ("{title:{number}}", ["{", "}"]),
        ("{% load x %}", ["{% load x %}"]),
        ("{제목}", ["{제목}"]),
        ("{Title}", ["{Title}"]),
    ],
)
def test_every_brace_is_a_known_placeholder_or_a_fault(text, wrong):
    assert sorted(faults(text)) == sorted(wrong)


def test_every_placeholder_is_filled():
    text = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)

    assert fill(text, FACTS) == " ".join(FACTS.values())


def test_what_an_incident_is_called_is_not_filled_in_turn():
    assert fill("{title}", FACTS | {"title": "{link} {title.x}"}) == "{link} {title.x}"


@given(st.text())
def test_a_text_without_faults_says_only_what_it_says(text):
    if not faults(text):
        assert fill(text, {name: f"{{{name}}}" for name in PLACEHOLDERS}) == text


@given(st.text())
def test_filling_never_fails_whatever_was_written(text):
    fill(text, FACTS)
