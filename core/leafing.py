"""Leafing through a long list without counting all of it."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

AHEAD: Final = 10


class Leaves(Paginator):  # type: ignore[type-arg]  # it takes none when it runs
    """Pages of which only the next few are counted: a long history costs no more than a short one."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, asked: str) -> None:
        super().__init__(rows, per_page)
        here = int(asked[:6]) if asked.isascii() and asked.isdigit() else 1
        self._rows = rows
        self._far = (here + AHEAD) * per_page

    @cached_property
    def count(self) -> int:
        return self._rows.order_by()[: self._far].count()

    @property
    def total(self) -> str:
        """How many pages there are, as far as they were counted: "3", "11+"."""
        return f"{self.num_pages}+" if self.count == self._far else str(self.num_pages)

    @property
    def counted(self) -> str:
        """How many rows there are, as far as they were counted: "214", "550+"."""
        return f"{self.count}+" if self.count == self._far else str(self.count)
