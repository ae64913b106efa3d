"""What collectors ask over HTTP: the fields of such a check, and one answer within one deadline.

Checks are set up by administrators and may go to inside addresses, for that is where what they
watch lives; the guard of `integrations.http` is for what others can type.
"""

import json
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from django import forms
from django.utils.encoding import iri_to_uri, punycode
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from integrations import http
from monitoring.collector import SECRET, CollectError, CollectorForm, Settings, resolved

READ: Final = 1024 * 1024  # bytes; an answer may be longer, and that is all that is looked at
HOPS: Final = 5
HEADER: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:[ \t]*([ -~]*)")
SECRETIVE: Final = re.compile("authorization|cookie|token|secret|key", re.IGNORECASE)
CHARSET: Final = re.compile(r"charset=[\"']?([\w-]+)", re.IGNORECASE)
METHODS: Final = [(method, method) for method in ("GET", "HEAD", "POST")]


class AddressField(forms.CharField):
    """A web address as a browser would send it: Korean letters are encoded."""

    widget = forms.URLInput

    def clean(self, value: Any) -> str:
        said = str(super().clean(value))
        try:
            parts = urlsplit(said)
            host = punycode(parts.hostname or "")
            place = f"[{host}]" if ":" in host else host
            place += f":{parts.port}" if parts.port else ""
        except (ValueError, UnicodeError) as error:
            raise forms.ValidationError(_("This is no web address.")) from error
        if parts.username or parts.password:
            raise forms.ValidationError(_("Write the password into a header, as env:NAME."))
        address = str(iri_to_uri(parts._replace(netloc=place, fragment="").geturl()))
        if not http.WEB_ADDRESS.fullmatch(address):
            raise forms.ValidationError(_("This is no web address."))
        return address


class HeadersField(forms.CharField):
    widget = forms.Textarea(attrs={"class": "mono", "rows": 2, "spellcheck": "false"})

    def clean(self, value: Any) -> str:
        said = str(super().clean(value) or "")
        for line in filter(None, map(str.strip, said.splitlines())):
            if not (found := HEADER.fullmatch(line)):
                raise forms.ValidationError(_("Write each line as Name: value."))
            if SECRETIVE.search(found[1]) and found[2] and not SECRET.search(found[2]):
                raise forms.ValidationError(
                    _("Secrets are not kept here. Write env:NAME, and set the variable NAME.")
                )
        return said


class EncryptedForm(CollectorForm):
    """Whose certificate is believed."""

    verify = forms.BooleanField(
        label=_("the certificate must be valid"), required=False, initial=True
    )
    ca_file = forms.CharField(
        label=_("authority"), required=False, max_length=400,
        help_text=_("A PEM file where checks are run, for certificates of your own."),
    )  # fmt: skip


class ServerForm(EncryptedForm):
    """A server that is asked what the collector knows how to ask."""

    url = AddressField(label=_("address"), max_length=2000)
    headers = HeadersField(
        label=_("headers"), required=False, max_length=4000,
        help_text=_("A header a line. env:NAME in it is read from the environment."),
    )  # fmt: skip

    field_order: tuple[str, ...] = ("url", "headers")


class WebForm(ServerForm):
    """Whatever answers, asked in any way."""

    method = forms.ChoiceField(label=_("method"), choices=METHODS, initial="GET")
    body = forms.CharField(
        label=_("body"), required=False, max_length=8000,
        widget=forms.Textarea(attrs={"class": "mono", "rows": 2, "spellcheck": "false"}),
        help_text=_("With POST; sent as JSON."),
    )  # fmt: skip

    field_order = ("url", "method", "headers", "body", "verify", "ca_file")


@dataclass(frozen=True)
class Asked:
    answer: http.Answer
    seconds: float

    @property
    def json(self) -> Any:
        """Raises CollectError: what came is no JSON, or more of it than is looked at."""
        if len(self.answer.body) >= READ:
            raise CollectError(_now("The answer is longer than a megabyte."))
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError) as error:
            raise CollectError(_now("The answer is no JSON.")) from error

    @property
    def text(self) -> str:
        said = CHARSET.search(self.answer.headers.get("content-type", ""))
        try:
            return self.answer.body.decode(said[1] if said else "utf-8", "replace")
        except LookupError:
            return self.answer.body.decode("utf-8", "replace")


def ask(settings: Settings, *, timeout: float, follow: bool = False) -> Asked:
    """The last answer, and how long it took in all. Raises CollectError."""
    began = time.monotonic()
    url, headers = settings["url"], read_headers(settings["headers"])
    body, method = resolved(settings.get("body", "")).encode(), settings.get("method", "GET")
    if method == "POST":
        headers = {"Content-Type": "application/json"} | headers
    for _hop in range(HOPS + 1):
        left = timeout - (time.monotonic() - began)
        answer = _called(method, url, headers, body, tls_of(settings), left, timeout)
        target = answer.headers.get("location", "")
        if not (follow and target and 300 <= answer.status < 400):
            return Asked(answer, time.monotonic() - began)
        onward = urljoin(url, target)
        if urlsplit(onward)[:2] != urlsplit(url)[:2]:
            headers = {}  # what is meant for one host is no other's business
        method, body, url = "HEAD" if method == "HEAD" else "GET", b"", onward
    raise CollectError(_now("Redirected more than %(times)s times.") % {"times": HOPS})


def read_headers(lines: str) -> dict[str, str]:
    found = (HEADER.fullmatch(line.strip()) for line in lines.splitlines())
    return {one[1]: resolved(one[2]) for one in found if one}


def tls_of(settings: Settings) -> ssl.SSLContext:
    try:
        return _context(settings["verify"], settings["ca_file"])
    except OSError as error:
        raise CollectError(
            _now("The file of the authority cannot be read: %(why)s.") % {"why": error.strerror}
        ) from error


@lru_cache(maxsize=64)
def _context(verify: bool, ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file or None)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _called(
    method: str, url: str, headers: Mapping[str, str], body: bytes, tls: ssl.SSLContext,
    left: float, timeout: float,
) -> http.Answer:  # fmt: skip
    try:
        return http.call(
            method, url, headers=headers, body=body, seconds=left, trusted=True, limit=READ, tls=tls
        )
    except (http.Unreachable, http.Forbidden) as error:
        raise CollectError(in_words(str(error), timeout)) from error


def in_words(error: str, timeout: float) -> str:
    """What the system says in its own terms, as an operator would say it."""
    if found := re.search(r"verify failed: (.+?)(?: \(_ssl|$)", error):
        return _now("The certificate is not trusted: %(why)s.") % {"why": found[1]}
    for sign, words in SIGNS:
        if re.search(sign, error, re.IGNORECASE):
            return str(words) % {"seconds": f"{timeout:g}"}
    return error


SIGNS: Final = [
    ("timed out|in time|timeout", _("No answer within %(seconds)s seconds.")),
    ("refused", _("The connection was refused: nothing listens there.")),
    ("name resolution|not known|no address", _("The name cannot be resolved.")),
    ("no route|unreachable", _("There is no way to this host.")),
    ("reset by peer|disconnected", _("The connection was cut off.")),
]
