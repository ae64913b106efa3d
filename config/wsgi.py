import os
from wsgiref.util import setup_testing_defaults

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()


def warm_up() -> None:
    """The first request loads URLs, templates and views: better before somebody waits for it."""
    environ: dict[str, object] = {"HTTP_HOST": "localhost", "PATH_INFO": "/accounts/login/"}
    setup_testing_defaults(environ)
    application(environ, lambda *_: lambda _: None)


warm_up()
