"""What a failover leaves written: which site serves, once for its run, whatever is done again later."""

from datetime import timedelta

import pytest

from core import clock
from maintenance.models import DataCopy, Failover, KeptData, Site
from maintenance.services.failing_over import record
from runbooks.models import Database, Run
from runbooks.services import start
from tests.runbooks.running import book, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def copies():
    Site.objects.all().delete()
    data = KeptData.objects.create(slug="wallets", name_ko="지갑", name_en="Wallets")
    return [
        DataCopy.objects.create(
            data=data,
            site=Site.objects.create(slug=slug, name_ko=slug, name_en=slug, serves=not place),
            database=Database.objects.create(name=f"db-{slug}"),
        )
        for place, slug in enumerate(("seoul", "busan"))
    ]


def begun():
    version = book(
        step("look", ask={"question": {"ko": "글", "en": "text"}}),
        key=f"trial{Run.objects.count()}",
    )
    return start(version, {}, at=clock.database_now())


def test_a_step_that_is_done_again_after_the_way_back_moves_nobody(copies):
    seoul, busan = copies
    at = clock.database_now()
    found = {"fenced_at": at, "writes_at": at + timedelta(minutes=2), "last": None, "place": 1}
    there, back = begun(), begun()
    record(there, seoul, busan, found=found, at=at)
    assert Site.objects.get(serves=True).slug == "busan"
    record(back, busan, seoul, found=found, at=at + timedelta(hours=1))
    record(there, seoul, busan, found=found, at=at + timedelta(hours=2))
    assert Site.objects.get(serves=True).slug == "seoul"
    assert (Failover.objects.count(), Run.objects.count()) == (2, 2)
