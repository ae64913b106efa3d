"""An administrator brings the subscribers of another page from a file, and sees first what it comes to."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from statuspage.models import Standing, Subscriber
from teams.models import User

pytestmark = pytest.mark.django_db
URL = "/notices/subscribers/bring/"
ROWS = "email,components\nkim@example.com,\nlee@example.com,\nnobody,\npark@example.com,없는 것\n"
HOW = {"said_yes": "confirmed", "language": "ko"}


@pytest.fixture
def desk(page, seeded):
    desk = Client()
    desk.force_login(User.objects.get(username="commander"))
    return desk


def upload(desk, rows, **said):
    body = rows if isinstance(rows, bytes) else rows.encode()
    return desk.post(URL, HOW | {"file": SimpleUploadedFile("export.csv", body)} | said)


def test_what_it_comes_to_is_shown_before_anybody_is_taken(desk):
    seen = upload(desk, ROWS)

    assert (seen.context["counted"].taken, seen.context["counted"].known) == (2, 0)
    assert [line for line, _why in seen.context["left"]] == [4, 5]
    assert "구독자 2명 가져오기" in seen.content.decode()
    assert not Subscriber.objects.exists()


def test_what_was_seen_is_then_taken_as_it_was_seen(desk):
    rows = upload(desk, ROWS).context["rows"]

    for _twice in range(2):
        assert desk.post(URL, HOW | {"rows": rows, "go": "1"}).status_code == 302

    assert set(Subscriber.objects.values_list("address", flat=True)) == {
        "kim@example.com",
        "lee@example.com",
    }
    assert set(Subscriber.objects.values_list("standing", flat=True)) == {Standing.ACTIVE}


def test_excel_in_korea_is_read_as_well(desk):
    assert upload(desk, ROWS.encode("cp949")).context["counted"].taken == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (b"", "비어"),
        (b"email\n", "아무도 없어요"),
        (b"\xff\xfe\x00", "CSV UTF-8"),
        (b'email\n"' + b"x" * 200_000, "CSV 파일이 아니에요"),
        (b"x" * 2_000_001, "import_statuspage"),
    ],
)
def test_what_holds_no_subscribers_is_said_and_nothing_is_taken(desk, wrong, said):
    answer = upload(desk, wrong)

    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Subscriber.objects.exists()


def test_only_administrators_are_led_there(desk):
    assert URL in desk.get("/notices/subscribers/").content.decode()
    User.objects.filter(username="commander").update(role="commander")
    assert URL not in desk.get("/notices/subscribers/").content.decode()
    assert desk.get(URL).status_code == 403
