"""Everything from the environment or `.env`; `.env.example` lists it all. Sections follow Django's documentation."""

import os
import secrets
import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import postgres
from config.branding import UNFOLD

__all__ = ["UNFOLD"]

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")
if sys.argv[1:2] != ["signer"]:
    os.environ.pop("TRON_KEY", None)  # nobody else's, wherever it was written


def generated_key(path: Path, length: int = 48) -> str:
    """A key made once and kept, so that a local run needs no configuration and sessions survive a restart."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(length))
    return path.read_text()


BONGSU_ENV = env("BONGSU_ENV", default="local")
PRODUCTION = BONGSU_ENV == "production"
BONGSU_HOME = Path(env("BONGSU_HOME", default=str(BASE_DIR / "var"))).resolve()
PORT = env.int("PORT", default=8000)
SANDBOX_PORT = env.int("SANDBOX_PORT", default=8900)
SANDBOX = f"http://127.0.0.1:{SANDBOX_PORT}"

# Core
DEBUG = False
SECRET_KEY = env("BONGSU_SECRET_KEY", default="") or generated_key(BONGSU_HOME / "secret.key")
ALLOWED_HOSTS = env.list("BONGSU_ALLOWED_HOSTS", default=["localhost"] if PRODUCTION else ["*"])
BASE_URL = env("BONGSU_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
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
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "teams.middleware.PersonalSettings",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.middleware.NoNul",
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

# Database: a real PostgreSQL always; the embedded one unless told otherwise
if env("DATABASE_URL", default=""):
    DATABASES = {"default": env.db("DATABASE_URL")}
else:
    _embedded = postgres.connection(BONGSU_HOME)
    DATABASES = {
        "default": {
            "HOST": _embedded.host,
            "PORT": _embedded.port,
            "USER": _embedded.user,
            "PASSWORD": _embedded.password,
            "NAME": _embedded.name,
        }
    }
DATABASES["default"] |= {
    "ENGINE": "core.database",
    "CONN_MAX_AGE": None,  # a new connection costs 5 ms, five times the insert it carries
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {"connect_timeout": 5, "application_name": "bongsu"},
}

# Cache: in the database, so that limits on sign-in count what every process and host has seen
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
    },
    # Rooms as they were last written, in each process of the web by itself; a few seconds, since
    # what does not raise a room's version (a page handed over) is shown as of then.
    "rooms": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "rooms",
        "TIMEOUT": 10,
        "OPTIONS": {"MAX_ENTRIES": 100},
    },
}

# Celery: the broker carries wake-ups only, the rows are the truth
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="filesystem://")
if CELERY_BROKER_URL.startswith("filesystem"):
    _queue = BONGSU_HOME / "broker"
    for _folder in ("queue", "control"):
        (_queue / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT = "config.broker:Transport"
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = (
        False  # it needs the tables that this transport is without
    )
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "queue"),
        "data_folder_out": str(_queue / "queue"),
        "control_folder": str(_queue / "control"),
        "polling_interval": 0.02,
    }
elif CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 120,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"confirm_publish": True}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "notify"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "config.scheduler:LeasedScheduler"
CELERY_TIMEZONE = "UTC"

# People and their sign-in
AUTH_USER_MODEL = "teams.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "teams.adapter.InvitationOnly"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("BONGSU_TRUSTED_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator vouches for the address
MFA_TOTP_ISSUER = "Bongsu"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
CONSOLE_NEEDS_MFA = env.bool("BONGSU_CONSOLE_MFA", default=PRODUCTION)

# Cookies are not scoped by port: two copies side by side need names of their own
SESSION_COOKIE_NAME = f"bongsu_session_{PORT}"
CSRF_COOKIE_NAME = f"bongsu_csrf_{PORT}"
LANGUAGE_COOKIE_NAME = f"bongsu_language_{PORT}"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# Safety
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("BONGSU_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = [
    "core.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "teams.api.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["teams.api.RoleAndScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.parsing.ShallowJSON"],
    "DEFAULT_PAGINATION_CLASS": "core.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.refusals.explained",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Bongsu API",
    "DESCRIPTION": "Incidents, their timeline and alerts. Send `Authorization: Token …`.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "SeverityEnum": "core.severity.CHOICES",
        "IncidentStatusEnum": "incidents.models.StatusName",
        "AlertSeverityEnum": "monitoring.api.SEVERITIES",
        "QuietStateEnum": "monitoring.quiet_api.STATES",
        "AlertStatusEnum": "monitoring.domain.alerts.STATUS_CHOICES",
        "MetricKindEnum": "monitoring.models.Kind",
        "ActionStateEnum": "runbooks.models.StateName",
        "ActionModeEnum": "runbooks.models.ModeName",
        "ComponentStateEnum": "statuspage.models.StateName",
        "SayableStateEnum": "statuspage.forms.SAID",
        "PhaseEnum": "statuspage.models.PhaseName",
        "SayablePhaseEnum": "statuspage.api.SAYABLE",
        "ImpactEnum": "statuspage.models.ImpactName",
        "NoticeKindEnum": "statuspage.models.KindName",
        "PostmortemStateEnum": "postmortems.models.State",
        "ShortageEnum": "energy.api_rehearsing.SHORTAGES",
        "WalletRoleEnum": "energy.models.Role",
        "RoleEnum": "incidents.models.RoleName",
        "FeedbackEnum": "monitoring.models.Feedback",
        "RuleKindEnum": "monitoring.models.RuleKind",
        "LogLevelEnum": "monitoring.models.log_findings.LEVELS",
        "LogKindEnum": "monitoring.models.LogKind",
        "LogPatternKindEnum": "monitoring.domain.logs.patterns.KINDS",
    },
}

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

# Voices: the sandbox answers until the real providers are named
globals().update(env.email("EMAIL_URL", default=f"smtp://127.0.0.1:{SANDBOX_PORT + 25}"))
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env("BONGSU_MAIL_FROM", default="Bongsu <bongsu@localhost>")
SLACK_API_URL = env("SLACK_API_URL", default=f"{SANDBOX}/slack/api/")
SLACK_BOT_TOKEN = env("SLACK_BOT_TOKEN", default="xoxb-sandbox")
SLACK_SIGNING_SECRET = env("SLACK_SIGNING_SECRET", default="sandbox")
TWILIO_API_URL = env("TWILIO_API_URL", default=f"{SANDBOX}/twilio").rstrip("/")
TWILIO_ACCOUNT_SID = env("TWILIO_ACCOUNT_SID", default="AC-sandbox")
TWILIO_AUTH_TOKEN = env("TWILIO_AUTH_TOKEN", default="sandbox")
TWILIO_FROM = env("TWILIO_FROM", default="+15005550006")
# The sandbox plays a second company as well, but never behind a real first one
TWILIO_BACKUP_API_URL = env(
    "TWILIO_BACKUP_API_URL",
    default="" if env("TWILIO_API_URL", default="") else f"{SANDBOX}/twilio-backup",
).rstrip("/")
TWILIO_BACKUP_ACCOUNT_SID = env("TWILIO_BACKUP_ACCOUNT_SID", default="AC-sandbox-backup")
TWILIO_BACKUP_AUTH_TOKEN = env("TWILIO_BACKUP_AUTH_TOKEN", default="sandbox-backup")
TWILIO_BACKUP_FROM = env("TWILIO_BACKUP_FROM", default="+15005550007")
WEBHOOK_SECRET = env(
    "BONGSU_WEBHOOK_SECRET", default="whsec_Ym9uZ3N1LXNhbmRib3gtd2ViaG9vay1zZWNyZXQtMzI="
)
# Whose word counts as Amazon SNS's, besides its own: the sandbox's, and in production nobody's
SNS_STAND_IN = env("BONGSU_SNS_STAND_IN", default="" if PRODUCTION else f"{SANDBOX}/sns/")
# Who carries our mails and tells us of those that came back; by its own signature, or else by user:password
MAIL_PROVIDER = env("BONGSU_MAIL_PROVIDER", default="")
_secret_of = {
    "mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY",
    "mailersend": "MAILERSEND_SIGNING_SECRET",
}
ANYMAIL = {
    _secret_of.get(MAIL_PROVIDER, "WEBHOOK_SECRET"): env("BONGSU_MAIL_PROVIDER_SECRET", default="")
}
# Texts to subscribers of the status page: to numbers of these countries (none: no texts), so many in 24 hours
STATUS_TEXTS_TO = env.list("BONGSU_STATUS_TEXTS_TO", default=["+82"])
STATUS_TEXTS_A_DAY = env.int("BONGSU_STATUS_TEXTS_A_DAY", default=2000)
# Where incoming webhooks of Slack begin that a stranger may have us post to
SLACK_HOOKS = env.list(
    "BONGSU_SLACK_HOOKS",
    default=["https://hooks.slack.com/services/", "https://hooks.slack-gov.com/services/"]
    + ([] if PRODUCTION else [f"{SANDBOX}/slack/services/"]),
)
# Browsers' push services that a stranger may have us post to; a host, or *. and what it ends with
PUSH_HOSTS = env.list(
    "BONGSU_PUSH_HOSTS",
    default=[
        "fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com",
        "*.notify.windows.com", *([] if PRODUCTION else [f"127.0.0.1:{SANDBOX_PORT}"]),
    ],
)  # fmt: skip
# Where the public page is kept once more: https://KEY:SECRET@host/bucket?region=… of an S3-compatible store
STATUS_STORE = env("BONGSU_STATUS_STORE", default="")
# By which browsers know us (RFC 8292), 32 bytes in base64url: another one ends every browser's subscription
VAPID_KEY = env("BONGSU_VAPID_KEY", default="") or generated_key(BONGSU_HOME / "vapid.key", 32)
COMPANY = env("BONGSU_COMPANY", default="dantaro")
# host:port pairs inside the own network that typed addresses may reach in spite of the guard
OUTBOUND_ALLOW = env.list("BONGSU_OUTBOUND_ALLOW", default=[f"127.0.0.1:{SANDBOX_PORT}"])

# The chain: the sandbox's until a real node is named. Keys are the signer's alone and never a setting
TRON_NODE_URL = env("TRON_NODE_URL", default="") or f"{SANDBOX}/tron/"
TRON_SOLIDITY_URL = env("TRON_SOLIDITY_URL", default="")  # where /walletsolidity/ is elsewhere
TRON_API_KEY = env("TRON_API_KEY", default="")
TRON_SECOND_NODE_URL = env(
    "TRON_SECOND_NODE_URL",
    default="" if env("TRON_NODE_URL", default="") else f"{SANDBOX}/tron2/",
)
TRON_SECOND_API_KEY = env("TRON_SECOND_API_KEY", default="")
TRON_TIMEOUT = env.float("TRON_TIMEOUT", default=5.0)
# Of one wallet at one node, a second: what wallets in trouble may take besides their usual readings
ENERGY_HASTY_READINGS = env.float("ENERGY_HASTY_READINGS", default=10.0)
TRON_PERMISSION_ID = env.int("TRON_PERMISSION_ID", default=2)
TRON_SIGNER_SOCKET = env("TRON_SIGNER_SOCKET", default=str(BONGSU_HOME / "run" / "signer.sock"))

# The signer: what it signs, whatever the portal asks for. The sandbox's accounts on the sandbox's chain only
_sandbox_accounts = {
    "treasury": "TW6Ha3yYTZvXJYmQNFGQnUoob9k2vQVzVV",
    "hot": "TW2qKfAwhUZCZwud7mfKHQWxGaJ7VDdEvm",
    "spare": "TTEFrXqFTSmBZrPKSKHLnMnRKQ1AZWTZNL",
}
TRON_SANDBOX = {} if PRODUCTION or env("TRON_NODE_URL", default="") else _sandbox_accounts
TRON_KEY_FILE = env("TRON_KEY_FILE", default="")
TRON_SIGNER_LEDGER = env("TRON_SIGNER_LEDGER", default=str(BONGSU_HOME / "signer.ledger"))
TRON_SIGNER_OWNERS = env.list("TRON_SIGNER_OWNERS", default=list(TRON_SANDBOX.values()))
TRON_SIGNER_RECEIVERS = env.list("TRON_SIGNER_RECEIVERS", default=TRON_SIGNER_OWNERS)
TRON_SIGNER_TYPES = env.list("TRON_SIGNER_TYPES", cast=int, default=[54, 57, 58, 59])
TRON_SIGNER_MAX_SUN = env.int("TRON_SIGNER_MAX_SUN", default=1_000_000 * 1_000_000)
TRON_SIGNER_DAY_SUN = env.int("TRON_SIGNER_DAY_SUN", default=1_000_000 * 1_000_000)
# What the chain lets the keys do may change while it runs; both in seconds.
TRON_SIGNER_LOOK_EVERY = env.float("TRON_SIGNER_LOOK_EVERY", default=60.0)
TRON_SIGNER_UNSEEN_AFTER = env.float("TRON_SIGNER_UNSEEN_AFTER", default=600.0)
TRON_SIGNER_DAY_COUNT = env.int("TRON_SIGNER_DAY_COUNT", default=50)

# Who sells energy, and who sends withdrawals; in production only those that are named. An empty address switches one off
TRADERS = "" if PRODUCTION else SANDBOX
TRONSAVE_URL = env("TRONSAVE_URL", default=TRADERS and f"{TRADERS}/markets/tronsave").rstrip("/")
TRONSAVE_API_KEY = env("TRONSAVE_API_KEY", default="sandbox")
CATFEE_URL = env("CATFEE_URL", default=TRADERS and f"{TRADERS}/markets/catfee").rstrip("/")
CATFEE_KEY = env("CATFEE_KEY", default="sandbox")
CATFEE_SECRET = env("CATFEE_SECRET", default="sandbox")
# Its own pages disagree whether the signature covers the query
CATFEE_SIGN_QUERY = env.bool("CATFEE_SIGN_QUERY", default=True)
TRONZAP_URL = env("TRONZAP_URL", default=TRADERS and f"{TRADERS}/markets/tronzap").rstrip("/")
TRONZAP_TOKEN = env("TRONZAP_TOKEN", default="sandbox")
TRONZAP_SECRET = env("TRONZAP_SECRET", default="sandbox")
MARKET_TIMEOUT = env.float("MARKET_TIMEOUT", default=10.0)
WALLET_SERVICE_URL = env(
    "WALLET_SERVICE_URL", default=TRADERS and f"{TRADERS}/wallet-service"
).rstrip("/")
WALLET_SERVICE_TOKEN = env("WALLET_SERVICE_TOKEN", default="sandbox")
WALLET_SERVICE_TIMEOUT = env.float("WALLET_SERVICE_TIMEOUT", default=5.0)

# What is measured: how many days each size is kept (0: for ever), and how many metrics there may be
SAMPLES_DAYS = {
    "raw": env.int("BONGSU_SAMPLES_DAYS", default=14),
    "5m": env.int("BONGSU_SAMPLES_5M_DAYS", default=90),
    "1h": env.int("BONGSU_SAMPLES_1H_DAYS", default=730),
    "1d": env.int("BONGSU_SAMPLES_1D_DAYS", default=0),
}
METRICS_MAX = env.int("BONGSU_METRICS_MAX", default=20_000)
METRICS_TOKEN = env(
    "BONGSU_METRICS_TOKEN", default=""
)  # for /metrics; without it, this machine only
# Where StatsD's clients are heard; they carry no token, so nobody else may reach it. 0: nowhere
STATSD_HOST = env("BONGSU_STATSD_HOST", default="127.0.0.1")
STATSD_PORT = env.int("BONGSU_STATSD_PORT", default=0)

# Who hears, past all of the above, when the portal can page nobody, and who outside is pinged while it can
GUARD_TO = env("BONGSU_GUARD_TO", default="")
GUARD_PING_URL = env("BONGSU_GUARD_PING_URL", default="")
GUARD_PATIENCE = env.float("BONGSU_GUARD_PATIENCE", default=90.0)

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
        "httpx2": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
    },
}
