"""Subscribers as Statuspage exports them: a list by its API, or rows of its CSV, with or without a head."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

CODES: Final = {
    "au": "+61", "ca": "+1", "cn": "+86", "de": "+49", "fr": "+33", "gb": "+44", "hk": "+852", "id": "+62",
    "in": "+91", "jp": "+81", "kr": "+82", "my": "+60", "ph": "+63", "sg": "+65", "th": "+66", "tw": "+886",
    "us": "+1", "vn": "+84",
}  # fmt: skip
MODES: Final = ("email", "sms", "webhook", "slack", "teams")
COUNTRY: Final = re.compile(r"[A-Za-z]{2}")
NUMBER: Final = re.compile(r"[+0-9][0-9 ().-]{5,}")


@dataclass(frozen=True)
class Exported:
    """As it stands there, but for the phone, whose country's code is before it."""

    mode: str
    email: str = ""
    phone: str = ""
    endpoint: str = ""
    components: tuple[str, ...] = field(default=())  # ids or names; none: everything
    lost: bool = False  # could not be reached there any more
    line: int = field(default=0, compare=False)  # of the file; 0 where there are none


def of_json(said: Any) -> Iterator[Exported]:
    """Raises TypeError, KeyError or AttributeError where it is no list of subscribers."""
    for one in said["subscribers"] if isinstance(said, Mapping) else said:
        yield _of(one)


def of_csv(lines: Iterable[str]) -> Iterator[Exported]:
    head: list[str] = []
    rows = csv.reader(lines)
    for row in rows:
        cells = [each.strip() for each in row]
        if not any(cells):
            continue
        if not head and _is_row(cells):
            yield replace(_of_cells(cells), line=rows.line_num)
        elif not head:
            head = [re.sub(r"\W+", "_", each.lower()) for each in cells]
        else:
            yield replace(_of(dict(zip(head, cells, strict=False))), line=rows.line_num)


def _is_row(cells: Sequence[str]) -> bool:
    """A way, and an address behind it; a head may begin with the word `email` as well."""
    return cells[0].lower() in MODES and any(_kind(one) not in {"", "country"} for one in cells[1:])


def _of(said: Mapping[str, Any]) -> Exported:
    email, url = said.get("email") or "", said.get("endpoint") or ""
    number = said.get("phone_number") or said.get("phone") or ""
    usual = "webhook" if url else "sms" if number else "email"
    mode = (said.get("mode") or said.get("type") or usual).lower()
    named = said.get("components") or ()
    if isinstance(named, str):
        named = [each.strip() for each in re.split(r"[;|,]", named) if each.strip()]
    phone = _phone(number, said.get("phone_country") or said.get("country") or "")
    lost = bool(said.get("quarantined_at"))
    return Exported(mode, email, phone, url, tuple(map(str, named)), lost)


def _of_cells(cells: Sequence[str]) -> Exported:
    """Each cell says by its shape what it is; yes and no are about letters that were sent there."""
    mode, rest = (
        cells[0].lower(),
        [one for one in cells[1:] if one.lower() not in {"", "yes", "no"}],
    )
    found = {"email": "", "phone": "", "endpoint": "", "country": ""}
    named = []
    for one in rest:
        kind = _kind(one)
        if kind and not found[kind]:
            found[kind] = one
        else:
            named.append(one)
    phone = _phone(found["phone"], found["country"])
    return Exported(mode, found["email"], phone, found["endpoint"], tuple(named))


def _kind(cell: str) -> str:
    if cell.lower().startswith(("http://", "https://")):
        return "endpoint"
    if "@" in cell:
        return "email"
    if NUMBER.fullmatch(cell):
        return "phone"
    return "country" if COUNTRY.fullmatch(cell) else ""


def _phone(number: str, country: str) -> str:
    code = CODES.get(country.lower(), "")
    return number if number.startswith("+") or not code else code + number.lstrip("0")
