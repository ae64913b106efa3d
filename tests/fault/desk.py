"""A scripted hour of an incident desk: what comes in when, who answers when, and what nobody answers."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import httpx2

from tests.fault.driver import Alert, Driver
from tests.fault.policies import HOUR, MINUTE
from tests.running import Product, until

NUMBER = "SELECT number FROM incidents_incident WHERE title LIKE %s"
GONE = 409  # somebody was faster: our own first try, whose answer was lost


@dataclass(frozen=True)
class Scene:
    """One incident of the script; minutes after its alert."""

    at: float
    severity: str
    answered: float | None
    raised: float | None = None  # to P1


@dataclass
class Story:
    """What was done about it; times in seconds of the epoch."""

    alert: Alert
    accepted: float
    asked: float = 0.0  # to answer it
    answered: float = 0.0


def script(seed: int) -> list[Scene]:
    """Two dozen: five in the gravest severity, four raised by a person, three that nobody answers."""
    chance = random.Random(seed)
    minutes = iter(sorted(chance.uniform(0, 50) for _ in range(24)))
    kinds = (
        ["P0"] * 5
        + ["P1"] * 8
        + ["P2"] * 4
        + ["raised"] * 4
        + ["P0 for ever", "P1 for ever", "P2 for ever"]
    )
    chance.shuffle(kinds)
    return [_scene(kind, at, chance) for kind, at in zip(kinds, minutes, strict=True)]


def _scene(kind: str, at: float, chance: random.Random) -> Scene:
    if kind == "raised":
        raised = chance.uniform(1, 8)
        return Scene(at, "P2", raised + chance.uniform(1, 20), raised)
    severity, _, for_ever = kind.partition(" ")
    return Scene(at, severity, None if for_ever else chance.uniform(1, 20))


class Desk:
    """Plays the script against a product of which parts keep dying: whoever gets no answer asks again."""

    def __init__(self, product: Product, driver: Driver) -> None:
        self.product, self.driver = product, driver
        self.opened = time.monotonic()

    def play(self, scenes: list[Scene]) -> list[Story]:
        """Ends with the hour: what nobody has answered until then is answered."""
        with ThreadPoolExecutor(len(scenes)) as players:
            return list(players.map(self._play, scenes))

    def _play(self, scene: Scene) -> Story:
        self._wait(scene.at * MINUTE)
        alert = self.driver.fire(scene.severity)
        story = Story(alert, self.driver.accepted[alert])
        if scene.raised:
            self._wait((scene.at + scene.raised) * MINUTE)
            self._do(alert, "severity", {"severity": "P1"})
        end = HOUR if scene.answered is None else (scene.at + scene.answered) * MINUTE
        self._wait(min(end, HOUR))
        story.asked, story.answered = self._do(alert, "acknowledge")
        return story

    def _wait(self, moment: float) -> None:
        time.sleep(max(0.0, self.opened + moment - time.monotonic()))

    def _do(
        self, alert: Alert, deed: str, said: dict[str, str] | None = None
    ) -> tuple[float, float]:
        """When it was asked for first, and when it was certain."""
        assert until(partial(self._numbers, alert), within=30), f"{alert} opened nothing"
        [(number,)] = self._numbers(alert)
        asked = time.time()
        path = f"/api/v1/incidents/{number}/{deed}/"
        assert until(lambda: self._is_done(path, said), within=60), f"{deed} of {alert}"
        return asked, time.time()

    def _numbers(self, alert: Alert) -> list[tuple[int, ...]]:
        return self.product.sql(NUMBER, f"%{alert.name}")

    def _is_done(self, path: str, said: dict[str, str] | None) -> bool:
        try:
            answer = self.product.api.post(path, json=said)
        except httpx2.HTTPError:
            return False
        return answer.is_success or answer.status_code == GONE
