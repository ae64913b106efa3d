"""The alerts of a wallet as people meet them: one incident, which rises with them and ends with them."""

from datetime import timedelta

import pytest

from energy.domain.measuring import measure
from energy.models import Role, Wallet
from energy.screens.rows import rows_of
from energy.services import watch
from incidents import services
from incidents.models import Incident
from monitoring.models import Alert
from tests.energy.wallets import NOW, hot, saying, seen

pytestmark = pytest.mark.django_db
STEP = timedelta(seconds=30)


def tick(left: float, number: int) -> None:
    at = NOW + STEP * number
    watch(at=at, look=saying(measure(seen(left, at), at=at)))
    services.take_in(at=at)


def test_a_shortage_is_one_incident_that_rises_with_it(seeded: None) -> None:
    Wallet.objects.all().delete()  # those of the sandbox
    hot()

    severities = []
    for number, left in enumerate((60, 15, 4, 0.5)):
        tick(left, number)
        severities.append(Incident.objects.values_list("severity", flat=True).first())

    assert severities == [None, "P2", "P1", "P0"]
    assert Incident.objects.count() == 1
    assert "고갈" in Alert.objects.get(key__endswith="critical").title
    assert {service.slug for service in Incident.objects.get().services.all()} == {"energy"}


def test_energy_that_is_back_ends_the_alerts(seeded: None) -> None:
    Wallet.objects.all().delete()
    hot()
    for number, left in enumerate((0.5, 0.5, 90, 90)):
        tick(left, number)

    assert not Alert.objects.filter(resolved_at=None).exists()


def test_a_treasury_that_lent_all_away_is_no_alarm(seeded: None) -> None:
    Wallet.objects.all().delete()
    hot(role=Role.TREASURY)
    tick(0, 0)

    (row,) = rows_of(list(Wallet.objects.select_related("last")), at=NOW)

    assert (str(row.word), row.tone) == ("에너지 위임용", "")
    assert not Alert.objects.exists()
