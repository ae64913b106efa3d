"""What had to be done about an incident, and when, by the rules of `policies`: against what was done.

A call is due when the one before it has waited long enough, by the moment that one was made. A page
belongs to a call by the round of the message that its key or link names.
"""

import base64
import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import quantiles
from typing import NamedTuple

from tests.fault.checker import moment
from tests.fault.desk import Story
from tests.fault.policies import MINUTE, RULES, Way, called, contact, ways
from tests.outside import Receipt, is_page
from tests.running import Product

SIGNED = re.compile(r"/(?:p|hooks/twilio/voice)/([\w-]{22})\.")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CALLS = """
SELECT event.kind, extract(epoch FROM event.at)::float, event.data ->> 'new'
  FROM incidents_event event JOIN incidents_incident incident ON number = event.incident_id
 WHERE title LIKE %s AND (event.kind IN ('next_step', 'escalated', 'severity')
    OR event.kind = 'paged' AND event.data ->> 'why' = 'opened')
 ORDER BY seq
"""
MESSAGES = """
SELECT delivery.id, context ->> 'title', step,
       (SELECT count(*) FROM notifications_attempt attempt
         WHERE attempt.delivery_id = delivery.id AND outcome = 'lost')
  FROM notifications_delivery delivery WHERE lane = 0
"""
GRAVER = {"P0": "P0", "P1": "P0", "P2": "P1"}


class Page(NamedTuple):
    alert: str
    step: str
    channel: str
    to: str


@dataclass
class Call:
    kind: str
    due: float
    step: str
    pages: set[Way]


@dataclass
class Verdict:
    """`repeats` are what the protocol permits when a sender dies, `doubles` whatever else came twice."""

    calls: int = 0
    lost_steps: list[str] = field(default_factory=list)
    lost: set[Page] = field(default_factory=set)
    phantom: set[Page] = field(default_factory=set)
    doubles: set[Page] = field(default_factory=set)
    repeats: Counter[str] = field(default_factory=Counter)  # by channel
    lateness: dict[Page, float] = field(default_factory=dict)

    def __str__(self) -> str:
        late = sorted(self.lateness.values())
        cuts = quantiles(late, n=100)
        return (
            f"{self.calls} calls, {len(self.lost_steps)} lost; {len(late)} pages, {len(self.lost)}"
            f" lost, {len(self.phantom)} phantom, {len(self.doubles)} doubles, repeats"
            f" {dict(self.repeats)}, late p50 {cuts[49]:.2f} p99 {cuts[98]:.2f} max {late[-1]:.2f} s"
        )

    def later_than(self, seconds: float) -> dict[Page, float]:
        return {page: late for page, late in self.lateness.items() if late > seconds}


def judge(product: Product, stories: Iterable[Story], *, within: float) -> Verdict:
    """`within`: so late a step or a page may be, and what an answer comes before need not be."""
    verdict = Verdict()
    arrived = _arrivals(product, verdict)
    for story in stories:
        calls = list(_course(product, story, verdict, within))
        verdict.calls += len(calls)
        wanted = {
            Page(story.alert.name, call.step, *way): call.due
            for call in calls
            for way in call.pages
        }
        came = {page for page in arrived if page.alert == story.alert.name}
        verdict.phantom |= came - wanted.keys()
        verdict.phantom |= {page for page in came if arrived[page] > story.answered + within}
        for page, due in wanted.items():
            if page in came:
                verdict.lateness[page] = arrived[page] - due
            elif due + within < story.asked:
                verdict.lost.add(page)
    return verdict


def _course(product: Product, story: Story, verdict: Verdict, within: float) -> Iterable[Call]:
    """Walks the timeline, and holds each call on it against what was due next."""
    course = Course(story)
    for said, at, new in product.sql(CALLS, f"%{story.alert.name}"):
        kind = "opened" if said == "paged" else said
        if not course.allows(kind, at, within):
            late = f"{kind} {at - course.next_due:+.1f} s"
            verdict.lost_steps.append(f"{story.alert.name}: {late}, due {course.due}")
        yield course.take(kind, at, new)
    if course.next_due + within < story.asked:
        verdict.lost_steps.append(f"{story.alert.name}: nothing more, due {course.due}")


class Course:
    """Where an incident is in its rules, and what is due next."""

    def __init__(self, story: Story) -> None:
        self.severity, self.place, self.step, self.since = story.alert.severity, 0, 0, 0.0
        self.people, self.told = set[str](), set[Way]()
        self.due = {"opened": story.accepted}

    @property
    def next_due(self) -> float:
        return min(self.due.values())

    def allows(self, kind: str, at: float, within: float) -> bool:
        """A person may change the severity at any time; a sender may hear late that it was accepted."""
        if kind == "severity":
            return True
        in_time = at <= self.next_due + within
        return kind in self.due and in_time and (kind == "opened" or at >= self.due[kind])

    def take(self, kind: str, at: float, new: str) -> Call:
        due = at if kind == "severity" else self.next_due
        old, before = self.severity, self.people
        if kind == "next_step":
            self.place += 1
        else:
            self.severity, self.place, self.since = new or old, 0, at
        self.step += kind in ("next_step", "escalated")
        now = called(self.severity, self.place)
        if kind == "escalated":
            now |= before | {contact(old)}
        rules = RULES[self.severity]
        pages = ways(self.severity, now, machine=rules.step(self.place).team)
        pages -= self.told if kind == "severity" else set()
        self.people, self.told = before | now, self.told | pages
        self.due = {"escalated": self.since + rules.respond_within * MINUTE}
        if self.place + 1 < rules.calls:
            self.due["next_step"] = at + rules.step(self.place).wait * MINUTE
        return Call(kind, due, str(self.step), pages)


def _arrivals(product: Product, verdict: Verdict) -> dict[Page, float]:
    """When each page came first; what came twice is judged here."""
    rows = {
        str(pk): (title.rpartition(" ")[2], step, lost)
        for pk, title, step, lost in product.sql(MESSAGES)
    }
    copies: dict[Page, list[tuple[str, float]]] = defaultdict(list)
    lost: dict[str, int] = {}
    for receipt in filter(is_page, product.sandbox.journal()):
        key = message_of(receipt)
        name, step, lost[key] = rows[key]
        assert name in f"{receipt['subject']} {receipt['text']}"
        copies[Page(name, step, receipt["channel"], receipt["to"])].append((key, moment(receipt)))
    for page, came in copies.items():
        if len(came) > 1:
            _judge_copies(page, came, lost[came[0][0]], verdict)
    return {page: min(at for _, at in came) for page, came in copies.items()}


def _judge_copies(page: Page, came: list[tuple[str, float]], lost: int, verdict: Verdict) -> None:
    """Once more for each sender that died, and only where the receiver drops what has a key it knows
    (mailboxes, webhooks) or nothing tells one from another (calls). Slack and texts are asked for.
    """
    same = len({key for key, _ in came}) == 1
    if same and page.channel in ("email", "webhook", "voice") and len(came) - 1 <= lost:
        verdict.repeats[page.channel] += len(came) - 1
    else:
        verdict.doubles.add(page)


def message_of(receipt: Receipt) -> str:
    """The message that a page carries the name of: as its key, or signed in its link."""
    if found := UUID.search(receipt["key"]):
        return found[0]
    said = receipt["text"] + receipt["details"].get("twiml", "")
    found = SIGNED.search(said)
    assert found, receipt
    return str(uuid.UUID(bytes=base64.urlsafe_b64decode(found[1] + "==")))
