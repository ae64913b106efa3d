import uuid
from datetime import UTC, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.copying import copy_in
from notifications.models import Delivery, Lane, State

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 30, 12, 0, 0, 123456, tzinfo=UTC)
WORDS = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=40)


def delivery(**values):
    fields: dict[str, object] = {
        "topic": "incident:1",
        "step": "1",
        "recipient_name": "한도윤",
        "channel": "sms",
    }
    fields |= {"language": "ko", "template": "page", "created_at": NOON, "due_at": NOON}
    return Delivery(**fields | values)


def stored(row):
    """As INSERT keeps the same row, but for its key."""
    twin = Delivery(**{f.attname: getattr(row, f.attname) for f in Delivery._meta.concrete_fields})
    twin.pk, twin.topic = uuid.uuid4(), "twin"
    twin.save(force_insert=True)
    return Delivery.objects.filter(pk=twin.pk).values().get() | {"id": row.pk, "topic": row.topic}


@given(
    text=WORDS,
    said=st.recursive(WORDS | st.integers() | st.none(), st.lists),
    lane=st.sampled_from(Lane),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_copied_row_is_what_an_inserted_one_would_be(text, said, lane):
    row = delivery(
        address=text, context={"said": said, text: text}, lane=lane, sent_at=NOON, noted=True
    )
    with transaction.atomic():
        copy_in([row])
        assert Delivery.objects.filter(pk=row.pk).values().get() == stored(row)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "text", ["\\N", "\\.", "a\\tb", "a\tb\r\nc", "\\", "", "'; DROP TABLE x; --", "출금 지연 🚨"]
)
def test_words_that_mean_something_to_copy_are_words(text):
    rows = [delivery(address=text, step=str(n), context={"title": text}) for n in range(3)]

    copy_in(rows)

    kept = list(Delivery.objects.values_list("address", "context__title"))
    assert kept == [(text, text)] * 3


def test_rows_may_share_their_facts():
    facts = {"title": "출금 지연"}
    copy_in([delivery(channel=channel, context=facts) for channel in ("sms", "email")])

    assert list(Delivery.objects.values_list("context", "state")) == [(facts, State.PENDING)] * 2


def test_one_that_is_there_already_keeps_all_of_them_out():
    copy_in([delivery()])

    with pytest.raises(IntegrityError), transaction.atomic():
        copy_in([delivery(step="2"), delivery()])
    assert Delivery.objects.count() == 1


def test_nothing_is_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        copy_in([])


def test_keys_that_the_database_gives_are_left_to_it():
    copy_in([ContentType(app_label="copied", model=name) for name in ("하나", "둘")])

    found = ContentType.objects.filter(app_label="copied").order_by("pk")
    assert [one.model for one in found] == ["하나", "둘"]
