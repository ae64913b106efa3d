"""The book for the hour without a database: only what changed is asked for again, and it is always right."""

from datetime import timedelta

import pytest

from core import sealed
from statuspage import kept, tokens
from statuspage.kept import Crowd
from statuspage.models import Component, Standing, Subscriber, Touched, Way
from statuspage.services import keeping, subscribing
from tests.statuspage.scene import START
from tests.statuspage.test_fanning_out import subscribed

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def book(tmp_path, page, settings, monkeypatch):
    """Each piece is of two keys; in it are n0 to n7."""
    settings.BONGSU_HOME = tmp_path
    monkeypatch.setattr(keeping, "A_PIECE", 2)
    for number in range(8):
        subscribed(f"n{number}")
    keeping.keep(at=START)
    forget_what_was_touched()


def forget_what_was_touched():
    """The transaction of a test is one; what it did before the book was written is in the book."""
    Touched.objects.all().delete()


def names():
    return [one.address.removesuffix("@example.com") for one in Crowd()]


def of(name):
    return Subscriber.objects.filter(address=f"{name}@example.com")


def test_while_nothing_changes_nothing_is_written_and_it_is_true_until_now(
    django_assert_num_queries,
):
    path = kept.folder() / "subscribers.sealed"
    before = path.stat().st_ino
    with django_assert_num_queries(3):
        assert keeping.keep(at=START + MINUTE) == 0
    assert path.stat().st_ino == before
    assert Crowd().at == kept.kept_at() == START + MINUTE
    assert len(names()) == 8


@pytest.mark.parametrize(
    "change",
    [
        {"language": "en"},
        {"address": "other@example.com"},
        {"minimum": "major"},
        {"components": [3]},
        {"groups": [3]},
        {"incidents": False},
        {"maintenance": False},
        {"quiet": True},
    ],
)
def test_whatever_is_in_the_book_is_written_again_when_it_changes(change):
    of("n3").update(**change)
    assert keeping.keep(at=START + MINUTE) == 1
    assert_it_is_as_the_table()


@pytest.mark.parametrize(
    "change", [{"soft_bounces": 2}, {"letter": "manage", "letter_at": START}, {"failures": 1}]
)
def test_what_is_not_in_the_book_costs_nothing(change):
    Subscriber.objects.update(**change)
    assert keeping.keep(at=START + MINUTE) == 0


def test_who_leaves_is_gone_from_it_and_the_others_are_not_asked_for():
    subscribing.leave(tokens.leaving(of("n3").get().key), at=START)
    assert keeping.keep(at=START + MINUTE) == 1
    assert names() == ["n0", "n1", "n2", "n4", "n5", "n6", "n7"]


def test_who_is_quarantined_comes_back_when_let_in_again():
    subscribing.quarantine(of("n0"), "no mailbox", at=START)
    keeping.keep(at=START + MINUTE)
    assert "n0" not in names()
    forget_what_was_touched()
    subscribing.readmit(of("n0").get())
    keeping.keep(at=START + 2 * MINUTE)
    assert names()[0] == "n0"


def test_who_is_deleted_by_hand_is_gone_also_at_the_end():
    Subscriber.objects.filter(pk__gte=of("n5").get().pk).delete()
    keeping.keep(at=START + MINUTE)
    assert names() == ["n0", "n1", "n2", "n3", "n4"]
    Subscriber.objects.all().delete()
    keeping.keep(at=START + 2 * MINUTE)
    assert names() == []


def test_who_comes_is_in_it_and_only_once_confirmed():
    late = subscribed("late", standing=Standing.UNCONFIRMED)
    assert keeping.keep(at=START + MINUTE) == 0
    Subscriber.objects.filter(pk=late.pk).update(standing=Standing.ACTIVE, confirmed_at=START)
    subscribed("phone", way=Way.SMS)
    keeping.keep(at=START + 2 * MINUTE)
    assert names()[-1] == "late"
    assert_it_is_as_the_table()


def test_a_change_that_was_not_yet_seen_counts_later():
    """Every run asks from the oldest transaction that was still open when the one before began."""
    began = Touched.objects.seen_until()
    of("n1").update(quiet=True)
    assert Touched.objects.get().transaction >= began
    assert keeping.keep(at=START + MINUTE) == 1


def test_components_may_change_as_well():
    held = Component.objects.first()
    Component.objects.filter(pk=held.pk).update(group=None)
    keeping.keep(at=START + MINUTE)
    assert Crowd().places[held.public_id] == (held.pk, None)
    assert len(names()) == 8


def test_once_a_day_all_of_it_is_asked_for_and_old_notes_are_forgotten():
    Touched.objects.create(subscriber=1, transaction=1, at=START - 2 * DAY)
    assert keeping.keep(at=START + DAY) >= 4
    assert not Touched.objects.exists()
    assert keeping.keep(at=START + DAY + MINUTE) == 0


def test_a_database_that_was_put_back_to_an_earlier_hour_is_asked_for_all(monkeypatch):
    """Its transactions are counted from earlier: what happens now would look old."""
    monkeypatch.setattr("statuspage.models.subscriber.TouchedQuerySet.seen_until", lambda _self: 1)
    assert keeping.keep(at=START + MINUTE) >= 4


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_bytes(b"nothing"),
    ],
)
def test_a_book_that_cannot_be_read_is_written_anew(spoil):
    spoil(kept.folder() / "subscribers.sealed")
    of("n0").update(quiet=True)
    keeping.keep(at=START + MINUTE)
    assert_it_is_as_the_table()


def test_another_key_writes_it_anew(settings):
    settings.SECRET_KEY = "another" * 8
    assert keeping.keep(at=START + MINUTE) >= 4
    assert len(names()) == 8


def test_a_book_of_the_version_before_is_written_anew(settings):
    path = kept.folder() / "subscribers.sealed"
    secret = settings.SECRET_KEY
    pieces = list(sealed.Sealed(path, secret=secret).pieces())
    sealed.write(path, pieces, secret=secret, about={"at": "2026-11-23T03:00:00.000Z"})
    assert kept.kept_at() == START
    assert keeping.keep(at=START + MINUTE) >= 4


def test_the_word_that_it_is_true_is_of_this_book_alone():
    keeping.keep(at=START + 3 * MINUTE)
    of("n0").update(quiet=True)
    keeping.keep(at=START + MINUTE)
    assert kept.kept_at() == START + MINUTE


def assert_it_is_as_the_table():
    told = Subscriber.objects.filter(way=Way.EMAIL, standing=Standing.ACTIVE).order_by("pk")
    assert [(one.pk, one.key, one.address, one.language, one.choice) for one in Crowd()] == [
        (one.pk, one.key, one.address, one.language, one.choice) for one in told
    ]
