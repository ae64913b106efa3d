from pathlib import Path
from typing import Any

import pytest

from core import clock
from runbooks.domain.actions import Mode
from runbooks.models import Action, Limits
from runbooks.services import propose
from teams.models import User
from tests.runbooks import effects


@pytest.fixture
def file(tmp_path: Path) -> Path:
    effects.registered()
    return tmp_path / "effects"


@pytest.fixture
def switched_on(file: Path) -> None:
    Limits.of(effects.NAME)
    Limits.objects.update(mode=Mode.ON)


@pytest.fixture
def writing(file: Path) -> Any:
    def make(key: str = "one", *, sun: int = 10, **given: Any) -> Action:
        words = {
            name: given.pop(name) for name in ("slow", "fails", "costs", "blind") if name in given
        }
        at = given.pop("at", None) or clock.database_now()
        return propose(effects.NAME, key, {"file": str(file)} | words, at=at, sun=sun, **given)

    return make


@pytest.fixture
def people(db: None) -> list[User]:
    return [
        User.objects.create(username=name, email=f"{name}@company.com", role="commander")
        for name in ("ana", "ben", "cho")
    ]
