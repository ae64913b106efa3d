import pytest
from django.db import connection

from monitoring import services, tasks
from monitoring.checks import samples_are_kept_long_enough
from monitoring.domain.resolution import Resolution
from monitoring.domain.samples import Point
from tests.monitoring.test_sampling import BALANCE, DAY, NOW, parts, rows


@pytest.mark.parametrize(
    ("days", "is_right"),
    [
        ((14, 90, 730, 0), True),
        ((2, 2, 2, 2), True),
        ((0, 0, 0, 0), True),
        ((1, 90, 730, 0), False),
        ((14, 7, 730, 0), False),
        ((0, 90, 730, 0), False),
    ],
)
def test_a_size_that_is_kept_for_less_than_the_finer_one_is_told_at_start(settings, days, is_right):
    settings.SAMPLES_DAYS = dict(zip(("raw", "5m", "1h", "1d"), days, strict=True))

    assert (samples_are_kept_long_enough(None) == []) == is_right


@pytest.mark.django_db
def test_what_is_kept_for_ever_takes_samples_of_any_age(settings):
    settings.SAMPLES_DAYS = dict.fromkeys(("raw", "5m", "1h", "1d"), 0)

    assert services.write([Point(BALANCE, NOW - 4000 * DAY, 1)], at=NOW).stored == 1
    services.roll_up(at=NOW)
    services.drop_old(at=NOW + 9000 * DAY)

    assert len(rows()) == len(rows("monitoring_rollup_1d", "at")) == 1


@pytest.mark.django_db
def test_the_ticks_make_parts_and_roll_up():
    tasks.prune()
    tasks.roll_up()

    assert [len(parts(one)) >= 1 for one in Resolution] == [True] * 4


def test_a_part_that_somebody_reads_is_dropped_the_next_time(transactional_db):
    services.write([Point(BALANCE, NOW, 1)], at=NOW)
    services.roll_up(at=NOW + DAY)
    reader = connection.copy()
    try:
        reader.set_autocommit(False)
        with reader.cursor() as cursor:
            cursor.execute("SELECT * FROM monitoring_sample")

        services.drop_old(at=NOW + 30 * DAY)
        assert rows() == [(NOW, 1)]
        reader.rollback()
    finally:
        reader.close()

    services.drop_old(at=NOW + 30 * DAY)
    assert rows() == []
