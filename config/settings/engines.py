"""What keeps and carries: database, cache and broker."""

from config import postgres
from config.settings.environment import BONGSU_HOME, env

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
    # What DATABASE_URL says besides, such as ?sslmode=verify-full, stands.
    "OPTIONS": {
        "connect_timeout": 5,
        "application_name": "bongsu",
        **DATABASES["default"].get("OPTIONS", {}),
    },
}

# Backups: the key of those that are encrypted, and the PostgreSQL on which they are tried out; none: one made for the time
# of a test from the wheel's programs
BACKUP_KEY = env("BONGSU_BACKUP_KEY", default="")
RESTORE_SERVER = env("BONGSU_RESTORE_SERVER", default="")
THROWAWAY_SERVER = "config.throwaway.server"

# Runbooks: by this key they reach hosts; in a local run it is made for those of the sandbox
SSH_KEY_FILE = env("BONGSU_SSH_KEY_FILE", default=str(BONGSU_HOME / "ssh" / "id_ed25519"))

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
# Nobody gives workers orders, and on Redis the line for them is read in the loop that fetches work: when Redis froze for
# a moment, a worker waited at it for ever. The folder's transport could not have it at all.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
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
