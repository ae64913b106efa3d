"""Who comes in, and what a browser may."""

from csp.constants import NONE, SELF

from config.settings.environment import BASE_URL, PORT, PRODUCTION, SANDBOX_PORT, env

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
MFA_FORMS = {
    "authenticate": "teams.codes.AuthenticateForm",
    "reauthenticate": "teams.codes.ReauthenticateForm",
}
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
CSRF_FAILURE_VIEW = "config.errors.forged"
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

# host:port pairs inside the own network that typed addresses may reach in spite of the guard
OUTBOUND_ALLOW = env.list("BONGSU_OUTBOUND_ALLOW", default=[f"127.0.0.1:{SANDBOX_PORT}"])

# What routine work looks into: files that somebody keeps up to date, and the ports that others may reach
ADVISORIES = env("BONGSU_ADVISORIES", default="")
NEWEST_PACKAGES = env("BONGSU_NEWEST_PACKAGES", default="")
ALLOWED_PORTS = env.list("BONGSU_ALLOWED_PORTS", default=[])
