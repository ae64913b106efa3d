"""One simulated server: a folder with its units and its measures, which the commands in `bin` read and change."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

NETWORK: Final = "127.0.1."  # each has an address of its own on loopback
UNITS: Final = {
    "app1": ("nginx", "dantaro-app"),
    "app2": ("nginx", "dantaro-app"),
    "app3": ("nginx", "dantaro-app"),
    "db1": ("postgresql", "redis"),
}
ADDRESSES: Final = {
    "app1": NETWORK + "1",
    "app2": NETWORK + "2",
    "app3": NETWORK + "3",
    "db1": NETWORK + "9",
}
MEASURES: Final = {"disk": 42, "memory": 55}  # per cent in use
# What is wrong with its network: DNS that answers nothing or lies, no route, a firewall against HTTPS.
NETWORK_STATES: Final = {
    "dns": ("ok", "broken", "wrong"),
    "route": ("ok", "gone"),
    "firewall": ("ok", "drop"),
}
FINE: Final = "ok"
BROKEN: Final = "broken"  # a unit that does not start, however often it is asked to
STATES: Final = ("active", "inactive", "failed", BROKEN)  # of a unit


@dataclass(frozen=True)
class Host:
    name: str
    folder: Path

    @classmethod
    def made(cls, name: str, folder: Path) -> "Host":
        """As new, whatever was there before."""
        shutil.rmtree(folder, ignore_errors=True)
        host = cls(name, folder)
        host.heal()
        return host

    @property
    def address(self) -> str:
        return ADDRESSES[self.name]

    def heal(self) -> None:
        for unit in UNITS[self.name]:
            self.set(f"units/{unit}", "active")
        for measure, percent in MEASURES.items():
            self.set(measure, str(percent))
        for name in NETWORK_STATES:
            self.set(name, FINE)

    def set(self, name: str, value: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{value}\n")

    def get(self, name: str) -> str:
        return (self.folder / name).read_text().strip()

    def as_dict(self) -> dict[str, object]:
        units = {unit: self.get(f"units/{unit}") for unit in UNITS[self.name]}
        return {
            "address": self.address,
            "units": units,
            **{name: int(self.get(name)) for name in MEASURES},
            **{name: self.get(name) for name in NETWORK_STATES},
        }

    def serves(self) -> bool:
        """Whether its application answers: it and the web server before it run."""
        return all(self.get(f"units/{unit}") == "active" for unit in UNITS[self.name])
