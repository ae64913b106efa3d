"""A text that exists in one language only is marked as such, wherever it is read in the other; all around it is not."""

import json
import xml.etree.ElementTree as ET
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

import pytest
from django.utils import translation
from icalendar import Calendar

from statuspage import composing, wording
from statuspage.domain.phases import Phase
from statuspage.domain.states import State
from statuspage.models import Component, Mailing, Notice, Page, Way
from statuspage.reading import read
from statuspage.registry import documents
from statuspage.services import Words, Work, announce, follow, say
from statuspage.ways.push import Push
from statuspage.ways.slack import Slack
from tests.statuspage.scene import HOUR, START, component

pytestmark = pytest.mark.django_db

KO_TITLE, KO_BODY, KO_NAME = "출금이 멈췄어요 <&>", "원인을 찾고 있어요. <b>", "출금만"
EN_TITLE, EN_BODY = "Deposits are slow", "We are on it."
# Who reads, what is marked for them, with what, and which language it is in.
READERS = [
    ("en", (KO_TITLE, KO_BODY), "[Korean]", "ko", "status/en/"),
    ("ko", (EN_TITLE, EN_BODY), "[영어]", "en", "status/"),
]
AROUND = {"en": "Service status", "ko": "서비스 상태"}
PHASE = {"en": "Investigating", "ko": "조사 중"}


@pytest.fixture
def told(trouble, commander):
    """One in Korean only, of a component that has no other name either; one in English; a maintenance in Korean."""
    Component.objects.filter(name_en="Withdrawals").update(name_ko=KO_NAME, name_en="")
    trouble("P1")
    follow(at=START)
    Notice.objects.update(title_ko=KO_TITLE)
    korean = Notice.objects.get()
    say(korean, Words(Phase.INVESTIGATING, KO_BODY), by=commander, at=START)
    english = Notice.objects.create(title_en=EN_TITLE, phase=Phase.INVESTIGATING, started_at=START)
    states = {component("Deposits"): State.DEGRADED}
    say(english, Words(Phase.INVESTIGATING, "", EN_BODY, states), by=commander, at=START)
    work = Work(
        KO_TITLE, "", KO_BODY, "", [component("Public API")], START + HOUR, START + 2 * HOUR
    )
    announce(work, by=commander, at=START)
    return {"ko": korean, "en": english}


