"""The public draft beside the incident: kept, published, and never lost to somebody who was faster."""

import pytest
from django.test import Client

from incidents.services import resolve
from statuspage.domain.placeholders import filled, unknown
from statuspage.models import Interval, Notice, Prepared, Standing
from statuspage.services import follow
from teams.models import User
from tests.statuspage.scene import START, component
from tests.statuspage.test_crowd_page import one as subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(trouble):
    trouble("P1")
    follow(at=START)
    return Notice.objects.get()


@pytest.fixture
def client(commander):
    client = Client()
    client.force_login(commander)
    return client


def typed(notice, **said):
    return {
        "seen": notice.updated_at.isoformat(),
        "title_ko": "출금이 늦어져요",
        "title_en": "",
        "phase": "investigating",
        "draft_ko": "원인을 찾고 있어요.",
        "draft_en": "",
        "impact_override": "",
        "promise": "",
        "told": "on",
        f"state_{component('Withdrawals').pk}": "major_outage",
    } | said


def url(notice):
    return f"/notices/{notice.public_id}/"


def test_a_draft_is_kept_and_not_told(notice, client):
    answer = client.post(url(notice), typed(notice, keep="1"))

    assert answer.status_code == 302
    notice.refresh_from_db()
    assert (notice.draft_ko, notice.published_at) == ("원인을 찾고 있어요.", None)
    assert "원인을 찾고 있어요." in client.get(url(notice)).content.decode()


def test_the_draft_says_how_many_may_hear_of_it(notice, client):
    for name in ("one", "two"):
        subscriber(name)
    subscriber("later", standing=Standing.UNCONFIRMED, confirmed_at=None)

    assert "구독자 2명" in client.get(url(notice)).content.decode()


def test_what_is_published_is_told_with_its_title(notice, client):
    said = {f"state_{component('Withdrawals').pk}": "partial_outage"}

    client.post(url(notice), typed(notice, publish="1", promise="20", **said))

    notice.refresh_from_db()
    update = notice.updates.get()
    assert (notice.title, notice.draft_ko, update.body_ko) == (
        "출금이 늦어져요", "", "원인을 찾고 있어요.",
    )  # fmt: skip
    assert (notice.next_update_by - update.at).total_seconds() == 20 * 60
    assert Interval.objects.open().get().state == "partial_outage"


def test_a_notice_is_never_left_without_a_title(notice, client):
    said = typed(notice, keep="1", title_ko=" ")

    assert client.post(url(notice), said).status_code == 409
    notice.refresh_from_db()
    assert notice.title == "출금 지연"


def test_whoever_is_second_is_told_and_loses_nothing(notice, client):
    stale = typed(notice, publish="1")
    client.post(url(notice), typed(notice, keep="1", draft_ko="먼저 쓴 글"))

    answer = client.post(url(notice), stale)

    assert answer.status_code == 409
    assert "원인을 찾고 있어요." in answer.content.decode()
    assert notice.updates.count() == 0
    fresh = answer.context["form"]["seen"].value()
    client.post(url(notice), stale | {"seen": fresh})
    assert notice.updates.get().body_ko == "원인을 찾고 있어요."


@pytest.mark.parametrize(
    "wrong", [{"draft_ko": ""}, {"phase": "postmortem"}, {"phase": "no"}, {"promise": "0"}]
)
def test_what_cannot_be_published_changes_nothing(notice, client, wrong):
    before = notice.updated_at
    answer = client.post(url(notice), typed(notice, publish="1", **wrong))

    assert answer.status_code in {400, 409}
    notice.refresh_from_db()
    assert (notice.published_at, notice.updated_at) == (None, before)


def test_only_who_commands_may_write(notice):
    client = Client()
    client.force_login(User.objects.filter(role="responder").first())

    assert client.post(url(notice), typed(notice, publish="1")).status_code == 403
    assert client.get("/notices/").status_code == 200


def test_the_room_says_which_word_customers_wait_for(notice, client, commander):
    incident = notice.incident
    room = f"/incidents/{incident.number}/"
    assert "고객에게는 아래 구성 요소만 보이고" in client.get(room).content.decode()

    client.post(url(notice), typed(notice, publish="1"))
    told = client.get(room).content.decode()
    assert "고객에게는 아래 구성 요소만 보이고" not in told
    assert "원인을 찾고 있어요." in told

    incident.refresh_from_db()
    resolve(incident, by=commander, at=START)
    follow(at=START)
    assert "고객은 아직 몰라요" in client.get(room).content.decode()


def test_an_incident_that_moved_nothing_can_be_told_of_all_the_same(page, trouble, client):
    incident = trouble("P3", "admin")

    answer = client.post(f"/incidents/{incident.number}/notice/")

    assert answer.headers["Location"] == url(Notice.objects.get())
    drill = trouble("P1", drill=True)
    client.post(f"/incidents/{drill.number}/notice/")
    assert Notice.objects.count() == 1


def test_the_list_costs_the_same_for_any_number(notice, trouble, client, django_assert_num_queries):
    for _ in range(5):
        trouble("P1")
    follow(at=START)
    client.get("/notices/")
    with django_assert_num_queries(5):
        assert client.get("/notices/").status_code == 200


def test_prepared_words_are_put_into_the_form_and_nothing_is_kept(notice, client):
    words = Prepared.objects.create(
        name_ko="원인 확인", name_en="Cause found", phase="identified",
        body_ko="{components} 원인을 찾았어요. <b>", body_en="{components}: found.",
    )  # fmt: skip
    later = Prepared.objects.create(
        name_ko="회고", name_en="Review", phase="postmortem", body_ko="회고"
    )

    page = client.get(url(notice)).content.decode()
    begun = client.get(f"{url(notice)}?words={words.pk}").content.decode()

    assert f"?words={words.pk}" in page
    assert f"?words={later.pk}" not in page, "not before it is over"
    assert "TRC-20 출금 원인을 찾았어요. &lt;b&gt;" in begun
    assert "Withdrawals: found." in begun
    assert '<option value="identified" selected>' in begun
    notice.refresh_from_db()
    assert notice.draft_ko == ""


def test_prepared_words_name_something_where_no_component_is_affected(notice, client):
    words = Prepared.objects.create(
        name_ko="조사", name_en="Looking", phase="investigating",
        body_ko="{components} 이용이 원활하지 않아요.", body_en="{components}: we see problems.",
    )  # fmt: skip
    notice.affected.all().delete()

    page = client.get(f"{url(notice)}?words={words.pk}").content.decode()

    assert "일부 서비스 이용이 원활하지 않아요." in page
    assert "Some services: we see problems." in page


@pytest.mark.parametrize("chosen", ["0", "x", "-1", "9" * 30])
def test_words_that_are_not_there_are_none(notice, client, chosen):
    assert client.get(f"{url(notice)}?words={chosen}").status_code == 200


def test_a_gap_is_filled_once_and_is_never_a_program():
    values = {"components": "{components} {0.__class__}"}
    assert filled("{components}", values) == "{components} {0.__class__}"
    assert (
        filled("{components.pk} {other} {{ x }} {% y %}", values)
        == "{components.pk} {other} {{ x }} {% y %}"
    )
    assert unknown("{components} {times} {other}") == {"other"}


@pytest.mark.parametrize(
    ("phase", "expected"),
    [("scheduled", set()), ("completed", set()), ("investigating", {"begin", "end", "times"})],
)
def test_only_a_maintenance_has_planned_times(phase, expected):
    assert unknown("{components} {begin} {end} {times}", phase) == expected
