"""Django: its parts in their order, languages, static files and logs."""

from django.utils.translation import gettext_lazy as _

from config.settings.environment import BASE_DIR, BONGSU_HOME, PRODUCTION, env, generated_key

DEBUG = False
SECRET_KEY = env("BONGSU_SECRET_KEY", default="") or generated_key(BONGSU_HOME / "secret.key")
ALLOWED_HOSTS = env.list("BONGSU_ALLOWED_HOSTS", default=["localhost"] if PRODUCTION else ["*"])
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "config",
    "statuspage",
    "postmortems",
    "energy",
    "maintenance",
    "runbooks",
    "incidents",
    "monitoring",
    "notifications",
    "teams",
    "integrations",
    "core",
    "unfold.apps.BasicAppConfig",  # the plain "unfold" would replace our own admin site
    "config.apps.ConsoleConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_celery_beat",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "template_partials.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "config.latencies.Timed",
    "config.middleware.PublicFirst",
    "config.middleware.MachinesFirst",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",  # so high up that a page about a missing database has it too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.returning.SignInFirst",
    "teams.middleware.PersonalSettings",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.middleware.NoNul",
    "config.returning.NoBlankPage",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            # Partials are a built-in tag of Django 6: templates are written for it already.
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]

# Languages and times: stored in UTC, shown in Seoul unless a person chooses otherwise
LANGUAGE_CODE = env("BONGSU_LANGUAGE", default="ko")
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = env("BONGSU_TIME_ZONE", default="Asia/Seoul")

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = BONGSU_HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

# Logs: one line an event, to standard error; the supervisor keeps the files
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "filters": {"discreet": {"()": "config.discretion.Discreet"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["discreet"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env("BONGSU_LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        "celery": {"level": "WARNING"},
    },
}
