import pytest

from teams.models import User
from teams.services import new_api_token

pytestmark = pytest.mark.django_db


def test_the_api_names_who_is_on_call_now_and_next(rotation, client):
    token = new_api_token(User.objects.get(username="dev1"), name="t", scope="read")
    answer = client.get("/api/v1/on-call/", headers={"authorization": f"Token {token}"}).json()

    assert [row["rotation"] for row in answer] == ["first", "second"]
    now, following = answer[0]["now"], answer[0]["next"]
    assert {now["username"], following["username"]} <= {"dev1", "dev2", "devops"}
    assert now["end"] == following["start"]
