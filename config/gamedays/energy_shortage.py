"""A shortage in the sandbox, from the first alert to the last withdrawal let go, told as it happens.

The sandbox's own hands drain the wallet; everything else is done by the workers that run anyway.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from time import sleep
from typing import Any, Final

from django.utils.translation import gettext as _

from config.gamedays.drill import commanders
from config.gamedays.outside import post
from core import clock
from core.errors import Refused
from core.money import trx
from energy.domain.policy import KINDS
from energy.domain.responses import result_of
from energy.domain.states import Level
from energy.models import EnergyPolicy, Response, Role, Wallet
from incidents.models import Incident, LinkedAlert
from incidents.services import resolve
from maintenance.services.playing import only_the_sandbox
from runbooks.domain.actions import Mode, State
from runbooks.models import Action, Limits

WITHIN: Final = timedelta(minutes=12)
DRAINS: Final = ((Level.WARNING, 12.0), (Level.EMERGENCY, 3.0), (Level.CRITICAL, 0.4))
LET_GO: Final = timedelta(minutes=2)  # what was held back, when it is ended early
STRAGGLERS: Final = timedelta(minutes=1)  # what was seen in the drill may be told after it
RESUME: Final = "withdrawals.resume"
Say = Callable[[str], None]


def play(say: Say, between: Callable[[], None]) -> str:
    """The final status. `between` passes the time while the workers work. Raises Refused."""
    wallet = _wallet()
    game = Game(wallet, say)
    with _in_drill(wallet), _switched_on():
        try:
            for level, percent in DRAINS:
                game.tell(f"DRAIN {percent:g} %")
                game.until(partial(game.is_down_at, level, percent), between)
            game.until(lambda: game.response is not None and not game.response.is_open, between)
            game.rest()
            game.until(lambda: not game.is_short(), between)
            return game.end()
        finally:
            game.fill()


class Game:
    """What has been told so far, and since when."""

    def __init__(self, wallet: Wallet, say: Say) -> None:
        self.wallet, self.say = wallet, say
        self.began = clock.database_now()
        self.told: dict[str, str] = {}
        self.response: Response | None = None

    def tell(self, words: str) -> None:
        passed = int((clock.database_now() - self.began).total_seconds())
        self.say(f"{passed // 60:02}:{passed % 60:02}  {words}")

    def until(self, done: Callable[[], bool], between: Callable[[], None]) -> None:
        """Raises Refused when it takes too long: then something does not work."""
        while True:
            self.look()
            if done():
                return
            if clock.database_now() > self.began + WITHIN:
                raise Refused(_("It has not ended within %(time)s.") % {"time": WITHIN})
            between()

    def is_down_at(self, level: Level, percent: float) -> bool:
        """And, from EMERGENCY on, the response knows. Drained as often as the response is quicker."""
        post("/chain/drain", {"account": self.wallet.address, "left_percent": percent})
        if level < Level.EMERGENCY:
            return self.wallet.level >= level
        return self.response is not None and self.response.level >= level

    def look(self) -> None:
        self.wallet.refresh_from_db()
        self._news("wallet", self.wallet.state, left_of(self.wallet))
        rows = Response.objects.filter(wallet=self.wallet, began_at__gte=self.began)
        self.response = rows.select_related("incident").order_by("pk").last()
        if self.response is None:
            return
        if self.response.told_level:
            self._news("told", f"{Level(self.response.told_level).name}_ENERGY_SHORTAGE")
        for step in self.response.steps.with_results():
            if step.action is not None:
                self._news(f"step {step.pk}", told_of(step.lever, step.result, step.action))
        if self.response.reported_at:
            self._news("status", self.response.status)
        if self.response.recovered_at:
            self._news("back", "ENERGY_BACK")
        for action in self._resumed(self.response.began_at):
            result = result_of(State(action.state), held_back=bool(action.waits_for))
            self._news(f"action {action.pk}", told_of("RESUME_WITHDRAWALS", result, action))

    def fill(self) -> None:
        """Also when it is ended early: nothing is held back any more, before the levers are switched off again."""
        if self.is_short():
            self.rest()
        until = clock.database_now() + LET_GO
        while self.is_short() and clock.database_now() < until:
            sleep(1)

    def rest(self) -> None:
        post("/chain/rest", {"account": self.wallet.address})
        self.tell("REST")

    def is_short(self) -> bool:
        self.wallet.refresh_from_db()
        return self.wallet.level > Level.OK or self.wallet.responses.open().exists()

    def end(self) -> str:
        response = self.response
        if response is None:
            raise AssertionError("it ends with the end of its response")
        self.tell(f"OVER  {response.status}  #{response.incident_id}  {trx(response.cost_sun)}")
        return response.status

    def _resumed(self, since: datetime) -> Iterator[Action]:
        rows = Action.objects.filter(kind=RESUME, proposed_at__gte=since).order_by("pk")
        yield from rows

    def _news(self, what: str, words: str, more: str = "") -> None:
        """Once, until it is another; `more` is told with it, and is no news by itself."""
        if self.told.get(what) != words:
            self.told[what] = words
            self.tell(f"{words}  {more}".rstrip())


def told_of(name: str, result: str, action: Action) -> str:
    return f"{name:<18}  {result:<7}  {action}  {action.text}".rstrip()


def left_of(wallet: Wallet) -> str:
    percent = wallet.last.percent if wallet.last else None
    return "" if percent is None else f"{percent:.1f} %"


def _wallet() -> Wallet:
    only_the_sandbox()
    wallet = Wallet.objects.filter(enabled=True, role=Role.HOT).order_by("pk").first()
    if wallet is None:
        raise Refused(_("No hot wallet is watched."))
    if wallet.responses.open().exists():
        raise Refused(_("A response is running already."))
    return wallet


@contextmanager
def _in_drill(wallet: Wallet) -> Iterator[None]:
    """What is told of it is a drill's meanwhile, and ends with it."""
    driver, _second = commanders()
    _drilled(wallet, until=clock.database_now() + WITHIN + LET_GO)
    try:
        yield
    finally:
        at = clock.database_now()
        _drilled(wallet, until=at + STRAGGLERS)
        linked = LinkedAlert.objects.filter(
            alert__group=f"energy:{wallet.pk}", alert__integration__drill=True
        )
        for incident in Incident.objects.filter(pk__in=linked.values("incident")).open():
            resolve(incident, by=driver, at=at)


def _drilled(wallet: Wallet, *, until: datetime) -> None:
    Wallet.objects.filter(pk=wallet.pk).update(drill_until=until)


def put_back() -> None:
    for wallet in Wallet.objects.filter(drill_until__isnull=False):
        post("/chain/rest", {"account": wallet.address})


@contextmanager
def _switched_on() -> Iterator[None]:
    """The kinds of action, and withdrawals that go again after half a minute; as before afterwards."""
    kinds = [*KINDS.values(), RESUME]
    before = {kind: Limits.of(kind).mode for kind in kinds}
    held = EnergyPolicy.now()
    try:
        _version(held, resume_runway=timedelta(0), paused_for=timedelta(seconds=30))
        Limits.objects.filter(kind__in=kinds).update(mode=Mode.ON)
        yield
    finally:
        for kind, mode in before.items():
            Limits.objects.filter(kind=kind).update(mode=mode)
        _version(held)


def _version(policy: EnergyPolicy, **changes: Any) -> None:
    names = [one.name for one in EnergyPolicy._meta.fields if one.name not in {"id", "made_at"}]
    EnergyPolicy.objects.create(**{name: getattr(policy, name) for name in names} | changes)
