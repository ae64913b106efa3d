"""What links of subscribers carry: signed, each for one purpose, stored nowhere."""

import base64
import uuid
from typing import Final

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from statuspage.models import LetterName, Subscriber

_leave = signing.Signer(salt="leave the status page's mails", sep=".")
_texted = signing.Signer(salt="what became of a text to a subscriber", sep=".")
_letters: Final = {
    LetterName.CONFIRM: signing.Signer(salt="confirm a subscription", sep="."),
    LetterName.MANAGE: signing.Signer(salt="manage a subscription", sep="."),
    LetterName.BROKEN: signing.Signer(salt="a subscription that ended", sep="."),
}


def leaving(key: uuid.UUID) -> str:
    """In every mail: whoever has it may end this subscription, and nothing else."""
    return _leave.sign(_short(key))


def key_leaving(token: str) -> uuid.UUID | None:
    return _key(_leave, token)


def texted(key: uuid.UUID) -> str:
    """For the telephone company: of whom it tells whether a text arrived."""
    return _texted.sign(_short(key))


def key_texted(token: str) -> uuid.UUID | None:
    return _key(_texted, token)


def of_letter(one: Subscriber) -> str:
    """Good for this letter only: another one, or its use, ends it."""
    signer = _letters[LetterName(one.letter)]
    asked = one.letter_at.timestamp() if one.letter_at else 0
    return signer.sign(f"{_short(one.key)}~{int(asked * 1_000_000)}")


def code_of(one: Subscriber) -> str:
    """For a letter that somebody reads on a phone and types elsewhere: stands for the letter's link."""
    mac = salted_hmac("code of a subscriber", of_letter(one), algorithm="sha256")
    return f"{int(mac.hexdigest(), 16) % 1_000_000:06}"


def behind(token: str, letter: LetterName) -> Subscriber | None:
    """Whose letter this is, if it is their last one and was not used."""
    key = _key(_letters[letter], token)
    found = Subscriber.objects.filter(key=key, letter=letter).first() if key else None
    return found if found and constant_time_compare(of_letter(found), token) else None


def is_signed(token: str, letter: LetterName) -> bool:
    """Whether we made it; whether it still holds only the tables know."""
    return _key(_letters[letter], token) is not None


def digest(text: str) -> str:
    """A name for an address or a network from which neither can be read."""
    return salted_hmac("who asked for a subscription", text, algorithm="sha256").hexdigest()[:32]


def link(base: str, what: str, token: str) -> str:
    return f"{base}/{what}/{token}/"


def _short(key: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(key.bytes).decode().rstrip("=")


def _key(signer: signing.Signer, token: str) -> uuid.UUID | None:
    try:
        name = signer.unsign(token).partition("~")[0]
        return uuid.UUID(bytes=base64.urlsafe_b64decode(name + "=="))
    except (signing.BadSignature, ValueError):
        return None
