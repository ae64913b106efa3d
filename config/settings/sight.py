"""What is measured, and who watches the watchers."""

from config.settings.environment import env

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
OWN_CAPACITIES = env.bool("BONGSU_OWN_CAPACITIES", default=True)
# Where StatsD's clients are heard; they carry no token, so nobody else may reach it. 0: nowhere
STATSD_HOST = env("BONGSU_STATSD_HOST", default="127.0.0.1")
STATSD_PORT = env.int("BONGSU_STATSD_PORT", default=0)

# Who hears, past all of the above, when the portal can page nobody, and who outside is pinged while it can
GUARD_TO = env("BONGSU_GUARD_TO", default="")
GUARD_PING_URL = env("BONGSU_GUARD_PING_URL", default="")
GUARD_PATIENCE = env.float("BONGSU_GUARD_PATIENCE", default=90.0)
