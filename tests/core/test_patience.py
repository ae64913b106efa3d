import pytest
from django.db import OperationalError

from core import patience


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(patience, "AGAIN_AFTER", 0)


def failing(times):
    tried = []

    @patience.patient
    def step(word):
        tried.append(word)
        if len(tried) <= times:
            raise OperationalError("the database system is starting up")
        return word

    return step, tried


def test_a_step_is_done_again_when_the_database_comes_back():
    step, tried = failing(times=2)

    assert step("sent") == "sent"
    assert len(tried) == 3


def test_patience_has_an_end(monkeypatch):
    monkeypatch.setattr(patience, "LONGEST", -1)
    step, tried = failing(times=2)

    with pytest.raises(OperationalError):
        step("sent")
    assert len(tried) == 1


@pytest.mark.django_db
def test_inside_a_transaction_nothing_is_done_again():
    step, tried = failing(times=2)

    with pytest.raises(OperationalError):
        step("sent")
    assert len(tried) == 1
