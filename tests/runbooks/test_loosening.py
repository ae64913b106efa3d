"""What loosens limits waits for a second administrator, and what tightens holds at once."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction

from core import clock
from core.errors import Refused
from notifications.models import Delivery
from notifications.models import State as Sent
from runbooks.domain.actions import Before, Caps, Mode, Verdict, Why, verdict
from runbooks.models import Limits, Loosening
from runbooks.services import expire_loosenings
from runbooks.services.loosening import approve, change, refuse, withdraw
from teams.models import ContactMethod, User
from tests.race import at_once, raised
from tests.runbooks import effects

pytestmark = pytest.mark.django_db
DAY = timedelta(hours=24)


@pytest.fixture
def admins(file):
    made = [
        User.objects.create(username=name, email=f"{name}@company.com", role="administrator")
        for name in ("ana", "ben", "cho")
    ]
    for user in made:
        ContactMethod.objects.get_or_create(user=user, channel="email", address=user.email)
    return made


@pytest.fixture
def limits(file):
    row = Limits.of(effects.NAME)
    Limits.objects.filter(pk=row.pk).update(
        mode="on", action_cap_sun=100, day_cap_sun=200, lifetime_cap_sun=400
    )
    return Limits.objects.get(pk=row.pk)


def saved(limits, by, *, reason="출금이 늘었어요", at=None, **values):
    for name, value in values.items():
        setattr(limits, name, value)
    return change("limits", limits, by=by, at=at or clock.now(), reason=reason)


def held(limits, *names):
    limits = Limits.objects.get(pk=limits.pk)
    return [getattr(limits, name) for name in names]


def words(loosening):
    return list(loosening.entries.values_list("word", flat=True))


def test_a_higher_cap_waits_and_holds_once_another_has_confirmed_it(admins, limits):
    ana, ben, _cho = admins
    waiting = saved(limits, ana, day_cap_sun=300).waiting
    assert held(limits, "day_cap_sun") == [200]
    assert waiting.fields == {"day_cap_sun": [200, 300]}

    approve(waiting, by=ben, at=clock.now())

    waiting.refresh_from_db()
    assert held(limits, "day_cap_sun") == [300]
    assert (waiting.state, waiting.decided_by) == ("applied", ben)
    assert words(waiting) == ["proposed", "applied"]


def test_a_lower_cap_holds_at_once_and_needs_no_reason(admins, limits):
    done = saved(limits, admins[0], reason="", day_cap_sun=150, mode="off")

    assert done.waiting is None
    assert held(limits, "day_cap_sun", "mode") == [150, "off"]
    assert not Loosening.objects.exists()


def test_of_a_mixed_save_the_tighter_part_holds_and_the_rest_waits(admins, limits):
    done = saved(limits, admins[0], action_cap_sun=50, day_cap_sun=300)

    assert done.now == {"action_cap_sun": [100, 50]}
    assert held(limits, "action_cap_sun", "day_cap_sun") == [50, 200]
    approve(done.waiting, by=admins[1], at=clock.now())
    assert held(limits, "action_cap_sun", "day_cap_sun") == [50, 300]


def test_without_a_reason_nothing_is_proposed(admins, limits):
    with pytest.raises(Refused):
        saved(limits, admins[0], reason=" ", day_cap_sun=300, action_cap_sun=1)

    assert held(limits, "action_cap_sun", "day_cap_sun") == [100, 200]


def test_nobody_confirms_what_they_proposed_and_that_they_tried_is_kept(admins, limits):
    waiting = saved(limits, admins[0], day_cap_sun=300).waiting

    with pytest.raises(Refused):
        approve(waiting, by=admins[0], at=clock.now())

    assert held(limits, "day_cap_sun") == [200]
    assert words(waiting) == ["proposed", "same_person"]


def test_the_database_itself_keeps_one_person_from_loosening_alone(admins, limits):
    waiting = saved(limits, admins[0], day_cap_sun=300).waiting

    with pytest.raises(IntegrityError), transaction.atomic():
        Loosening.objects.filter(pk=waiting.pk).update(state="applied", decided_by=admins[0])


@pytest.mark.django_db(transaction=True)
def test_whoever_became_an_administrator_while_it_waits_does_not_confirm_it(admins, limits):
    waiting = saved(limits, admins[0], day_cap_sun=300).waiting
    puppet = User.objects.create(username="dan", email="d@company.com", role="administrator")

    with pytest.raises(Refused):
        approve(waiting, by=puppet, at=clock.now())

    assert words(waiting) == ["proposed", "too_new"]


def test_an_old_proposal_is_none(admins, limits):
    at = clock.now()
    waiting = saved(limits, admins[0], at=at, day_cap_sun=300).waiting

    with pytest.raises(Refused):
        approve(waiting, by=admins[1], at=at + DAY)

    waiting.refresh_from_db()
    assert (waiting.state, held(limits, "day_cap_sun")) == ("expired", [200])
    assert words(waiting) == ["proposed", "expired"]


def test_the_tick_gives_up_what_nobody_decided(admins, limits):
    at = clock.now()
    waiting = saved(limits, admins[0], at=at, day_cap_sun=300).waiting

    assert expire_loosenings(at=at + DAY - timedelta(seconds=1)) == 0
    assert expire_loosenings(at=at + DAY) == 1
    assert expire_loosenings(at=at + DAY) == 0
    assert words(waiting) == ["proposed", "expired"]


def test_a_confirmation_is_good_once(admins, limits):
    waiting = saved(limits, admins[0], day_cap_sun=300).waiting
    approve(waiting, by=admins[1], at=clock.now())
    saved(Limits.objects.get(pk=limits.pk), admins[2], day_cap_sun=200)

    with pytest.raises(Refused):
        approve(waiting, by=admins[1], at=clock.now())

    assert held(limits, "day_cap_sun") == [200]
    assert words(waiting) == ["proposed", "applied", "over"]


@pytest.mark.parametrize("now", [150, 250])
def test_what_was_changed_meanwhile_is_not_overwritten(admins, limits, now):
    waiting = saved(limits, admins[0], day_cap_sun=300).waiting
    Limits.objects.filter(pk=limits.pk).update(day_cap_sun=now)

    with pytest.raises(Refused):
        approve(waiting, by=admins[1], at=clock.now())

    waiting.refresh_from_db()
    assert (waiting.state, held(limits, "day_cap_sun")) == ("outdated", [now])
    assert words(waiting) == ["proposed", "outdated"]


def test_what_fits_no_more_is_not_done(admins, limits):
    """Its own field is as it was; another has become tighter, and together they make no sense."""
    waiting = saved(limits, admins[0], day_cap_sun=400).waiting
    Limits.objects.filter(pk=limits.pk).update(lifetime_cap_sun=300)

    with pytest.raises(Refused):
        approve(waiting, by=admins[1], at=clock.now())

    assert held(limits, "day_cap_sun") == [200]
    assert words(waiting) == ["proposed", "outdated"]


def test_it_is_refused_with_a_reason_and_withdrawn_by_whoever_proposed_it(admins, limits):
    ana, ben, _cho = admins
    first = saved(limits, ana, day_cap_sun=300).waiting
    refuse(first, by=ben, at=clock.now(), reason="너무 많아요")
    second = saved(Limits.objects.get(pk=limits.pk), ana, day_cap_sun=300).waiting
    with pytest.raises(Refused):
        withdraw(second, by=ben, at=clock.now())
    withdraw(second, by=ana, at=clock.now())

    for over in (first, second):
        with pytest.raises(Refused):
            approve(over, by=ben, at=clock.now())
    assert words(first) == ["proposed", "refused", "over"]
    assert first.entries.get(word="refused").text == "너무 많아요"
    assert words(second) == ["proposed", "not_theirs", "withdrawn", "over"]
    assert held(limits, "day_cap_sun") == [200]


def test_the_other_administrators_are_told_quietly_and_no_more_once_it_is_over(admins, limits):
    ana, ben, cho = admins
    waiting = saved(limits, ana, day_cap_sun=300).waiting

    told = Delivery.objects.about(f"loosening:{waiting.pk}")
    assert set(told.values_list("recipient_id", flat=True)) == {ben.pk, cho.pk}
    assert "출금이 늘었어요" in told.first().context["localised"]["ko"]["what"]
    withdraw(waiting, by=ana, at=clock.now())
    assert set(told.values_list("state", flat=True)) == {Sent.CANCELLED}


def test_the_history_of_the_setting_names_both(admins, limits):
    waiting = saved(limits, admins[0], day_cap_sun=300).waiting
    approve(waiting, by=admins[1], at=clock.now())

    told = LogEntry.objects.get(user=admins[1], object_id=str(limits.pk)).get_change_message()
    assert "200 → 300" in told
    assert "ana" in told


def test_until_it_is_confirmed_the_guards_judge_by_the_old_cap(admins, limits):
    def judged():
        found = Limits.objects.get(pk=limits.pk)
        now = clock.now()
        return verdict(
            150,
            found.plain,
            Before(),
            mode=Mode(found.mode),
            halted=False,
            proposed_at=now,
            now=now,
        )

    waiting = saved(limits, admins[0], action_cap_sun=200).waiting
    assert judged() is Why.TOO_MUCH

    approve(waiting, by=admins[1], at=clock.now())
    assert judged() is Verdict.GO
    assert Limits.objects.get(pk=limits.pk).plain.caps == Caps(200, 200, 400)


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmations_at_once_one_holds(admins, limits):
    _ana, ben, cho = admins
    for wanted in range(210, 220):
        row = Limits.objects.get(pk=limits.pk)
        waiting = saved(row, admins[0], day_cap_sun=wanted).waiting

        found = at_once(
            lambda it=waiting: approve(it, by=ben, at=clock.now()),
            lambda it=waiting: approve(it, by=cho, at=clock.now()),
        )

        [late] = raised(found)
        assert isinstance(late, Refused)
        assert held(limits, "day_cap_sun") == [wanted]
        assert words(waiting) == ["proposed", "applied", "over"]


@pytest.mark.django_db(transaction=True)
def test_a_cap_lowered_while_a_higher_one_is_confirmed_stays_low(admins, limits):
    """Whoever comes second: the lower cap is saved in any case, and no confirmation overwrites it unseen."""
    ana, ben, cho = admins
    for _round in range(10):
        Limits.objects.filter(pk=limits.pk).update(day_cap_sun=200)
        waiting = saved(Limits.objects.get(pk=limits.pk), ana, day_cap_sun=300).waiting
        low = Limits.objects.get(pk=limits.pk)

        found = at_once(
            lambda it=waiting: approve(it, by=ben, at=clock.now()),
            lambda row=low: saved(row, cho, reason="", day_cap_sun=120),
        )

        assert all(isinstance(one, Refused) for one in raised(found))
        assert held(limits, "day_cap_sun") == [120]


def decided(waiting):
    return Delivery.objects.about(f"loosening:{waiting.pk}").filter(step="decided")


def test_whoever_proposed_it_hears_what_was_decided_and_by_whom(admins, limits):
    ana, ben, _cho = admins
    waiting = saved(limits, ana, day_cap_sun=300).waiting

    refuse(waiting, by=ben, at=clock.now(), reason="시세가 두 배예요")

    told = decided(waiting).get()
    assert (told.recipient_id, told.context["by"]) == (ana.pk, ben.name)
    assert told.context["reason"] == "시세가 두 배예요"
    assert told.context["localised"]["en"]["state"] == "refused"


def test_whoever_proposed_it_hears_that_nobody_decided(admins, limits):
    at = clock.now()
    waiting = saved(limits, admins[0], at=at, day_cap_sun=300).waiting

    expire_loosenings(at=at + DAY)

    assert decided(waiting).get().recipient_id == admins[0].pk


def test_nobody_is_told_of_what_they_withdrew_themselves(admins, limits):
    waiting = saved(limits, admins[0], day_cap_sun=300).waiting

    withdraw(waiting, by=admins[0], at=clock.now())

    assert not decided(waiting).exists()
