"""What the portal writes by itself is read in each reader's language; what people write stays as it is."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import translation

from incidents import services
from incidents.models import Incident
from incidents.narration import narrate
from monitoring.domain.alerts import Signal
from monitoring.models import Alert, HeartbeatMonitor
from monitoring.services import in_each_language, watch_heartbeats
from monitoring.services.ours import tell
from notifications.models import Delivery
from notifications.rendering import render
from statuspage.models import Notice
from statuspage.services import follow
from statuspage.services.following import begin
from teams.models import Service
from tests.incidents.conftest import START, after, last_event, person

pytestmark = pytest.mark.django_db

KOREAN, ENGLISH = "backup에서 소식이 없어요", "backup was not heard of"
ENGLISH_TOO = {"en": {"title": "Withdrawals stopped", "description": "Nothing goes out."}}


def heard_of(row, language):
    with translation.override(language):
        return row.heading


@pytest.fixture
def late(seeded):
    """A job that was not heard of, and the incident of it."""
    HeartbeatMonitor.objects.all().delete()
    HeartbeatMonitor.objects.create(
        name="backup", severity="P1", service=Service.objects.get(slug="database"),
        period=timedelta(minutes=5), grace=timedelta(minutes=1), due_at=START,
    )  # fmt: skip
    watch_heartbeats(at=after(minutes=1))
    services.take_in(at=after(minutes=1))
    return Incident.objects.get()


@pytest.fixture
def stopped(fire):
    return fire(description="나가는 것이 없어요.", translations=ENGLISH_TOO)


def test_an_alert_of_ours_is_written_in_each_language(late):
    alert = Alert.objects.get()

    assert (alert.title, heard_of(alert, "ko"), heard_of(alert, "en")) == (KOREAN, KOREAN, ENGLISH)


def test_an_installation_in_english_has_korean_readers_too(seeded):
    row = HeartbeatMonitor(name="backup", key="0" * 32)
    with override_settings(LANGUAGE_CODE="en"):
        tell([in_each_language(lambda: Signal("k", title=_in_words(row)))()], at=START)
    alert = Alert.objects.get(key="k")

    assert (alert.title, heard_of(alert, "ko")) == ("backup in en", "backup in ko")


def _in_words(row):
    return f"{row.name} in {translation.get_language()}"


def test_what_reads_the_same_in_each_language_is_kept_once():
    assert in_each_language(lambda: Signal("k", title="backup"))().translations == {}


def test_the_incident_and_its_timeline_are_read_in_the_readers_language(late):
    with translation.override("en"):
        told = narrate(last_event(late, "alert"))

    assert heard_of(late, "en") == ENGLISH
    assert told == f"Alert: {ENGLISH}"
    assert narrate(last_event(late, "alert")) == f"알림: {KOREAN}"


@pytest.mark.parametrize(("language", "title"), [("ko", KOREAN), ("en", ENGLISH)])
def test_the_room_the_list_and_the_alerts_say_it_in_the_readers_language(
    late, client, language, title
):
    reader = person("commander")
    reader.language = language
    reader.save()
    client.force_login(reader)

    for path in (f"/incidents/{late.pk}/", "/incidents/", "/alerts/", "/monitoring/tv/"):
        assert title in client.get(path).content.decode(), path


def test_each_is_paged_in_their_language(stopped):
    page = Delivery.objects.filter(template="page").first()
    page.language = "en"
    told = render(page)
    page.language = "ko"

    assert "Withdrawals stopped" in told.text
    assert "Nothing goes out." in told.text
    assert "출금 중단" in render(page).text


def test_machines_read_one_language(stopped, api):
    told = api.get(f"/api/v1/incidents/{stopped.pk}/", headers={"accept-language": "en"}).json()

    assert (told["title"], told["description"]) == ("출금 중단", "나가는 것이 없어요.")


def test_what_a_person_says_is_said_in_their_words_only(stopped, commander):
    services.correct(stopped, by=commander, at=after(minutes=1), title="Hot wallet is empty")
    stopped.refresh_from_db()

    assert heard_of(stopped, "ko") == heard_of(stopped, "en") == "Hot wallet is empty"
    assert stopped.translations == {"en": {"description": "Nothing goes out."}}


def test_a_reader_corrects_what_they_have_read_and_the_rest_stays(stopped, client, commander):
    commander.language = "en"
    commander.save()
    client.force_login(commander)
    page = client.get(f"/incidents/{stopped.pk}/correct/").content.decode()

    assert 'value="Withdrawals stopped"' in page


def test_a_graver_alert_brings_its_words_in_each_language(fire, stopped):
    Incident.objects.update(severity="P2")
    worse = {"en": {"title": "The database is gone"}}
    fire("k2", title="데이터베이스가 사라졌어요", severities=["P0"], translations=worse)
    stopped.refresh_from_db()

    assert heard_of(stopped, "en") == "The database is gone"
    with translation.override("en"):
        told = narrate(last_event(stopped, "corrected"))
    assert "“Withdrawals stopped” → “The database is gone”" in told


def test_the_draft_for_customers_has_both_titles(stopped):
    follow(at=START)
    notice = Notice.objects.first() or begin(stopped)

    assert (notice.title_ko, notice.title_en) == ("출금 중단", "Withdrawals stopped")


def test_an_alert_is_found_by_its_words_in_either_language(stopped):
    assert Alert.objects.search("Withdrawals stop").get() == Alert.objects.search("출금").get()
