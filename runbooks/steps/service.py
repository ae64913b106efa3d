"""A systemd unit on hosts: started, stopped, restarted or reloaded, and looked at afterwards until it has settled.

How it was on each host is kept before anything is done, so that taking a start back stops it only where it did not
run before, and a stop the other way round.
"""

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations import ssh
from runbooks.domain.readers import units
from runbooks.domain.writing import Wrong, a_choice, only, text
from runbooks.inventory import targets
from runbooks.step import Kind, Result, Work, steps

UNIT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9@_.:-]{0,120}")
STATUS: Final = "status"
CHANGES: Final = ("start", "stop", "restart", "reload")
RUNS: Final = "active"
SETTLES: Final = frozenset({"activating", "deactivating", "reloading"})
LOOK: Final = 10.0  # seconds of one look at all hosts
PAUSE: Final = 1.0  # what dies of its own start does so by then
BACK: Final = {"start": "stop", "stop": "start"}


@steps.register("service")
class Service(Kind):
    """`on`: hosts; `unit`: such as nginx; `action`: start, stop, restart, reload or status."""

    label = gettext_lazy("Service")
    provable = True

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("on", "unit", "action"), "service")
        a_choice(settings.get("action"), "action", (STATUS, *CHANGES))
        unit = text(settings.get("unit"), "unit")
        if "{" not in unit:
            _unit(unit)
        if "on" not in settings:
            raise Wrong('on: hosts, such as "{hosts}" or [app1]')

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return settings.get("action") == STATUS

    def foretell(self, settings: Mapping[str, Any]) -> str:
        on = settings["on"] if isinstance(settings["on"], list) else [settings["on"]]
        words = f"systemctl {settings['action']} {settings['unit']}"
        return "\n".join(f"{host} $ {words}" for host in on)

    def takes_back(self, name: str, settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
        action = BACK.get(settings["action"])
        if action is None:
            return None
        back = {"on": f"{{{name}.changed}}", "unit": settings["unit"], "action": action}
        return {"service": back}

    def run(self, work: Work) -> Result:
        given = work.settings
        unit, action = _unit(str(given["unit"])), given["action"]
        hosts = targets(given["on"])
        if action == STATUS:
            return _told(unit, action, {}, _look(hosts, unit))
        before = work.remembered.get("before")
        if before is None:
            before = {one["host"]: one["active"] for one in _look(hosts, unit)}
            work.remember({"before": before})
        said = ssh.run(
            hosts, ["systemctl", action, unit], seconds=work.seconds - LOOK, once=work.key
        )
        if any(one.code is None and one.begun for one in said):
            return Result.unknown(_faults(unit, said))
        if any(one.code != 0 for one in said):
            return Result.failed(_faults(unit, said), rows=_look(hosts, unit))
        return _told(unit, action, before, _settled(hosts, unit))


def _unit(name: str) -> str:
    """Raises Wrong."""
    if not UNIT.fullmatch(name):
        raise Wrong("unit: a systemd unit, such as nginx or postgresql@15-main")
    return name


def _look(hosts: Sequence[ssh.Target], unit: str) -> list[dict[str, Any]]:
    """How it is on each host; one that does not answer has a fault instead."""
    argv = ["systemctl", "show", "--property=Id,ActiveState,SubState", unit]
    found = []
    for one in ssh.run(hosts, argv, seconds=LOOK):
        row = next(units(one.out, one.err, one.code), {})
        active = row.get("active") or "unknown"
        found.append({"host": one.host, "unit": unit, "active": active, "fault": _fault(one)})
    return found


def _settled(hosts: Sequence[ssh.Target], unit: str) -> list[dict[str, Any]]:
    """As soon as none is on its way any more, or when it has taken too long."""
    until = time.monotonic() + LOOK
    while True:
        time.sleep(PAUSE)
        rows = _look(hosts, unit)
        if time.monotonic() > until or not any(row["active"] in SETTLES for row in rows):
            return rows


def _told(
    unit: str, action: str, before: Mapping[str, str], rows: Sequence[Mapping[str, Any]]
) -> Result:
    lines = [_line(row, before) for row in rows]
    facts = {
        "changed": [name for name, was in before.items() if (was == RUNS) == (action == "stop")]
    }
    more: dict[str, Any] = {"rows": rows, "output": "\n".join(lines), "facts": facts}
    bad = [row for row in rows if not _as_wished(row, action)]
    if not bad:
        return Result.done(f"{unit}: {action} ({', '.join(row['host'] for row in rows)})", **more)
    text = _("%(unit)s is %(state)s on %(host)s.")
    told = [text % {"unit": unit, "state": row["active"], "host": row["host"]} for row in bad]
    return Result.failed(" ".join(told), **more)


def _as_wished(row: Mapping[str, Any], action: str) -> bool:
    if action == STATUS:
        return not row["fault"]
    return (row["active"] == RUNS) is (action != "stop") and not row["fault"]


def _line(row: Mapping[str, Any], before: Mapping[str, str]) -> str:
    was = before.get(row["host"])
    change = f"{was} → {row['active']}" if was else row["active"]
    return f"{row['host']}  {row['unit']}  {change}  {row['fault']}".rstrip()


def _faults(unit: str, said: Sequence[ssh.Said]) -> str:
    bad = [one for one in said if one.code != 0]
    return " · ".join(f"{one.host}: {unit}: {_fault(one)}" for one in bad)


def _fault(one: ssh.Said) -> str:
    if one.code == 0:
        return ""
    return one.fault or " ".join(one.err.split())[:300] or f"exit {one.code}"
