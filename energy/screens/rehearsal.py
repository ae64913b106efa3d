"""A dry run in words, for the page and the command line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.money import trx
from energy.domain.policy import COSTLY, Lever
from energy.models import LeverName
from energy.models.wallets import MOST_SUN
from energy.screens.policy import REASONS
from energy.services.rehearsing import Line, Rehearsal
from energy.services.reporting import TOLD
from incidents.narration_actions import WAITS
from runbooks.domain.actions import Caps, Spent, Verdict

GROUPS: Final[dict[str, Promise]] = {
    "management": gettext_lazy("management"),
    "operations": gettext_lazy("operations"),
}


@dataclass(frozen=True)
class Said:
    turn: int
    name: str  # as the manual calls the lever
    title: str
    decided: str
    tone: str
    sun: int
    energy: int
    price: str  # of an energy, against burning it


@dataclass(frozen=True)
class Budget:
    word: Promise | str
    one_sun: int
    day_sun: int
    day_spent_sun: int
    whole_sun: int
    whole_spent_sun: int


@dataclass(frozen=True)
class Told:
    it: Rehearsal
    name: str  # of the shortage
    group: Promise
    lines: Sequence[Said]
    unused: Sequence[tuple[Promise | str, Promise]]
    offers: Sequence[tuple[str, str, int]]  # market, sun for an energy, energy
    budgets: Sequence[Budget]

    @property
    def read_at(self) -> datetime:
        return self.it.reading.at


def told(it: Rehearsal) -> Told:
    name, group, _urgency = TOLD[it.level]
    return Told(
        it,
        name,
        GROUPS[group],
        [_said(line, it) for line in it.lines],
        [(LeverName(lever).label, REASONS[why]) for lever, why in it.unused.items()],
        [
            (one.provider, f"{one.total_sun / one.energy:.1f}", one.energy)
            for one in it.situation.offers
        ],
        list(_budgets(it)),
    )


def _said(line: Line, it: Rehearsal) -> Said:
    step, tone = line.step, "good"
    decided = _("would be done")
    if line.foretold.decided is Verdict.SHADOW:
        decided, tone = _("in shadow: only decided"), "p3"
    elif line.foretold.decided is not Verdict.GO:
        decided, tone = str(WAITS[line.foretold.decided.value]), "p1"
    elif people := line.foretold.people:
        words = ngettext(
            "%(count)s person approves first", "%(count)s people approve first", people
        )
        decided, tone = words % {"count": people}, "p2"
    price = ""
    if step.lever is Lever.BUY_ENERGY:
        words = _("%(price)s sun for each energy; burning costs %(burning)s")
        facts = {
            "price": f"{step.sun / step.energy:.1f}",
            "burning": it.situation.energy_fee_sun,
        }
        price = words % facts
    title = str(line.foretold.action)
    return Said(line.turn, step.lever, title, decided, tone, step.sun, step.energy, price)


def _budgets(it: Rehearsal) -> Iterator[Budget]:
    """Of the levers that cost: the kind's, and for what is bought the wallet's own where it has any."""
    policy = it.response.policy.plain()
    for lever in policy.levers.get(it.level, ()):
        if lever in COSTLY and (caps := policy.limits[lever].caps):
            spent = it.situation.spent.get(lever, Spent())
            yield _budget(LeverName(lever).label, caps, spent)
    own = it.situation.own_caps
    if own and min(own.action, own.day, own.lifetime) < MOST_SUN:
        yield _budget(_("Bought for this wallet"), own, it.situation.bought)


def _budget(word: Promise | str, caps: Caps, spent: Spent) -> Budget:
    return Budget(word, caps.action, caps.day, spent.day, caps.lifetime, spent.lifetime)


def as_text(said: Told) -> Iterator[str]:
    """For a terminal."""
    it = said.it
    supposed = f" {_('(supposed)')}" if it.supposed else ""
    yield f"{said.name}  {it.response.wallet}  {it.response.policy}"
    yield f"  {it.reading.left:,} / {it.reading.limit:,}{supposed}, {_('missing')} {it.plan.missing:,}"
    yield f"  {_('told at the beginning')}: {said.group}"
    for line in said.lines:
        yield f"{line.turn}. {line.name}: {line.title} [{line.decided}]"
        if line.energy:
            yield f"   {trx(line.sun)}, +{line.energy:,} {line.price}".rstrip()
    for lever, why in said.unused:
        yield f"–  {lever}: {why}"
    for market, price, energy in said.offers:
        yield f"   {market}: {energy:,}, {price} sun"
    for one in said.budgets:
        day, whole = trx(one.day_spent_sun), trx(one.whole_spent_sun)
        yield (
            f"   {one.word}: {trx(one.one_sun)}; 24 h {day} / {trx(one.day_sun)}; "
            f"{_('in all')} {whole} / {trx(one.whole_sun)}"
        )
    if it.plan.still_missing:
        yield f"   {_('still missing')} {it.plan.still_missing:,}"
    yield _("Nothing of it was done.")
