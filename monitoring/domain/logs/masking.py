"""Secrets and addresses do not leave the line's place: what is kept or shown is masked.

An address keeps a mark of two bytes, the same for the same one, so that a reader can tell whether
two lines speak of one. A secret keeps nothing.
"""

from collections.abc import Callable, Sequence
from hashlib import blake2b
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Any, Final

from monitoring.domain.logs.expressions import expression, together

SECRET: Final = "‹secret›".encode()
KEYS: Final = (
    rb"pass(?:word|wd|phrase|code)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key"
    rb"|signing[_-]?key|encryption[_-]?key|credentials?|authorization|cookie|session(?:[_-]?id)?"
)
# In quotes, in quotes that are themselves quoted, and in quotes that a cut line never closed.
VALUE: Final = (
    rb"(?:(?:bearer|basic|token|digest)\s+)?"
    rb"(?:\\\"(?:[^\"\\]|\\[^\"])*(?:\\\"|\z)|\"(?:[^\"\\]|\\(?s:.))*(?:\"|\z)"
    rb"|'[^']*(?:'|\z)|[^\s,;&\"')}\]]+)"
)


def _kept(match: Any) -> bytes:
    """What stands before the secret stays."""
    return bytes(match.group(1)) + SECRET


def _all(_match: Any) -> bytes:
    return SECRET


def _marked(kind: str) -> Callable[[Any], bytes]:
    def mark(match: Any) -> bytes:
        return _mark(kind, match.group())

    return mark


def _mark(kind: str, value: bytes) -> bytes:
    return f"‹{kind}:{blake2b(value, digest_size=2).hexdigest()}›".encode()


def _blob(match: Any) -> bytes:
    """Long and of all kinds of letters, as no path and no word is."""
    text: bytes = match.group()
    mixed = any(map(str.isdigit, text.decode())) and text.lower() != text != text.upper()
    return SECRET if mixed else text


def _ipv4(match: Any) -> bytes:
    text: bytes = match.group()
    try:
        address = IPv4Address(text.decode())
    except AddressValueError:
        return text
    return text if address.is_loopback or address.is_unspecified else _mark("ip", text)


def _ipv6(match: Any) -> bytes:
    before, text = match.group(1), match.group(2)
    try:
        address = IPv6Address(text.decode())
    except AddressValueError:
        return bytes(before + text)
    if address.is_loopback or not any(0x30 <= letter <= 0x39 for letter in text):
        return bytes(before + text)
    return bytes(before) + _mark("ip", text)


def _card(match: Any) -> bytes:
    """By the check digit of cards, or every long number would be one."""
    text: bytes = match.group()
    digits = [letter - 0x30 for letter in text if 0x30 <= letter <= 0x39]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return _mark("card", text) if (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 else text


Rule = tuple[bytes, Callable[[Any], bytes]]
SECRETS: Final[tuple[Rule, ...]] = (
    (
        rb"(?s)-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----.*?"
        rb"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|\z)",
        _all,
    ),
    (
        rb"(?i)((?:mnemonic|seed[_ -]?phrase)[\\\"']{0,3}\s{0,3}[=:]\s{0,3}[\\\"']{0,3})[^\"'\\]+",
        _kept,
    ),
    (rb"\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?", _all),
    (
        rb"(?i)((?:" + KEYS + rb")[\w-]{0,20}\\?[\"']?\s{0,3}(?:=>|[=:])\s{0,3})" + VALUE,
        _kept,
    ),
    (rb"(?i)((?:set-)?cookie:\s{0,3})[^\r\n\"']+", _kept),
    (rb"(?i)(--?(?:[\w-]{0,40}-)?(?:" + KEYS + rb")\s+)[^\s-]\S*", _kept),
    (rb"(?i)(\b(?:password|identified by)\s+)'[^']*'", _kept),
    (rb"(?i)(\b(?:bearer|basic)\s+)[A-Za-z0-9+/._~-]{8,}=*", _kept),
    (rb"(://[^\s:/@]{0,200}:)[^\s/]+(?:@)", lambda found: _kept(found) + b"@"),
    (
        rb"\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{15,}"
        rb"|xox[abeoprs]-[\w-]{10,}|[rs]k_(?:live|test)_\w{10,}|sk-[\w-]{20,}|AIza[\w-]{35}"
        rb"|SK[0-9a-f]{32}|SG\.[\w-]{16,}\.[\w-]{16,})",
        _all,
    ),
    (rb"(hooks\.slack\.com/services/)[\w/]+", _kept),
    (rb"\b(?:0x)?[0-9a-fA-F]{64}\b", _marked("hex")),
    (rb"\b[A-Za-z0-9+/]{60,}={0,2}", _blob),
)
ADDRESSES: Final[tuple[Rule, ...]] = (
    (rb"\bT[1-9A-HJ-NP-Za-km-z]{33}\b", _marked("address")),
    (rb"\b(?:0x|41)[0-9a-fA-F]{40}\b", _marked("address")),
    (rb"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+", _marked("email")),
    (rb"\b\d{6}-[1-8]\d{6}\b", _marked("person")),
    (rb"\b01[016789]-?\d{3,4}-?\d{4}\b", _marked("phone")),
    (rb"\b(?:\d{1,3}\.){3}\d{1,3}\b", _ipv4),
    (
        rb"(^|[^\w:.])((?:[0-9A-Fa-f]{1,4}:){5,7}[0-9A-Fa-f]{1,4}"
        rb"|(?:[0-9A-Fa-f]{1,4}:){0,7}:(?:[0-9A-Fa-f]{1,4}:){0,6}[0-9A-Fa-f]{1,4})",
        _ipv6,
    ),
    (rb"\b[3-6](?:[ -]?\d){12,18}\b", _card),
)


class Mask:
    def __init__(self, rules: Sequence[Rule]) -> None:
        self._any = together(one for one, _ in rules)
        self._each = [(expression(one), put) for one, put in rules]

    def __call__(self, text: bytes) -> bytes:
        """Most lines hold none of it, and cost one look."""
        for number in sorted(self._any.Match(text) or ()):
            found, put = self._each[number]
            text = found.sub(put, text)
        return text


masked: Final = Mask(SECRETS + ADDRESSES)
without_secrets: Final = Mask(SECRETS)  # for those who need the addresses in it


def shown(line: bytes) -> str:
    """As it may be kept and read: masked, without what no text can hold."""
    return masked(line).decode(errors="backslashreplace").replace("\0", "")
