"""Prepared words for a maintenance: put into the form as it is typed, with names and times as they are in the end."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from core import clock
from statuspage.models import Notice, Prepared
from statuspage.reading import read
from statuspage.registry import documents
from statuspage.services import Work, announce, keep_time, replan
from tests.statuspage.scene import HOUR, component

pytestmark = pytest.mark.django_db

URL = "/notices/maintenance/"
TEN = datetime(2027, 1, 5, 10, tzinfo=ZoneInfo("Asia/Seoul"))


@pytest.fixture
def words(page):
    Prepared.objects.all().delete()
    return Prepared.objects.create(
        name_ko="정기 점검", name_en="Planned work", phase="scheduled",
        body_ko="{times}에 {components} 점검을 해요.", body_en="{components}: from {begin} to {end}.",
    )  # fmt: skip


@pytest.fixture
def desk(client, commander):
    client.force_login(commander)
    return client


def typed(**said):
    return {
        "title_ko": "점검", "title_en": "", "starts_at": "2027-01-05T10:00", "ends_at": "2027-01-05T12:00",
        "body_ko": "", "body_en": "", "components": [component("Deposits").pk], "remind": ["60"],
    } | said  # fmt: skip


def test_words_are_put_in_with_what_is_known_and_nothing_typed_is_lost(words, desk):
    assert "정기 점검" in desk.get(URL).content.decode()
    answer = desk.post(URL, typed(words=words.pk))
    form = answer.context["form"]

    assert (answer.status_code, form.is_bound) == (200, False)
    assert form["body_ko"].value() == "1월 5일 10:00 – 12:00 (KST)에 입금 점검을 해요."
    assert form["body_en"].value() == "Deposits: from January 5 10:00 to January 5 12:00."
    page = answer.content.decode()
    assert 'value="2027-01-05T10:00"' in page
    assert f'name="components" value="{component("Deposits").pk}" checked' in page
    assert 'value="60" checked' in page
    assert 'value="1440" checked' not in page
    assert not Notice.objects.exists()


def test_what_is_not_said_yet_leaves_its_gap_and_is_filled_when_it_is(words, desk):
    early = desk.post(URL, typed(words=words.pk, starts_at="", components=[]))
    text = early.context["form"]["body_ko"].value()
    assert text == "{times}에 {components} 점검을 해요."

    desk.post(URL, typed(body_ko=text, body_en="{components}: {begin}"))
    update = Notice.objects.get().updates.get()
    assert update.body_ko == "1월 5일 10:00 – 12:00 (KST)에 입금 점검을 해요."
    assert update.body_en == "Deposits: January 5 10:00"


@pytest.mark.parametrize("chosen", ["0", "x", "-1", "9" * 30])
def test_words_that_are_not_there_put_in_nothing(words, desk, chosen):
    assert desk.post(URL, typed(words=chosen)).status_code == 400


def test_one_that_is_announced_is_moved_in_prepared_words(words, desk, commander):
    at = clock.now()
    work = Work("점검", "", "곧", "", [component("Deposits")], TEN, TEN + HOUR)
    notice = announce(work, by=commander, at=at)
    url = f"/notices/{notice.public_id}/plan/"
    sent = typed(seen=notice.updated_at.isoformat(), words=words.pk)
    form = desk.post(url, sent).context["form"]
    assert form["body_ko"].value() == "1월 5일 10:00 – 12:00 (KST)에 입금 점검을 해요."
    assert form["seen"].value() == sent["seen"]

    later = Work("점검", "", "{end}까지 해요.", "", work.components, TEN, TEN + 3 * HOUR)
    replan(notice, later, seen=sent["seen"], by=commander, at=at + timedelta(seconds=1))
    assert notice.updates.first().body_ko == "1월 5일 13:00까지 해요."


def test_the_words_of_one_under_way_know_its_times(page, desk, commander):
    words = Prepared.objects.create(
        name_ko="진행", name_en="Under way", phase="in_progress", body_ko="{end}까지 마칠게요."
    )
    work = Work("점검", "", "곧", "", [component("Deposits")], TEN, TEN + HOUR)
    notice = announce(work, by=commander, at=clock.now())
    page = desk.get(f"/notices/{notice.public_id}/?words={words.pk}").content.decode()
    assert "1월 5일 11:00까지 마칠게요." in page


def test_words_for_an_incident_have_no_gaps_for_times(page):
    with pytest.raises(ValidationError, match="times"):
        Prepared(
            name_ko="가", name_en="a", phase="identified", body_ko="{times}", body_en=""
        ).full_clean()


def test_the_page_of_one_that_is_to_come_does_not_say_that_it_goes_on(page, commander):
    at = clock.now()
    work = Work("점검", "", "곧", "", [component("Deposits")], at + HOUR, at + 2 * HOUR)
    notice = announce(work, by=commander, at=at)
    path = f"status/en/incidents/{notice.public_id}/index.html"
    assert "This is still to come." in _page(path, at)
    keep_time(at=at + HOUR)
    assert "This goes on." in _page(path, at + HOUR)


def _page(path, at):
    return dict(documents["pages"].files(read(at=at)))[path].decode()
