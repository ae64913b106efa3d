"""Many postmortems as one ZIP: each PDF is made and kept by itself, and passed through one at a time."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from postmortems.models import Postmortem, Rendering
from postmortems.services.printing import ask_all

MOST: Final = 200  # in one ZIP
RISKY: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes what begins so for a formula


@dataclass(frozen=True)
class Binder:
    bound: Sequence[tuple[Postmortem, Rendering]]

    @property
    def total(self) -> int:
        return len(self.bound)

    @property
    def made(self) -> int:
        return sum(row.made_at is not None for _one, row in self.bound)

    @property
    def failed(self) -> list[tuple[Postmortem, Rendering]]:
        return [(one, row) for one, row in self.bound if row.error]

    @property
    def is_over(self) -> bool:
        """Nothing more comes by itself."""
        return self.made + len(self.failed) == self.total


def bind(postmortems: Sequence[Postmortem], language: str, *, again: bool = False) -> Binder:
    """Asks for what is not made yet. The worker makes it behind what single people wait for."""
    if not postmortems:
        raise Refused(_("No postmortem fits these filters."))
    if len(postmortems) > MOST:
        said = _("That is more than %(most)s postmortems: choose a quarter or a service.")
        raise Refused(said % {"most": MOST})
    rows = ask_all(postmortems, language, again=again)
    return Binder(tuple(zip(postmortems, rows, strict=True)))


def zipped(binder: Binder) -> Iterator[bytes]:
    """The ZIP in parts, of which only one PDF is in memory. The same PDFs make the same bytes."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_STORED) as archive:
        for one, row in binder.bound:
            pdf = Rendering.objects.filter(pk=row.pk).values_list("pdf", flat=True).first()
            if pdf:
                archive.writestr(_entry(_name(one, row), one), bytes(pdf))
                yield sink.taken()
        archive.writestr(_entry("index.csv", binder.bound[0][0]), _index(binder))
    yield sink.taken()


class _Sink(io.RawIOBase):
    """What was written and not yet taken on."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, said: bytes) -> int:  # type: ignore[override]
        self._parts.append(bytes(said))
        return len(said)

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _entry(name: str, postmortem: Postmortem) -> ZipInfo:
    at = timezone.localtime(postmortem.updated_at)
    return ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))


def _name(postmortem: Postmortem, row: Rendering) -> str:
    incident = postmortem.incident
    day = timezone.localtime(incident.detected_at).date()
    return f"{day:%Y-%m-%d}-{incident.number}-{incident.severity}-{row.language}.pdf"


def _index(binder: Binder) -> bytes:
    """With a mark of order, without which a spreadsheet reads Korean as something else."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(
        ["number", "severity", "title", "state", "version", "detected", "resolved", "file"]
    )
    for one, row in binder.bound:
        incident = one.incident
        resolved = incident.resolved_at.isoformat() if incident.resolved_at else ""
        cells = [incident.number, incident.severity, incident.heading, one.state, one.version,
                 incident.detected_at.isoformat(), resolved, _name(one, row) if row.made_at else row.error]  # fmt: skip
        table.writerow([_safe(str(cell)) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(RISKY) else cell
