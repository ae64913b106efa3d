"""The runbooks that come with Bongsu: each is read, and what it says stands there in both languages."""

import pytest

from runbooks.reading import document_of, reads_only
from runbooks.services.loading import LIBRARY

BOOKS = sorted(LIBRARY.glob("*.yaml"))


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_it_can_be_read_and_tells_success_and_the_way_back_where_it_changes_something(path):
    document = document_of(path.read_text())
    assert document.success
    assert document.back or reads_only(document)


@pytest.mark.parametrize(
    "path", [one for one in BOOKS if "diagnose" in one.stem], ids=lambda path: path.stem
)
def test_a_diagnosis_changes_nothing_and_never_stops_in_the_middle(path):
    document = document_of(path.read_text())
    assert reads_only(document)
    inner = [step for step in document.walk() if not step.steps]
    assert all(step.keep_going or step.kind == "sum_up" for step in inner)
