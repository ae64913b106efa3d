"""A command on hosts: an argument list, never a line for a shell.

What the command prints is read as rows by one of `runbooks.readers`; without a reader each host gives one row, with its
exit code and what it printed. A host that was not reached gives a row with its `fault`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from core.told import Joined
from core.told import Told as _
from integrations import ssh
from runbooks.domain.readers import READERS, Reader, compared
from runbooks.domain.writing import Wrong, a_choice, at, only, whole
from runbooks.inventory import foretold, targets
from runbooks.step import Kind, Result, Work, steps


@steps.register("command")
class Command(Kind):
    """`changes: true` unless it only reads: then it is done once a host under the attempt's key.

    `root`: where the host says so it is done by sudo; without saying, what changes something.

    `compare`: a column whose value should be the same on all hosts; `differs` of a row says where it is not.
    """

    label = gettext_lazy("Command")
    provable = True

    def check(self, settings: Mapping[str, Any]) -> None:
        only(settings, ("on", "run", "expect", "read", "changes", "compare", "root"), "command")
        words = settings.get("run")
        if (
            not isinstance(words, list)
            or not words
            or not all(isinstance(one, str | int) for one in words)
        ):
            raise Wrong(at("run", _("a list of words, such as [systemctl, restart, nginx]")))
        if "{" in str(words[0]):
            raise Wrong(at("run", _("which program it is stands in the runbook")))
        if "on" not in settings:
            raise Wrong(at("on", _('hosts, such as "{hosts}" or [db1]')))
        expect = settings.get("expect", 0)
        if expect != "any":
            whole(expect, "expect", least=0, most=255)
        if settings.get("root", False) not in (True, False):
            raise Wrong(at("root", _("true or false")))
        a_choice(settings.get("read", "lines"), "read", READERS)

    def reads_only(self, settings: Mapping[str, Any]) -> bool:
        return settings.get("changes", True) is False

    def foretell(self, settings: Mapping[str, Any]) -> str:
        return foretold(settings["on"], settings["run"], root=_needs_root(settings))

    def run(self, work: Work) -> Result:
        given = work.settings
        once = "" if self.reads_only(given) else work.key
        said = ssh.run(
            targets(given["on"]),
            [str(word) for word in given["run"]],
            seconds=work.seconds,
            once=once,
            root=_needs_root(given),
        )
        return result_of(said, given)


def _needs_root(settings: Mapping[str, Any]) -> bool:
    return settings.get("root", settings.get("changes", True)) is True


def result_of(said: Sequence[ssh.Said], given: Mapping[str, Any]) -> Result:
    """Unknown as soon as it is unknown of one host, and done only where it is done on all."""
    read = READERS[given.get("read", "lines")]
    rows = [row for one in said for row in _rows(one, read)]
    if column := given.get("compare"):
        rows = compared(rows, str(column))
    output = "\n".join(map(printed, said))
    expect = given.get("expect", 0)
    bad = [one for one in said if one.code is None or expect not in ("any", one.code)]
    text = Joined((at(one.host, one.fault or f"exit {one.code}") for one in bad), by=" · ")
    more: dict[str, Any] = {"output": output, "rows": rows}
    if not bad:
        facts = {"out": said[0].out.strip()[:1_000]} if len(said) == 1 else {}
        return Result.done(facts=facts, **more)
    if any(one.code is None and one.begun for one in bad) and given.get("changes", True):
        return Result.unknown(text, **more)
    return Result.failed(text, **more)


def _rows(one: ssh.Said, read: Reader) -> list[dict[str, Any]]:
    if one.code is None:
        return [{"host": one.host, "reached": "no", "fault": one.fault}]
    return [{"host": one.host, **row} for row in read(one.out, one.err, one.code)]


def printed(one: ssh.Said) -> str:
    told = one.fault or ("" if one.code == 0 else f"exit {one.code}")
    head = f"── {one.host}{f' · {told}' if told else ''} ──"
    return "\n".join(part.rstrip() for part in (head, one.out, one.err) if part.strip())
