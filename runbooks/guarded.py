"""Settings that bound what the machine may do with money, registered by the apps that hold them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Final, cast

from django.db.models import Field, Model
from django.utils.duration import duration_iso_string

from core.registry import Registry
from runbooks.domain.loosening import LIMITS, Rule
from runbooks.models.limits import Limits
from teams.models import User


class Guarded:
    """One table of settings, each row changed in place. `rules` has every field that people can change."""

    model: ClassVar[type[Model]]
    rules: ClassVar[Mapping[str, Rule]]

    def held(self, key: int | None) -> Model:
        """As it stands, and nobody else's to change until the transaction is over."""
        return self.model._default_manager.select_for_update().get(pk=key)

    def first(self, wanted: Model) -> Model:
        """What a new one begins with, whatever is wanted."""
        raise NotImplementedError

    def put(self, row: Model, values: Mapping[str, Any], *, by: User) -> Model:
        """The row with these values. Raises ValidationError when they do not fit the others."""
        for name, value in values.items():
            setattr(row, name, value)
        # What the machine writes beside them is neither judged nor overwritten.
        row.full_clean(exclude={one.name for one in self.model._meta.fields} - set(self.rules))
        row.save(update_fields=None if row._state.adding else [*values])
        return row

    def key(self, row: Model) -> int | None:
        """How it is found again; None where the newest holds."""
        found: int = row.pk
        return found

    def field(self, name: str) -> "Field[Any, Any]":
        return cast("Field[Any, Any]", self.model._meta.get_field(name))

    def values(self, row: Model) -> dict[str, Any]:
        return {name: getattr(row, name) for name in self.rules}


guarded: Final[Registry[Guarded]] = Registry("runbooks.guarded")


@guarded.register("limits")
class LimitsOfAKind(Guarded):
    model = Limits
    rules = LIMITS


def written(value: Any) -> Any:
    """As JSON keeps it."""
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    return [str(one) for one in value] if isinstance(value, list | tuple) else value
