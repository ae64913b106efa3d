"""Where this copy runs, and how everything else is asked of the environment or `.env`."""

import os
import secrets
import sys
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent
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
BASE_URL = env("BONGSU_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
COMPANY = env("BONGSU_COMPANY", default="dantaro")
