"""No page of a Korean reader has an English sentence left, nor has the console or a customer's page."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib.admin import site
from django.contrib.admin.utils import flatten_fieldsets
from django.utils.translation import override

from tests.doors.routes import address_of, every_route, first_object

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(420)]
READ_BY_MACHINES = ("api/", "ingest/", "v2/", "ping/", "metrics", "healthz", "readyz")
LEFT_AS_IT_IS = {"script", "style", "code", "pre", "kbd", "option", "template", "textarea"}
SAID_BY_ATTRIBUTES = ("placeholder", "aria-label", "title", "alt")
EMPTY = {"input", "meta", "link", "br", "img", "hr", "path", "circle", "line", "rect", "wbr"}
# Three words of small letters in a row: neither a name nor a term.
ENGLISH = re.compile(r"\b[A-Za-z’']+ [a-z’']{2,} [a-z’']{2,}\b")
HANGUL = re.compile("[가-힣]")  # a command or a term within a sentence is none
# Written by administrators in both languages, both of which the console shows; permissions and the
# scheduler's own rows are other projects' words.
OF_OTHERS = re.compile(
    r"console/(auth|django_celery_beat|account|mfa|statuspage/prepared|incidents/messagetemplate|incidents/suggestionrule|teams/rotation|monitoring/log|monitoring/rule)"
)
OURS = {
    "teams", "monitoring", "incidents", "notifications", "runbooks", "energy", "maintenance", "statuspage", "postmortems",
}  # fmt: skip
TERMS = {"ID", "5 Whys"}  # said so in Korean, too
NAMES_OF_PROGRAMS = {"source", "collector"}


class Said(HTMLParser):
    """What a page says to people."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag, attrs):
        held = dict(attrs)
        if tag not in EMPTY and (self.silent or tag in LEFT_AS_IT_IS or held.get("lang") == "en"):
            self.silent.append(tag)
        if not self.silent:
            self.words += [held[one] for one in SAID_BY_ATTRIBUTES if held.get(one)]

    def handle_endtag(self, tag):
        if self.silent and tag == self.silent[-1]:
            self.silent.pop()

    def handle_data(self, data):
        if not self.silent:
            self.words.append(" ".join(data.split()))


def english(page: str) -> list[str]:
    parser = Said()
    parser.feed(page)
    return [one for one in parser.words if ENGLISH.search(one) and not HANGUL.search(one)]


def test_what_is_english_is_found():
    assert english('<p>장애</p><a title="Open the room">x</a><code>a b cd ef</code>') == [
        "Open the room"
    ]
    assert english("<p>Somebody has answered.</p><p lang=en>Some of these words</p>") == [
        "Somebody has answered."
    ]


def test_no_english_sentence_is_left_on_a_korean_page(browser, incident):
    client = browser("administrator")
    left = {}
    for route in every_route():
        if route.startswith(READ_BY_MACHINES) or OF_OTHERS.match(route):
            continue
        key = first_object(route)
        address = address_of(route, number=incident.number, object_id=key, id=key, url="nothing/")
        answer = client.get(address, headers={"Accept-Language": "ko"})
        is_page = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
        if is_page and (found := english(answer.content.decode())):
            left[address] = found
    assert left == {}


def test_the_console_names_each_field_and_choice_in_korean(rf, everyone):
    request = rf.get("/")
    request.user = everyone["administrator"]
    with override("ko"):
        named = {name for model, held in site._registry.items() for name in names(held, request)}
    assert {one for one in named if not HANGUL.search(one)} <= TERMS


def names(held, request):
    """Of the fields that a list or a page of the console shows, and of what they may say."""
    if held.opts.app_label not in OURS:
        return
    shown = {*held.get_list_display(request), *flatten_fieldsets(held.get_fieldsets(request))}
    for field in held.opts.fields:
        if field.name in shown:
            yield str(field.verbose_name)
            if field.name not in NAMES_OF_PROGRAMS:
                yield from (str(label) for _, label in field.flatchoices if str(label).islower())
