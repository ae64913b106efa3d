"""TwiML carried out: what a person on the phone hears, and where the key they press goes."""

from dataclasses import dataclass
from xml.etree import ElementTree

EMPTY = "<Response/>"


@dataclass(frozen=True)
class Script:
    """What is spoken until a key is wanted, where that key goes, and what follows when none comes."""

    spoken: str
    action: str = ""  # nobody asks for a key where it is empty
    silence: str = ""


def read(twiml: str) -> Script:
    verbs = list(_response(twiml))
    places = [place for place, verb in enumerate(verbs) if verb.tag == "Gather"]
    if not places:
        return Script(_said(verbs, "Say"))
    at = places[0]
    return Script(
        spoken=_said(verbs[: at + 1], "Say"),
        action=verbs[at].get("action", ""),
        silence=_said(verbs[at + 1 :], "Say"),
    )


def texts(twiml: str) -> str:
    """What is sent back to somebody who wrote a text."""
    return _said(list(_response(twiml)), "Message")


def _response(twiml: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(twiml)  # noqa: S314 - the product's own words
    except ElementTree.ParseError:
        return ElementTree.fromstring(EMPTY)  # noqa: S314


def _said(verbs: list[ElementTree.Element], tag: str) -> str:
    words = [
        " ".join("".join(each.itertext()).split()) for verb in verbs for each in verb.iter(tag)
    ]
    return " ".join(filter(None, words))
