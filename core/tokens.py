"""Secrets we hand out: shown once, stored as a hash. 190 bits need no slow hash (ASVS 6.5.2)."""

import hashlib
import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def new_token(length: int = 32) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def hashed(token: str) -> str:
    # A stranger may send half a character: that is a wrong token, not a crash.
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
