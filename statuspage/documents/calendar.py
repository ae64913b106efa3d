"""Maintenance as a calendar that can be subscribed to (RFC 5545), once a language."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import translation
from icalendar import Calendar, Event

from statuspage import wording
from statuspage.domain.phases import Phase
from statuspage.domain.snapshot import NoticeFacts, Snapshot, in_words, moment, notices
from statuspage.registry import Document, documents


@documents.register("calendar")
class Maintenances(Document):
    def files(self, snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
        for language, _name in settings.LANGUAGES:
            home = "" if language == settings.LANGUAGE_CODE else f"{language}/"
            with translation.override(language):
                yield f"status/{home}maintenance.ics", _calendar(snapshot, home)


def _calendar(snapshot: Snapshot, home: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Bongsu//Status page//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add("x-wr-calname", wording.marked(snapshot["page"]["name"]))
    for one in notices(snapshot, "maintenance"):
        calendar.add_component(_event(one, f"{snapshot['page']['url']}/{home}"))
    return bytes(calendar.to_ical())


def _event(one: NoticeFacts, home: str) -> Event:
    event = Event()
    event.add("uid", f"{one['id']}@bongsu")
    event.add("dtstamp", moment(one["updated_at"]))
    event.add("dtstart", moment(one["scheduled_for"] or one["started_at"]))
    event.add("dtend", moment(one["scheduled_until"] or one["started_at"]))
    for name, text in (("summary", one["title"]), ("description", one["updates"][0]["body"])):
        _words, language = in_words(text, translation.get_language() or "ko")
        event.add(name, wording.marked(text), parameters={"language": language})
    event.add("url", f"{home}incidents/{one['id']}/")
    event.add("sequence", len(one["updates"]))
    event.add("status", "CANCELLED" if one["phase"] == Phase.CANCELLED else "CONFIRMED")
    return event