class Spoken(HTMLParser):
    """Each text with the language that its elements say, and what stands in attributes."""

    VOID = frozenset({"meta", "link", "input", "br", "img"})

    def __init__(self, html):
        super().__init__()
        self.stack, self.texts, self.attributes, self.title = [], [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.attributes += [
            value for name, value in attrs if name in {"aria-label", "alt", "title"}
        ]
        if tag not in self.VOID:
            self.stack.append((tag, said.get("lang") or (self.stack[-1][1] if self.stack else "")))

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.stack and self.stack[-1][0] == "title":
            self.title += data
        elif self.stack and data.strip():
            self.texts.append((data.strip(), self.stack[-1][1]))


@pytest.mark.parametrize(("reader", "words", "mark", "language", "home"), READERS)
def test_pages_say_it_by_an_attribute_and_in_words_where_none_can_stand(
    told, reader, words, mark, language, home
):
    files = dict(documents["pages"].files(read(at=START)))
    one = told[language].public_id
    for path in ("index.html", f"incidents/{one}/index.html", "widget/index.html"):
        page = Spoken(files[home + path].decode())
        found = {said for text, said in page.texts if text in words}
        assert found == {language}, path
        assert "<span" not in page.title, path
        assert all("<" not in value.replace("<&>", "") for value in page.attributes), path
    page = Spoken(files[f"{home}incidents/{one}/index.html"].decode())
    assert page.title.startswith(f"{mark} {words[0]} ·")
    assert (AROUND[reader], reader) in page.texts


def test_a_name_in_one_language_is_marked_in_attributes_too(told):
    page = Spoken(dict(documents["pages"].files(read(at=START)))["status/en/index.html"].decode())
    assert (KO_NAME, "ko") in page.texts
    assert f"[Korean] {KO_NAME}, 90 days" in page.attributes


@pytest.mark.parametrize(("reader", "words", "mark", "language", "home"), READERS)
def test_feeds_mark_titles_in_words_and_texts_by_their_language(
    told, reader, words, mark, language, home
):
    files = dict(documents["feeds"].files(read(at=START)))
    title = f"[{PHASE[reader]}] {mark} {words[0]}"
    feed = json.loads(files[f"{home}history.feed.json"])
    assert feed["language"] == reader
    item = next(one for one in feed["items"] if one["title"] == title)
    assert (item["content_text"], item["language"]) == (words[1], language)
    space = "{http://www.w3.org/2005/Atom}"
    entries = ET.fromstring(files[f"{home}history.atom"]).findall(f"{space}entry")
    atom = next(one for one in entries if one.findtext(f"{space}title") == title)
    assert f'<div lang="{language}">' in atom.findtext(f"{space}summary")
    items = ET.fromstring(files[f"{home}history.rss"]).iter("item")
    rss = next(one for one in items if one.findtext("title") == title)
    assert f'<div lang="{language}">' in rss.findtext("description")


def test_the_calendar_says_it_by_a_parameter_and_in_words(told):
    files = dict(documents["calendar"].files(read(at=START)))
    (event,) = Calendar.from_ical(files["status/en/maintenance.ics"]).walk("VEVENT")
    for name, words in (("SUMMARY", KO_TITLE), ("DESCRIPTION", KO_BODY)):
        assert event[name] == f"[Korean] {words}"
        assert event[name].params["LANGUAGE"] == "ko"
    (event,) = Calendar.from_ical(files["status/maintenance.ics"]).walk("VEVENT")
    assert event["SUMMARY"] == KO_TITLE


def test_badges_of_a_name_in_one_language_are_marked(told):
    key = Component.objects.get(name_ko=KO_NAME).public_id
    files = dict(documents["badges"].files(read(at=START)))
    assert f"[Korean] {KO_NAME}" in files[f"status/en/components/{key}.svg"].decode()
    assert "[" not in files[f"status/components/{key}.svg"].decode()


def mailing(notice, way=Way.EMAIL):
    return Mailing.objects.filter(notice=notice, way=way).latest("pk")


@pytest.mark.parametrize(("reader", "words", "mark", "language", "home"), READERS)
def test_mails_mark_subject_and_text_in_words_and_html_by_attributes(
    told, reader, words, mark, language, home
):
    form = composing.form_of(mailing(told[language]).update, Page.objects.get(), reader)
    mail = message_from_bytes(form.filled("kim@example.com", "https://x.example/u"), policy=default)
    text = mail.get_body(("plain",)).get_content()
    page = Spoken(mail.get_body(("html",)).get_content())

    assert f"[{PHASE[reader]}] {mark} {words[0]}" in mail["Subject"]
    assert text.startswith(f"{mark} {words[1]}")
    assert mail["Content-Language"] == reader
    assert {(each, language) for each in words} <= set(page.texts)
    assert (PHASE[reader], reader) in page.texts


@pytest.mark.parametrize(("reader", "words", "mark", "language", "home"), READERS)
def test_texts_slack_and_browsers_mark_it_in_words(told, reader, words, mark, language, home):
    page, notice = Page.objects.get(), told[language]
    short = composing.short(mailing(notice, Way.SMS), page, reader)
    slack = Slack()._of(page, mailing(notice, Way.SLACK), reader)
    push = Push()._of(page, mailing(notice, Way.PUSH), reader)["shown"]

    assert f"{mark} {words[0]}: {PHASE[reader]}" in short
    assert f"{mark} {words[1]}" in json.dumps(slack, ensure_ascii=False).replace(
        "&lt;", "<"
    ).replace("&gt;", ">")
    assert mark in slack["text"]
    assert (push["lang"], push["body"]) == (reader, f"{mark} {words[1]}")
    assert f"{mark} {words[0]}" in push["title"]


@pytest.mark.parametrize(
    ("text", "reader", "expected"),
    [
        ({"ko": "가", "en": "a"}, "en", "a"),
        ({"ko": "가", "en": ""}, "en", "[Korean] 가"),
        ({"ko": "", "en": "a"}, "ko", "[영어] a"),
        ({"ko": "가", "en": ""}, "ko", "가"),
        ({"ko": "", "en": ""}, "en", ""),
    ],
)
def test_a_mark_stands_only_where_the_language_is_another(text, reader, expected):
    with translation.override(reader):
        assert wording.marked(text) == expected
