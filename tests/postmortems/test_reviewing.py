"""Reviewers speak at a place; suggestions wait for a person; versions are told apart."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from core.errors import Refused
from incidents import services as incidents
from incidents.models import Incident
from monitoring.models import Change
from monitoring.services import add_integration
from postmortems import services
from postmortems.models import Comment, Postmortem, Suggestion, Version
from teams.models import User
from tests.postmortems.conftest import START, after

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(postmortem):
    client = Client()
    client.force_login(User.objects.get(username="dev1"))
    return client


@pytest.fixture
def writer(postmortem, commander):
    client = Client()
    client.force_login(commander)
    return client


def page(postmortem):
    return f"/incidents/{postmortem.incident_id}/postmortem/"


def test_a_responder_reads_it_and_comments_at_a_place_but_writes_nothing(reviewer, postmortem):
    shown = reviewer.get(page(postmortem)).content.decode()
    assert "출금 지연" in shown
    assert "<textarea" in shown
    assert 'name="summary_ko"' not in shown

    reviewer.post(f"{page(postmortem)}comments/", {"section": "impact", "text": "금액은요?"})

    assert reviewer.post(page(postmortem), {"lessons": "x"}).status_code == 403
    assert "금액은요?" in reviewer.get(page(postmortem)).content.decode()
    assert Comment.objects.get().section == "impact"


def test_an_open_comment_keeps_it_from_being_published(reviewer, writer, postmortem, commander):
    postmortem.actions.update(suggested=False)
    services.move(postmortem, "review", seen=1, by=commander, at=after(hours=2))
    reviewer.post(f"{page(postmortem)}comments/", {"section": "summary", "text": "언제부터죠?"})
    with pytest.raises(Refused):
        services.move(postmortem, "published", seen=2, by=commander, at=after(hours=2))
    said = Comment.objects.get()

    writer.post(f"{page(postmortem)}comments/{said.pk}/resolve/")

    services.move(postmortem, "published", seen=2, by=commander, at=after(hours=2))
    said.refresh_from_db()
    assert (said.resolved_by, postmortem.state) == (commander, "published")


@pytest.mark.parametrize(
    "wrong", [{"section": "x", "text": "a"}, {"section": "summary", "text": " "}]
)
def test_a_comment_without_place_or_words_is_not_kept(reviewer, postmortem, wrong):
    reviewer.post(f"{page(postmortem)}comments/", wrong)

    assert not Comment.objects.exists()


@pytest.fixture
def changed(resolved, commander):
    """Something was deployed three hours before, and an earlier incident had the same alerts and something open."""
    earlier = resolved()
    written = services.draft(earlier, by=commander, at=after(hours=1))
    item = written.actions.first()
    services.change_action(item, {}, by=commander, at=after(hours=1))
    source = add_integration("generic", name="deploys")[0]
    Change.objects.create(
        integration=source,
        summary="배포 7.1",
        happened_at=START - timedelta(hours=3),
        received_at=START,
    )
    incident = resolved()
    Incident.objects.update(group="withdrawals-down")
    incident.refresh_from_db()
    return services.draft(incident, by=commander, at=after(hours=2))


def test_factors_are_suggested_from_the_record_with_their_sources(changed):
    found = {one.kind: one for one in changed.suggestions.all()}

    assert set(found) == {"change", "similar", "action"}
    assert "배포 7.1" in found["change"].said_ko
    assert changed.contributing_factors == ""
    assert all(one.url.startswith("/") and one.said_en for one in found.values())


def test_an_accepted_factor_becomes_a_line_and_a_refused_one_nothing(changed, writer, commander):
    change, similar = (changed.suggestions.get(kind=kind) for kind in ("change", "similar"))

    for one, accept in ((change, "1"), (change, "1"), (similar, "0")):
        writer.post(f"{page(changed)}suggestions/{one.pk}/", {"accept": accept})

    changed.refresh_from_db()
    assert changed.contributing_factors == change.said_ko
    assert Suggestion.objects.get(pk=similar.pk).accepted is False


def test_moments_are_chosen_and_link_to_their_events(writer, postmortem):
    writer.post(f"{page(postmortem)}timeline/", {"seq": ["1", "2", "999", "x"]})

    assert list(postmortem.moments.values_list("seq", flat=True)) == [1, 2]
    assert "#event-2" in writer.get(page(postmortem)).content.decode()
    assert "checked" in writer.get(f"{page(postmortem)}timeline/").content.decode()


def test_a_version_shows_what_it_changed(reviewer, postmortem, commander):
    services.revise(postmortem, {"lessons": "<새 교훈>"}, seen=1, by=commander, at=after(hours=2))

    shown = reviewer.get(f"{page(postmortem)}versions/2/").content.decode()

    assert "&lt;새 교훈&gt;" in shown
    assert postmortem.versions.get(number=2).hash in shown
    assert reviewer.get(f"{page(postmortem)}versions/9/").status_code == 404
    assert "versions/2/" in reviewer.get(f"{page(postmortem)}versions/").content.decode()


def test_a_version_never_changes(postmortem):
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.update(content={})


def test_it_begins_by_itself_and_only_once(resolved):
    incident = resolved("P0")
    milder, drill = resolved("P3"), resolved("P1", drill=True)

    assert services.begin_due(at=after(hours=1)) == 1
    assert services.begin_due(at=after(hours=1)) == 0
    begun = Postmortem.objects.get()
    assert (begun.incident, begun.author) == (incident, None)
    assert not Postmortem.objects.filter(incident__in=[milder, drill]).exists()


def test_after_a_second_resolution_facts_follow_and_peoples_words_stay(resolved, commander):
    incident = resolved("P1")
    services.begin_due(at=after(hours=1))
    written = Postmortem.objects.get()
    services.revise(written, {"summary_en": "Mine."}, seen=1, by=commander, at=after(hours=1))
    incidents.reopen(incident, by=commander, at=after(hours=2))
    incidents.resolve(incident, by=commander, at=after(hours=5))

    services.begin_due(at=after(hours=6))

    written.refresh_from_db()
    assert "5시간" in written.summary_ko
    assert written.summary_en == "Mine."
    assert written.impacts.get().ended_at == after(hours=5)
