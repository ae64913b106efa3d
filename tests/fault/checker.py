"""What was promised against what arrived: lost, phantom, repeated, torn, late."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import quantiles
from typing import NamedTuple

from config.seeds.people import PEOPLE, TEAMS
from config.seeds.severities import SEVERITIES
from tests.fault.driver import Alert
from tests.outside import LINK, Receipt, is_page

NAME = re.compile(r"R\d{6}-\d{5}(?:-P\d)?")


class Page(NamedTuple):
    alert: str
    channel: str
    to: str


def expected_of(alert: Alert) -> Iterable[Page]:
    """By the manual's matrix (M1.2, M3.2): everyone of the team, by every channel of the severity."""
    team = next(team for team in TEAMS if team.slug == alert.severity.lower())
    for person in PEOPLE:
        if person.username not in {team.lead, *team.members}:
            continue
        ways = {"voice": person.phone, "sms": person.phone, "slack": person.slack}
        ways["email"] = f"{person.username}@company.com"
        for channel in SEVERITIES[alert.severity]["channels"]:
            yield Page(alert.name, channel, ways[channel])
    if team.slug == "p0":
        yield Page(alert.name, "webhook", "p0")


@dataclass
class Verdict:
    lost: set[Page] = field(default_factory=set)
    phantom: set[Page] = field(default_factory=set)
    repeats: Counter[Page] = field(default_factory=Counter)
    torn: set[Page] = field(default_factory=set)  # came twice, and the receiver cannot tell
    lateness: dict[Page, float] = field(default_factory=dict)

    def __str__(self) -> str:
        late = sorted(self.lateness.values())
        cuts = quantiles(late, n=100) if len(late) > 1 else [0.0] * 99
        return (
            f"{len(late)} pages: {len(self.lost)} lost, {len(self.phantom)} phantom, repeats"
            f" {dict(self.repeated_by_channel)}, late p50 {cuts[49]:.2f} p99 {cuts[98]:.2f}"
            f" max {max(late, default=0):.2f} s"
        )

    @property
    def repeated_by_channel(self) -> Counter[str]:
        return Counter(page.channel for page in self.repeats.elements())

    def later_than(self, seconds: float) -> set[Page]:
        return {page for page, late in self.lateness.items() if late > seconds}


def judge(accepted: Mapping[Alert, float], receipts: Iterable[Receipt]) -> Verdict:
    """Of all that arrived, what is about this driver's alerts; times in seconds of the epoch."""
    names = {alert.name: at for alert, at in accepted.items()}
    run = next(iter(names), "").partition("-")[0]
    promised = {page for alert in accepted for page in expected_of(alert)}
    arrived: dict[Page, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        if is_page(receipt) and (name := alert_of(receipt)).startswith(run):
            arrived[Page(name, receipt["channel"], receipt["to"])].append(receipt)
    verdict = Verdict(lost=promised - arrived.keys(), phantom=arrived.keys() - promised)
    for page, copies in arrived.items():
        if len(copies) > 1:
            verdict.repeats[page] = len(copies) - 1
        if len({key_of(copy) for copy in copies}) > 1:
            verdict.torn.add(page)
        if page.alert in names:
            verdict.lateness[page] = min(map(moment, copies)) - names[page.alert]
    return verdict


def alert_of(receipt: Receipt) -> str:
    found = NAME.search(f"{receipt['subject']} {receipt['text']}")
    return found[0] if found else ""


def key_of(receipt: Receipt) -> str:
    """What a receiver can tell a repeat by: our key, or for a text the link; a call has nothing."""
    if receipt["channel"] == "sms" and (link := LINK.search(receipt["text"])):
        return link[1]
    return str(receipt["key"])


def moment(receipt: Receipt) -> float:
    return datetime.fromisoformat(receipt["at"]).timestamp()
