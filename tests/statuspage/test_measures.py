"""What is measured, as customers see it: what somebody chose, and nothing else."""

import json
import re
from datetime import datetime, timedelta

import pytest

from statuspage.domain.curves import shown
from statuspage.models import Measure
from statuspage.reading import read
from statuspage.written import written_of
from tests.statuspage.scene import HOUR, NOW, measured

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(page):
    measured()
    return {path: content.decode() for path, content in written_of(read(at=NOW))}


def test_a_chosen_metric_is_shown_under_the_name_that_it_was_given(files):
    for home, name, highest in [
        ("", "출금에 걸린 시간", "최고"),
        ("en/", "Time to withdraw", "highest"),
    ]:
        front = files[f"status/{home}index.html"]
        label = re.search(rf'aria-label="({name}[^"]*)"', front)
        assert label
        assert f"{highest} 1.08\N{NO-BREAK SPACE}min" in label[1]
        assert name in files[f"status/{home}metrics/index.html"]


def test_nothing_else_of_what_is_measured_leaves_the_house(files):
    for path, content in files.items():
        for word in ("queue_seconds", "withdrawal_seconds", "secret-rail"):
            assert word not in content, path


def test_programs_read_a_day_and_a_week_of_it(files):
    [one] = json.loads(files["status/metrics.json"])["metrics"]
    assert (one["name"]["en"], one["unit"]) == ("Time to withdraw", "seconds")
    for span, length in [("day", timedelta(days=1)), ("week", timedelta(days=7))]:
        points = one[span]["points"]
        assert 50 < len(points) <= 101
        first = datetime.fromtimestamp(points[0][0], NOW.tzinfo)
        assert abs(first - (NOW - length)) <= 2 * timedelta(seconds=one[span]["step"])
        assert all(low <= mean <= high for _, low, mean, high in points)


def test_a_hole_stays_a_hole_and_an_old_value_is_not_one_of_now(files):
    [one] = shown(read(at=NOW))
    assert len(one.day.drawn.lines) == 2
    assert one.now is not None

    [later] = shown(read(at=NOW + 3 * HOUR))

    assert later.now is None


def test_a_metric_that_was_never_heard_of_since_is_said_to_be_silent(page):
    measured()
    [one] = shown(read(at=NOW + timedelta(days=9)))
    assert (one.now, one.day.reach, one.week.by_day) == (None, None, [])


def test_without_a_choice_there_is_no_page_of_numbers(files):
    Measure.objects.all().delete()
    found = dict(written_of(read(at=NOW)))
    assert "status/metrics/index.html" not in found
    assert "Time to withdraw" not in found["status/en/index.html"].decode()


def test_the_queries_do_not_grow_with_what_is_shown(page, django_assert_num_queries):
    measured()
    with django_assert_num_queries(QUERIES):
        read(at=NOW)
    Measure.objects.create(name_ko="둘", name_en="Two", metric_id=_other())
    with django_assert_num_queries(QUERIES):
        read(at=NOW)


def _other() -> int:
    chosen = Measure.objects.get().metric
    return type(chosen).objects.exclude(pk=chosen.pk).get(name="queue_seconds").pk


QUERIES = 12
