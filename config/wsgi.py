import os
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()


def warm_up() -> None:
    """The first request loads URLs, templates and views: better before somebody waits for it."""
    host = settings.ALLOWED_HOSTS[0].replace("*", "localhost").lstrip(".")
    environ: dict[str, object] = {
        "HTTP_HOST": host,
        "HTTP_X_FORWARDED_PROTO": "https",
        "PATH_INFO": "/accounts/login/",
    }
    setup_testing_defaults(environ)
    application(environ, lambda *_: lambda _: None)


warm_up()
