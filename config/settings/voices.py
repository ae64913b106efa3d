"""How people are told; the sandbox answers until the real providers are named."""

from config.settings.environment import (
    BONGSU_HOME,
    PRODUCTION,
    SANDBOX,
    SANDBOX_PORT,
    env,
    generated_key,
)

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
