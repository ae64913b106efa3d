from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction

from energy.domain.states import Level, Standing
from energy.models import Reading, Wallet
from integrations.tron import is_address

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 3, 12, tzinfo=UTC)
USDT = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"


def test_an_address_is_known_by_its_check() -> None:
    assert is_address(USDT)
    assert not is_address(USDT[:-1] + "u")
    assert not is_address("T" + "z" * 33)
    assert not is_address("")
    assert not is_address(USDT.replace("R", "0"))
    with pytest.raises(ValidationError):
        Wallet(name="hot", address="TR7").full_clean()


def test_a_reading_does_not_change() -> None:
    wallet = Wallet.objects.create(name="hot", address=USDT)
    reading = Reading.objects.create(wallet=wallet, at=NOW, used=5)

    with pytest.raises(ProgrammingError, match="do not change"), transaction.atomic():
        Reading.objects.filter(pk=reading.pk).update(used=6)

    reading.delete()
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"emergency_until": 4}, {"emergency_below": 21}, {"critical_below": 6}]
)
def test_thresholds_that_contradict_each_other_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Wallet.objects.create(name="hot", address=USDT, **wrong)


def test_how_a_wallet_stands_is_kept_whole() -> None:
    wallet = Wallet(name="hot", address=USDT)
    standing = Standing(Level.CRITICAL, Level.EMERGENCY, Level.EMERGENCY, 1, 2, False, True)

    wallet.stands(standing)

    assert wallet.standing == standing
