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
    """`repeats` are those that their receiver cannot tell, or that nobody's death explains."""

    calls: int = 0
    lost_steps: list[str] = field(default_factory=list)
    lost: set[Page] = field(default_factory=set)
    phantom: set[Page] = field(default_factory=set)
    doubles: set[Page] = field(default_factory=set)
    repeats: Counter[str] = field(default_factory=Counter)  # permitted ones, by channel
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
    severity, place, step, since, last = story.alert.severity, 0, 0, 0.0, story.accepted
    due = {"opened": story.accepted}
    people: set[str] = set()
    told: set[Way] = set()
    for said, at, new in product.sql(CALLS, f"%{story.alert.name}"):
        kind = "opened" if said == "paged" else said
        first = min(due.values())
        if kind == "severity":
            first = at
        elif kind not in due or (at < due[kind] and kind != "opened") or at > first + within:
            verdict.lost_steps.append(f"{story.alert.name}: {kind} {at - first:+.1f} s, due {due}")
        old, last = severity, at
        if kind in ("severity", "escalated"):
            severity = new
        place = place + 1 if kind == "next_step" else 0
        step += kind in ("next_step", "escalated")
        since = since if kind == "next_step" else at
        now = called(severity, place)
        if kind == "escalated":
            now |= people | {contact(old)}
        pages = ways(severity, now, machine=RULES[severity].step(place).team)
        pages -= told if kind == "severity" else set()
        people, told = people | now, told | pages
        yield Call(kind, first, str(step), pages)
        due = {"escalated": since + RULES[severity].respond_within * MINUTE}
        if place + 1 < RULES[severity].calls:
            due["next_step"] = last + RULES[severity].step(place).wait * MINUTE
    if min(due.values()) + within < story.asked:
        verdict.lost_steps.append(f"{story.alert.name}: nothing after {last}, due {due}")


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
    """A mailbox and a receiver of webhooks drop what has a key they know, and Slack and Twilio's texts are asked
    before. Nothing tells one call from another: it may ring once more for each sender that died ringing.
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
