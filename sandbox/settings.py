"""What the environment decides: ports, journal, secrets, and where the product is."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
DEFAULT_SECRET = "whsec_" + b64encode(b"bongsu-sandbox-webhook-secret-32").decode()


class CannotStart(Exception):
    """One sentence for the person who typed the command: what is wrong and what to do."""


@dataclass(frozen=True)
class Settings:
    port: int = 8900
    smtp_port: int = 8925
    journal: Path | None = None
    webhook_secret: str = DEFAULT_SECRET
    product_url: str = "http://127.0.0.1:8000"
    twilio_token: str = "sandbox"  # noqa: S105 - signs what only a sandbox believes
    slack_secret: str = "sandbox"  # noqa: S105 - the same
    twilio_number: str = "+15005550006"
    home: Path | None = None  # where its servers keep their state, and the keys to them lie

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        port = _port(environment, "SANDBOX_PORT", default=8900)
        journal = environment.get("SANDBOX_JOURNAL", "")
        return cls(
            port=port,
            smtp_port=_port(environment, "SANDBOX_SMTP_PORT", default=port + 25),
            journal=Path(journal) if journal else None,
            webhook_secret=environment.get("SANDBOX_WEBHOOK_SECRET") or DEFAULT_SECRET,
            product_url=_product_url(environment),
            twilio_token=environment.get("TWILIO_AUTH_TOKEN") or "sandbox",
            slack_secret=environment.get("SLACK_SIGNING_SECRET") or "sandbox",
            twilio_number=environment.get("TWILIO_FROM") or "+15005550006",
            home=Path(home) if (home := environment.get("BONGSU_HOME", "")) else None,
        )


def _product_url(environment: Mapping[str, str]) -> str:
    here = f"http://{HOST}:{_port(environment, 'PORT', default=8000)}"
    return (environment.get("BONGSU_URL") or here).rstrip("/")


def _port(environment: Mapping[str, str], name: str, *, default: int) -> int:
    given = environment.get(name) or str(default)
    if given.isdecimal() and 0 < int(given) < 65536:
        return int(given)
    raise CannotStart(f"{name} is {given!r}: set it to a port number between 1 and 65535.")
