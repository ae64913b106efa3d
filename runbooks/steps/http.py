"""One HTTP request; what comes back is read as one row: status, seconds, and the fields of a JSON object."""

import json
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext_lazy

from core.told import Told as _
from integrations import http
from runbooks.domain.placeholders import PLACE
from runbooks.domain.writing import Wrong, a_choice, at, mapping, only, text, whole
from runbooks.step import Kind, Result, Work, steps
from runbooks.trouble import of_http

READING: Final = ("GET", "HEAD")
METHODS: Final = (*READING, "POST", "PUT", "PATCH", "DELETE")


@steps.register("http")
class Http(Kind):
    """What changes something carries the attempt's key as Idempotency-Key."""

    label = gettext_lazy("HTTP")
    timeout = timedelta(seconds=10)

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("method", "url", "headers", "json", "expect"), "http")
        a_choice(settings.get("method", "GET"), "method", METHODS)
        url = text(settings.get("url"), "url")
        if "{" in urlsplit(PLACE.sub("x", url)).netloc or "?" in url.partition("{")[0][:8]:
            raise Wrong(at("url", _("a whole web address")))
        mapping(settings.get("headers", {}), "headers")
        whole(settings.get("expect", 200), "expect", least=100, most=599)

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return settings.get("method", "GET") in READING

    def foretell(self, settings: Mapping[str, Any]) -> str:
        body = json.dumps(settings["json"], ensure_ascii=False) if "json" in settings else ""
        return f"{settings.get('method', 'GET')} {settings['url']} {body}".rstrip()

    def run(self, work: Work) -> Result:
        given = work.settings
        headers = {str(name): str(value) for name, value in given.get("headers", {}).items()}
        body = b""
        if "json" in given:
            body = json.dumps(given["json"]).encode()
            headers["Content-Type"] = "application/json"
        if not self.reads_only(given):
            headers["Idempotency-Key"] = work.key
        began = time.monotonic()
        try:
            answer = http.call(
                given.get("method", "GET"), quote(str(given["url"]), safe="%/:=&?~#+!$,;'@()*[]"),
                headers=headers, body=body, seconds=work.seconds, trusted=True,
            )  # fmt: skip
        except http.Forbidden as error:
            return Result.failed(of_http(error))
        except http.Unreachable as error:
            unknown = error.maybe_arrived and not self.reads_only(given)
            return (
                Result.unknown(of_http(error))
                if unknown
                else Result.failed(of_http(error), rows=[{"status": 0}])
            )
        row = {"status": answer.status, "seconds": round(time.monotonic() - began, 3)} | _fields(
            answer.body
        )
        output = answer.body.decode(errors="replace")
        expected = given.get("expect", 200)
        if answer.status != expected:
            return Result.failed(f"HTTP {answer.status}", rows=[row], output=output)
        return Result.done(f"HTTP {answer.status}", rows=[row], output=output, facts=row)


def _fields(body: bytes) -> dict[str, Any]:
    """Of a JSON object, those that are plain."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    plain = (str, int, float, bool)
    pairs = found.items() if isinstance(found, dict) else ()
    return {name: value for name, value in pairs if isinstance(value, plain)}
