import os
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from statuspage import serving
from statuspage.tree import Tree

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django_application = get_wsgi_application()

from config.latencies import tally  # noqa: E402 - it loads models, for which Django is set up by now

shelf = serving.Shelf(Tree())


def application(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
    """The public page's bytes at once, all else by Django.

    A body that comes in chunks has no length, and Django would take it for none at all.
    Granian's input ends by itself, so any length that may be read at most will do.
    """
    if found := serving.answer_early(environ, shelf):
        line = f"{found.status} {HTTPStatus(found.status).phrase}"
        start_response(line, list(found.headers.items()))
        return [found.body]
    tally.store_by_itself()
    if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
        environ["CONTENT_LENGTH"] = str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return django_application(environ, start_response)


def warm_up(path: str) -> None:
    """The first request loads URLs, templates and views: better before somebody waits for it."""
    host = settings.ALLOWED_HOSTS[0].replace("*", "localhost").lstrip(".")
    environ: dict[str, Any] = {
        "HTTP_HOST": host,
        "HTTP_X_FORWARDED_PROTO": "https",
        "PATH_INFO": path,
    }
    setup_testing_defaults(environ)
    django_application(environ, lambda *_: lambda _: None)


warm_up("/accounts/login/")
warm_up("/readyz")
tally.take()  # nobody waited for these
