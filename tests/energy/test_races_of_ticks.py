"""Two workers' ticks at the same moment: each wallet is read by one of them."""

import pytest

from energy import services
from energy.domain.measuring import measure
from energy.models import Reading, Wallet
from monitoring.models import Alert
from tests.energy.wallets import NOW, OTHER, hot, saying, seen
from tests.race import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("_attempt", range(5))
def test_ticks_that_race_read_each_wallet_once_and_tell_once(_attempt) -> None:
    hot()
    hot(name="Other", address=OTHER)
    found = measure(seen(4), at=NOW)

    read = at_once(*[lambda: services.watch(at=NOW, look=saying(found))] * 4)

    assert sum(read) == 2
    assert Reading.objects.count() == 2
    assert Alert.objects.count() == 4  # low and emergency, of each
    assert set(Wallet.objects.values_list("held_until", flat=True)) == {None}
