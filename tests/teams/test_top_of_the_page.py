"""Who is named at the top of every page, while a change is not committed yet."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import transaction

from teams import services
from teams.models import User
from teams.oncall import named_at_the_top
from teams.rotations import Rotation
from tests.race import at_once

MONDAY = datetime(2026, 11, 23, 3, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_whoever_looks_before_it_is_committed_does_not_leave_the_old_name_behind(seeded):
    cache.clear()
    first = Rotation.objects.all()[0]
    before = named_at_the_top(at=MONDAY)
    other = User.objects.responders().exclude(pk=before.person).first()
    with transaction.atomic():  # as a request is that carries a key
        services.stand_in(
            first, other, by=other, starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=3),
            at=MONDAY, reason="",
        )  # fmt: skip
        [seen] = at_once(lambda: named_at_the_top(at=MONDAY))
        assert seen.person == before.person

    assert named_at_the_top(at=MONDAY).person == other.pk
