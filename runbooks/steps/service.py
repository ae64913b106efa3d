"""Systemd units on hosts: started, stopped, restarted or reloaded, and looked at afterwards until it has settled.

How it was on each host is kept before anything is done, so that taking a start back stops it only where it did not
run before, and a stop the other way round.
"""

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy

from core.told import Joined, Told
from core.told import Told as _
from integrations import ssh
from runbooks.domain.readers import units
from runbooks.domain.writing import Wrong, a_choice, at, only
from runbooks.inventory import foretold, targets
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
    """`on`: hosts; `unit`: such as nginx, or several in their order; `action`: start, stop, restart, reload or status."""

    label = gettext_lazy("Service")
    provable = True

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("on", "unit", "action"), "service")
        a_choice(settings.get("action"), "action", (STATUS, *CHANGES))
        _units([one for one in _listed(settings.get("unit")) if "{" not in str(one)], least=0)
        if "on" not in settings:
            raise Wrong(at("on", _('hosts, such as "{hosts}" or [app1]')))

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return settings.get("action") == STATUS

    def foretell(self, settings: Mapping[str, Any]) -> str:
        argv = ["systemctl", settings["action"], *_listed(settings["unit"])]
        return foretold(settings["on"], argv, root=not self.reads_only(settings))

    def takes_back(self, name: str, settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
        action = BACK.get(settings["action"])
        if action is None:
            return None
        back = {"on": f"{{{name}.changed}}", "unit": settings["unit"], "action": action}
        return {"service": back}

    def run(self, work: Work) -> Result:
        given = work.settings
        names, action = _units(_listed(given["unit"])), given["action"]
        hosts = targets(given["on"])
        if action == STATUS:
            return _told(names, action, {}, _look(hosts, names))
        before = work.remembered.get("before")
        if before is None:
            before = {f"{one['host']} {one['unit']}": one["active"] for one in _look(hosts, names)}
            work.remember({"before": before})
        said = ssh.run(
            hosts,
            ["systemctl", action, *names],
            seconds=max(work.seconds - LOOK, work.seconds / 2),
            once=work.key,
            root=True,
        )
        if any(one.code is None and one.begun for one in said):
            return Result.unknown(_faults(said))
        if any(one.code != 0 for one in said):
            return Result.failed(_faults(said), rows=_look(hosts, names))
        return _told(names, action, before, _settled(hosts, names))


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _units(names: Sequence[Any], *, least: int = 1) -> list[str]:
    """Raises Wrong."""
    if len(names) < least or not all(isinstance(one, str) and UNIT.fullmatch(one) for one in names):
        fault = _("systemd units, such as nginx or [nginx, postgresql@15-main]")
        raise Wrong(at("unit", fault))
    return list(names)


def _look(hosts: Sequence[ssh.Target], names: Sequence[str]) -> list[dict[str, Any]]:
    """How each is on each host, in the order asked: systemd answers an alias by its real name."""
    argv = ["systemctl", "show", "--property=Id,ActiveState,SubState", *names]
    found = []
    for one in ssh.run(hosts, argv, seconds=LOOK):
        read = [row["active"] for row in units(one.out, one.err, one.code)]
        known = read if len(read) == len(names) else ["unknown"] * len(names)
        fault = _fault(one)
        found += [
            {"host": one.host, "unit": name, "active": active, "fault": fault}
            for name, active in zip(names, known, strict=True)
        ]
    return found


def _settled(hosts: Sequence[ssh.Target], names: Sequence[str]) -> list[dict[str, Any]]:
    """As soon as none is on its way any more, or when it has taken too long."""
    until = time.monotonic() + LOOK
    while True:
        time.sleep(PAUSE)
        rows = _look(hosts, names)
        if time.monotonic() > until or not any(row["active"] in SETTLES for row in rows):
            return rows


def _told(
    names: Sequence[str],
    action: str,
    before: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
) -> Result:
    lines = [_line(row, before) for row in rows]
    facts = {"changed": _changed(before, action)}
    more: dict[str, Any] = {"rows": rows, "output": "\n".join(lines), "facts": facts}
    bad = [row for row in rows if not _as_wished(row, action)]
    if not bad:
        on = ", ".join(dict.fromkeys(row["host"] for row in rows))
        return Result.done(f"{', '.join(names)}: {action} ({on})", **more)
    told = (
        _(
            "%(unit)s is %(state)s on %(host)s.",
            unit=row["unit"],
            state=row["active"],
            host=row["host"],
        )
        for row in bad
    )
    return Result.failed(Joined(told), **more)


def _changed(before: Mapping[str, str], action: str) -> list[str]:
    """The hosts on which nothing of it was as it is now: only there it can be taken back."""
    ran: dict[str, list[bool]] = {}
    for key, was in before.items():
        ran.setdefault(key.split()[0], []).append(was == RUNS)
    return [
        host for host, each in ran.items() if not any(one is (action != "stop") for one in each)
    ]


def _as_wished(row: Mapping[str, Any], action: str) -> bool:
    if action == STATUS:
        return not row["fault"]
    return (row["active"] == RUNS) is (action != "stop") and not row["fault"]


def _line(row: Mapping[str, Any], before: Mapping[str, str]) -> str:
    was = before.get(f"{row['host']} {row['unit']}")
    change = f"{was} → {row['active']}" if was else row["active"]
    return f"{row['host']}  {row['unit']}  {change}  {row['fault']}".rstrip()


def _faults(said: Sequence[ssh.Said]) -> Told:
    return Joined((at(one.host, _fault(one)) for one in said if one.code != 0), by=" · ")


def _fault(one: ssh.Said) -> str | Told:
    if one.code == 0:
        return ""
    return one.fault or " ".join(one.err.split())[:300] or f"exit {one.code}"
