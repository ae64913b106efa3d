"""Every address × every role, against one table."""

import pytest
from django.db import transaction

from tests.doors.conftest import ROLES
from tests.doors.routes import address_of, every_route, first_object
from tests.doors.table import CONSOLE, TABLE, expected

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(420)]
MACHINE_READ = ("api/", "ingest/", "v2/")
SIGN_IN = ("/accounts/login/", "/console/login/")


def knock(client, route, call, incident):
    """Whether we were let in, and the status; whatever it did is undone."""
    key = first_object(route)
    address = address_of(route, number=incident.number, object_id=key, id=key, url="nothing/")
    as_json = call.method == "post" and route.startswith(MACHINE_READ)
    cookies = client.cookies.copy()
    with transaction.atomic():
        if as_json:
            answer = client.post(address, call.body, content_type="application/json")
        else:
            answer = getattr(client, call.method)(address, call.body)
        transaction.set_rollback(True)
    client.cookies = cookies
    turned_away = answer.status_code in {401, 403} or (
        answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)
    )
    return not turned_away, answer.status_code


def nobody_may(role, route, status):
    """What the console offers to nobody, such as writing an incident by hand."""
    return role == "administrator" and route.startswith("console/") and status == 403


def test_every_address_is_in_the_table():
    unknown = []
    for route in every_route():
        try:
            expected(route)
        except KeyError:
            unknown.append(route)

    assert unknown == []


def test_nothing_in_the_table_is_gone():
    routes = set(every_route())

    assert set(TABLE) <= routes
    assert all(f"console/{model}/" in routes for model in CONSOLE)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_go_where(role, browser, incident):
    client = browser(role)
    wrong, broken = [], []
    for route in every_route():
        for call in expected(route):
            is_in, status = knock(client, route, call, incident)
            if is_in != (role in call.may) and not nobody_may(role, route, status):
                wrong.append((call.method, route, status))
            if status >= 500 and route != "readyz":
                broken.append((call.method, route, status))

    assert wrong == []
    assert broken == []
