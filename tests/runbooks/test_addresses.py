"""An address that cannot be read is named without what stands in it: a password with a bare percent sign is the usual one."""

import pytest
from django.utils import translation

from core import clock
from integrations.postgresql import Fault, session
from maintenance.models import BackupPlan
from maintenance.services.backups import back_up
from maintenance.words.backups import sentence
from runbooks import inventory
from runbooks.domain.writing import Wrong
from runbooks.models import Database

ODD = [
    "postgresql://app:s3cret%zz@host/db",
    "postgresql://app:s3cret@[::1/db",
    "host=h s3cret",
    "postgresql://app:pass@host/db?s3cret=1",
]


@pytest.mark.parametrize("address", ODD)
def test_a_session_does_not_tell_it(address):
    with pytest.raises(Fault) as why, session(address, seconds=1):
        pass
    assert "s3cret" not in str(why.value)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ODD)
def test_neither_a_runbook_nor_a_backup_tells_it(address, tmp_path):
    row = Database.objects.create(name="ledger", address=address)
    with translation.override("en"):
        with pytest.raises(Wrong) as why:
            inventory.dsn("ledger")
        assert str(why.value).startswith("The address of ledger")
        plan = BackupPlan.objects.create(name="ledger", database=row, place=str(tmp_path))
        [flaw] = back_up(plan, at=clock.now()).told
        assert "The address of ledger" in sentence(flaw)
    assert "s3cret" not in f"{why.value} {flaw.facts}"
