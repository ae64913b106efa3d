"""A person says how grave it is: the editor shows against what, who did and what it changes, and takes it back."""

import json

import pytest

from core import clock
from statuspage.domain.phases import Phase
from statuspage.domain.snapshot import sentence
from statuspage.domain.states import Overall
from statuspage.models import Change, Notice
from statuspage.reading import read
from statuspage.registry import documents
from statuspage.services import Overtaken, Words, follow, keep, lift, say, weighed
from tests.statuspage.scene import HOUR, START
from tests.statuspage.test_writing import typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(trouble, commander):
    trouble("P2")
    follow(at=START)
    notice = Notice.objects.get()
    say(notice, Words(Phase.INVESTIGATING, "찾고 있어요."), by=commander, at=START)
    return notice


@pytest.fixture
def desk(client, commander):
    client.force_login(commander)
    return client


def said(notice, impact):
    names = ("title_ko", "title_en", "draft_ko", "draft_en")
    return {name: getattr(notice, name) for name in names} | {"impact_override": impact}


def overridden(notice, commander, impact="critical"):
    seen = notice.updated_at.isoformat()
    keep(notice, said(notice, impact), seen=seen, by=commander, at=START + HOUR)
    return notice


def test_what_a_person_says_is_on_the_page_at_once_and_says_whose_it_is(notice, commander):
    changes = Change.objects.count()
    overridden(notice, commander)

    assert (notice.override_by, notice.override_at) == (commander, START + HOUR)
    assert Change.objects.count() == changes + 1
    overridden(notice, commander)
    assert Change.objects.count() == changes + 1, "the same again is no news"
    found = weighed(notice)
    assert (found.derived, found.sentence, found.without) == (
        "minor", Overall.MAJOR, Overall.PARTLY_DEGRADED,
    )  # fmt: skip
    assert sentence(read(at=START)) == found.sentence


@pytest.mark.parametrize("impact", ["", "none", "minor", "major", "critical"])
def test_the_wire_has_the_impact_that_holds_and_nothing_more(notice, commander, impact):
    overridden(notice, commander, impact)
    body = dict(documents["api"].files(read(at=START)))["api/v2/summary.json"]
    (incident,) = json.loads(body)["incidents"]
    assert incident["impact"] == (impact or "minor")
    assert "impact_override" not in incident, "Statuspage's public documents have none"


def test_the_editor_shows_it_and_takes_it_back_without_losing_words(notice, commander, desk):
    page = desk.get(url(notice)).content.decode()
    assert "구성 요소로 본 영향: <b>경미</b>" in page
    assert 'name="lift"' not in page

    overridden(notice, commander)
    page = desk.get(url(notice)).content.decode()
    assert "직접 정한 영향: 치명적" in page
    assert str(commander) in page
    assert "모든 서비스" in page

    sent = typed(notice, lift="1", draft_ko="쓰던 글", impact_override="critical")
    answer = desk.post(url(notice), sent)
    notice.refresh_from_db()
    assert (notice.impact_override, notice.override_by, notice.said_impact) == ("", None, "minor")
    assert "쓰던 글" in answer.content.decode()
    wrong = desk.post(url(notice), typed(notice, keep="1", impact_override="major", phase="no"))
    assert 'name="lift"' not in wrong.content.decode(), "nothing of it is kept"
    kept = typed(notice, keep="1", draft_ko="쓰던 글")
    assert desk.post(url(notice), kept).status_code == 302, "and goes on from there"


def test_whoever_has_not_seen_it_does_not_take_it_back(notice, commander, desk):
    seen = notice.updated_at.isoformat()
    overridden(notice, commander)
    with pytest.raises(Overtaken):
        lift(notice, seen=seen, by=commander, at=clock.now())
    answer = desk.post(url(notice), typed(notice, lift="1", seen=seen))
    assert answer.status_code == 200
    notice.refresh_from_db()
    assert notice.impact_override == "critical"


def test_a_draft_that_nobody_reads_moves_nothing(trouble, commander):
    trouble("P2")
    follow(at=START)
    notice = Notice.objects.get()
    changes = Change.objects.count()
    overridden(notice, commander)
    assert Change.objects.count() == changes
    assert weighed(notice).sentence == weighed(notice).without
