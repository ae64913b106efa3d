"""How it came about, told to customers who were told of it: once, and only what is published."""

import pytest

from core.errors import Refused
from incidents import services as incidents
from postmortems import services
from statuspage.domain.phases import Phase
from statuspage.models import Notice, Update
from statuspage.services.saying import Words, say
from tests.postmortems.conftest import START, after

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(seeded, commander):
    incident = incidents.declare("출금 지연", severity="P1", by=commander, at=START)
    notice = Notice.objects.create(
        incident=incident,
        title_ko="출금 지연",
        kind="incident",
        phase="investigating",
        started_at=START,
    )
    for phase in (Phase.INVESTIGATING, Phase.RESOLVED):
        say(notice, Words(phase, "알려 드려요", "We tell you"), by=commander, at=after(minutes=9))
    incidents.resolve(incident, by=commander, at=after(minutes=50))
    written = services.draft(incident, by=commander, at=after(hours=1))
    written.actions.all().delete()
    said = {"public_ko": "키가 만료됐어요.", "public_en": "A key expired."}
    services.revise(written, said, seen=1, by=commander, at=after(hours=2))
    return written


def publish(written, commander):
    for to in ("review", "published"):
        services.move(written, to, seen=written.version, by=commander, at=after(hours=2))


def test_it_is_told_once_after_it_is_published(published, commander):
    with pytest.raises(Refused):
        services.tell_customers(published, by=commander, at=after(hours=2))
    publish(published, commander)
    assert services.may_tell(published)

    for _ in range(2):
        services.tell_customers(published, by=commander, at=after(hours=3))
    services.move(published, "closed", seen=0, by=commander, at=after(hours=4))

    told = Update.objects.filter(phase=Phase.POSTMORTEM).get()
    assert (told.body_ko, told.body_en) == ("키가 만료됐어요.", "A key expired.")
    assert not services.may_tell(published)
    assert services.is_told(published)


def test_of_what_customers_never_heard_nothing_is_told(published, commander):
    Notice.objects.update(published_at=None)
    publish(published, commander)

    assert not services.may_tell(published)
    with pytest.raises(Refused):
        services.tell_customers(published, by=commander, at=after(hours=3))
