import io
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from monitoring.models import Alert, Integration
from monitoring.registry import sources
from tests.monitoring.bodies import BODIES, TOPIC
from tests.monitoring.conftest import Sender

pytestmark = pytest.mark.django_db


def add(*arguments):
    said = io.StringIO()
    call_command("integration", "add", *arguments, stdout=said)
    return said.getvalue().splitlines()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["carrier-pigeon", "--name", "a"], "invalid choice: 'carrier-pigeon'"),
        (["generic"], "--name"),
        (["generic", "--name", ""], "."),
    ],
)
def test_what_cannot_be_added_is_refused_with_a_reason(arguments, reason):
    with pytest.raises(CommandError, match=reason):
        add(*arguments)
    assert not Integration.objects.exists()


def test_a_name_that_is_taken_is_refused():
    add("generic", "--name", "probe")

    with pytest.raises(CommandError):
        add("prometheus", "--name", "probe")
    assert Integration.objects.count() == 1


@pytest.mark.parametrize("source", [*sources])
def test_the_printed_address_and_token_work(source, request):
    amazon = request.getfixturevalue("amazon") if source == "sns" else None
    address, token = add(source, "--name", "probe", "--topic", TOPIC)
    probe = Sender(source, Integration.objects.get(), token, amazon)
    assert probe.path == urlsplit(address).path

    answer = probe.post(BODIES[source]("x"))

    assert answer.status_code in {200, 202}
    assert Alert.objects.get().integration.name == "probe"


def test_the_token_is_alone_on_the_last_line_and_stored_nowhere():
    *_, token = add("generic", "--name", "probe")

    stored = Integration.objects.values().get()
    assert len(token) == 32
    assert token not in str(stored)
    assert stored["token_prefix"] == token[:4]


def test_a_topic_is_asked_for_where_one_is_needed():
    with pytest.raises(CommandError, match="토픽"):
        add("sns", "--name", "probe")
    assert not Integration.objects.exists()


def test_who_signs_is_given_a_secret_to_sign_with():
    said = add("grafana", "--name", "probe", "--signed")

    assert said[1] == f"signing secret: {Integration.objects.get().signing_secret}"


def test_a_source_that_cannot_sign_is_not_asked_to():
    with pytest.raises(CommandError, match="서명"):
        add("generic", "--name", "probe", "--signed")
    assert not Integration.objects.exists()


def test_a_mistyped_mapping_of_severities_is_refused_in_words():
    integration = Integration(name="probe", source="generic", severity_map={"critical": "P9"})

    with pytest.raises(ValidationError, match="critical → P9"):
        integration.full_clean(exclude=["token_hash", "token_prefix"])
