"""One open alert per sender and key, whatever races; guaranteed by the database."""

import random

import pytest
from django.db import IntegrityError, transaction

from core import clock
from monitoring.domain.alerts import Signal
from monitoring.models import Alert
from monitoring.services import store
from tests.race import at_once, raised


def signals(*keys, **said):
    return [Signal(key=key, title=f"alert {key}", **said) for key in keys]


@pytest.fixture
def storing(sender):
    integration = sender("generic").integration

    def run(*keys, **said):
        return store(integration, b"{}", signals(*keys, **said), at=clock.now())

    return run


@pytest.mark.django_db
def test_the_database_itself_refuses_a_second_open_alert(storing):
    storing("k")
    alert = Alert.objects.get()
    alert.pk = None

    with pytest.raises(IntegrityError, match="one_open_alert"), transaction.atomic():
        alert.save(force_insert=True)


@pytest.mark.django_db
def test_two_senders_may_use_the_same_key(sender):
    for name in ("a", "b"):
        store(sender("generic", name).integration, b"{}", signals("k"), at=clock.now())

    assert Alert.objects.open().count() == 2


@pytest.mark.django_db
def test_each_signal_is_answered_in_its_order(storing):
    storing("b")

    answers = storing("c", "b", "a")

    assert [(answer.key, answer.is_new) for answer in answers] == [
        ("c", True), ("b", False), ("a", True),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_repeat_leaves_what_was_first_said(storing):
    storing("k", service="wallet", severities=["critical"])
    storing("k", service="api", severities=["critical"])

    assert Alert.objects.values_list("service", "count").get() == ("wallet", 2)


@pytest.mark.django_db
def test_a_repeat_is_no_news(storing):
    storing("k")
    Alert.objects.update(unread=False)

    storing("k")

    assert not Alert.objects.get().unread


@pytest.mark.django_db
def test_no_severity_at_all_becomes_graver_by_a_repeat_that_has_one(storing):
    storing("k", severities=["none"])
    storing("k", severities=["P3"])

    assert Alert.objects.get().severity == "P3"


@pytest.mark.django_db(transaction=True)
def test_sixteen_senders_of_one_key_make_one_alert(storing):
    outcomes = at_once(*[lambda: storing("k")] * 16)

    assert raised(outcomes) == []
    assert sum(answer.is_new for (answer,) in outcomes) == 1
    assert Alert.objects.get().count == 16


@pytest.mark.django_db(transaction=True)
def test_senders_of_the_same_alerts_in_another_order_do_not_block_each_other_for_ever(storing):
    keys = [f"k{n}" for n in range(60)]
    orders = [random.sample(keys, len(keys)) for _ in range(8)]

    for _ in range(4):
        outcomes = at_once(*[lambda order=order: storing(*order) for order in orders])
        assert raised(outcomes) == []

    assert set(Alert.objects.values_list("count", flat=True)) == {32}


@pytest.mark.django_db(transaction=True)
def test_an_end_and_a_repeat_at_once_leave_at_most_one_open(storing):
    storing("k")

    outcomes = at_once(*[lambda: storing("k", resolved=True), lambda: storing("k")] * 4)

    assert raised(outcomes) == []
    assert Alert.objects.open().count() <= 1
