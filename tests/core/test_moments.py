"""A moment that somebody types is one that can be read again."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from rest_framework.exceptions import ValidationError as Invalid

from core.moments import MomentField, MomentValue

ROOT = Path(__file__).parents[2]
TYPED = re.compile(r"\bforms\.DateTimeField\(")


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "1969-06-01T12:00", "9999-12-31T23:59"])
def test_a_year_that_nobody_means_is_refused(typed):
    with pytest.raises(ValidationError):
        MomentField().clean(typed)
    with pytest.raises(Invalid):
        MomentValue().run_validation(f"{typed}:00Z")


def test_a_usual_one_is_taken():
    assert MomentField().clean("2026-11-23T03:00").utcoffset() == timedelta(hours=9)
    assert MomentValue().run_validation("2026-11-23T03:00:00Z").year == 2026


def test_no_form_takes_any_other():
    forms = [path for path in ROOT.glob("[a-z]*/**/*form*.py") if "tests" not in path.parts]

    assert [str(path) for path in forms if TYPED.search(path.read_text())] == [
        str(ROOT / "incidents/forms_reach.py")  # within a year of now
    ]
