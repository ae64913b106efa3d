"""What a response has staked is looked at again: whoever led is reminded once, quietly."""

from datetime import timedelta

import pytest

from core import clock
from energy import services
from energy.domain.staking import Worth, worth
from energy.models import EnergyPolicy, Response, Step
from incidents.domain.roles import Role
from incidents.models import RoleHeld, StakeholderMessage
from incidents.services import declare
from integrations.tron import SUN
from notifications.models import Delivery
from notifications.rendering import render
from teams.models import ContactMethod, User
from tests.energy.shortage import told
from tests.energy.test_actions import begun, over, stake
from tests.energy.ticks import watch
from tests.race import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("sun", "weight", "found"),
    [
        (1_000_000 * SUN, 18_000_000_000, Worth(10_000_000, 307, 2_000_000_000)),
        (SUN - 1, 18_000_000_000, Worth(0, 0, 0)),
        (SUN, 0, Worth(0, 0, 0)),
    ],
)
def test_a_stake_sustains_twice_its_energy_a_day(sun, weight, found):
    said = worth(
        sun, total_limit=180_000_000_000, total_weight=weight, fee_sun=100, transfer_energy=65_000
    )
    assert said == found


@pytest.fixture
def staked(shop):
    """Five thousand TRX of the treasury, by a response that ended three days ago."""
    commander, now = User.objects.get(username="commander"), clock.database_now()
    incident = declare("에너지 부족", severity="P1", by=commander, at=now)
    incident.roles.all().delete()
    action = begun(stake(shop, 5_000 * SUN))
    over(shop, action)
    watch()
    response = Response.objects.create(
        wallet=shop.hot, policy=EnergyPolicy.now(), level=3, incident=incident,
        began_at=now - 3 * DAY, ended_at=now - 3 * DAY,
    )  # fmt: skip
    Step.objects.create(
        response=response, round=1, lever="EMERGENCY_STAKING", why="short", level=3,
        sun=action.sun, energy=47_000, helper=shop.treasury, action=action, risen_at=now,
    )  # fmt: skip
    return response


def leads(response, username="commander", *, until=None):
    """And can be written to."""
    ContactMethod.objects.get_or_create(
        user=User.objects.get(username=username), channel="email",
        defaults={"address": f"{username}@example.com"},
    )  # fmt: skip
    RoleHeld.objects.create(
        incident=response.incident, role=Role.COMMANDER, user=User.objects.get(username=username),
        since=response.began_at, until=until,
    )  # fmt: skip


def notices():
    return Delivery.objects.filter(template="stake_review")


def remind(**later):
    return services.remind_of_stakes(at=clock.database_now() + timedelta(**later))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_whoever_led_is_told_what_was_staked_since_when_and_what_it_is_worth(staked, language):
    leads(staked, until=staked.ended_at)
    User.objects.filter(username="commander").update(language=language)

    assert remind() == 1

    (notice,) = notices()
    said = render(notice).text
    for words in (
        "5,000\N{NO-BREAK SPACE}TRX",
        "treasury",
        f"/energy/{staked.steps.get().helper_id}/",
        "14",
    ):
        assert words in said
    assert told(staked.incident)[-1] == "energy_stake_review"


def test_once_however_often_it_is_looked_and_by_how_many(staked):
    leads(staked)

    found = at_once(*[remind] * 4)

    assert sum(found) == 1
    assert remind(days=40) == 0
    assert notices().count() == 1


def test_not_before_its_time_and_late_after_a_long_night(staked):
    leads(staked)
    Response.objects.update(ended_at=clock.database_now() - timedelta(days=2))

    assert remind() == 0
    assert remind(days=60) == 1


def test_nobody_is_where_the_policy_says_so_or_the_response_goes_on(staked):
    EnergyPolicy.objects.update(review_stakes_after=timedelta(0))
    assert remind(days=9) == 0
    EnergyPolicy.objects.update(review_stakes_after=DAY)
    Response.objects.update(ended_at=None)
    assert remind(days=9) == 0


def test_operations_are_told_where_nobody_led(staked):
    assert remind() == 1

    message = StakeholderMessage.objects.get(group__slug="operations")
    assert "5,000\N{NO-BREAK SPACE}TRX" in message.subject_en
    assert not notices().exists()


def test_the_treasurys_page_shows_what_was_staked(staked, client):
    client.force_login(User.objects.get(username="commander"))
    wallet = staked.steps.get().helper_id
    page = client.get(f"/energy/{wallet}/").content.decode()
    assert f"/actions/{staked.steps.get().action_id}/" in page
