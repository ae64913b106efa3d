"""A run begins: its version pinned, its inputs checked, all its steps laid out as rows in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.nudge import nudge
from incidents.models import Incident
from runbooks.domain.documents import Document, Step
from runbooks.domain.inputs import Unfit, values_of
from runbooks.domain.placeholders import Missing, filled, names_in
from runbooks.domain.planning import Planned, TooMuch, plan
from runbooks.domain.runs import State
from runbooks.domain.writing import Wrong
from runbooks.inventory import each_asked_once, here, with_members
from runbooks.models import Purpose, Run, Runbook, RunStep, Version
from runbooks.services import runs_told
from runbooks.step import steps
from teams.domain.roles import Action as May
from teams.models import User

TICK: Final = "runbooks.advance"


def start(
    version: Version,
    inputs: Mapping[str, Any],
    *,
    at: datetime,
    by: User | None = None,
    incident: Incident | None = None,
    purpose: Purpose = Purpose.INCIDENT,
) -> Run:
    """`by` is None for the machine, which starts only what changes nothing. Raises Refused."""
    planned, values = laid_out(version, inputs)
    if by is None and not all(_reads_only(one.step) for one in planned):
        raise Refused(_("This runbook changes something: a person starts it."))
    with transaction.atomic():
        if incident is not None:
            incident = Incident.objects.select_for_update().get(pk=incident.pk)
        run = Run.objects.create(
            version=version, incident=incident, purpose=purpose, inputs=values, started_by=by,
            driver=by, started_at=at, itself_id=version.runbook_id if incident and by is None else None,
        )  # fmt: skip
        RunStep.objects.bulk_create(
            _row(run, one, position) for position, one in enumerate(planned, start=1)
        )
        runs_told.write(incident, "begun", run, at=at, by=by, inputs=values)
        nudge(TICK)
    return run


def laid_out(version: Version, inputs: Mapping[str, Any]) -> tuple[list[Planned], dict[str, Any]]:
    """The steps as they would be, and the values kept with them. Raises Refused."""
    try:
        asked = here(version.document.inputs)
        values = values_of(asked, with_members(asked, inputs))
        return plan(version.document, values, find=_found), values
    except (Unfit, Missing, TooMuch, Wrong) as error:
        raise Refused(str(error)) from error


def undo(run: Run, *, at: datetime, by: User) -> Run:
    """A run that takes back what was done, the last first. Raises Refused."""
    done = run.steps.filter(state=State.DONE, undo__isnull=False).order_by("-position")
    with transaction.atomic():
        incident, run = runs_told.held(run.pk)
        if not run.is_over and run.state != "stopped":
            raise Refused(_("It is still going on. Pause or abort it first."))
        if not (rows := list(done)):
            raise Refused(_("Nothing of it can be taken back."))
        if run.undone_by.exclude(state="aborted").exists():
            raise Refused(_("It is being taken back already."))
        other = Run.objects.create(
            version=run.version, incident=incident, purpose=run.purpose, inputs=run.inputs,
            started_by=by, driver=by, started_at=at, undoes=run,
        )  # fmt: skip
        RunStep.objects.bulk_create(
            _undoing(other, step, position) for position, step in enumerate(rows, start=1)
        )
        runs_told.write(incident, "begun", other, at=at, by=by, undoes=run.pk)
        nudge(TICK)
    return other


def _found(key: str) -> Document:
    book = Runbook.objects.select_related("current").filter(key=key, enabled=True).first()
    if book is None or book.current is None:
        raise Refused(_("There is no runbook %(key)s.") % {"key": key})
    return book.current.document


def _reads_only(step: Step) -> bool:
    return not step.dangerous and steps[step.kind].reads_only(step.settings)


def _row(run: Run, one: Planned, position: int) -> RunStep:
    step, kind = one.step, steps[one.step.kind]
    return RunStep(
        run=run, position=position, path="/".join(one.path), name=one.prefix + step.name,
        title_ko=step.title.ko[:300], title_en=step.title.en[:300], kind=step.kind,
        given=dict(step.settings), scope=dict(one.scope), timeout=step.timeout or kind.timeout,
        findings=[_kept(finding) for finding in step.findings],
        retries=step.retries, dangerous=step.dangerous or kind.dangerous, keep_going=step.keep_going,
        repeatable=step.idempotent or kind.provable or kind.reads_only(step.settings),
        holds=one.holds, at_once=one.at_once, undo=_undo_of(step),
        # Nothing to do for nobody: it is passed at once.
        state=State.SKIPPED if kind.holding and not one.holds else State.PENDING,
    )  # fmt: skip


def _kept(finding: Any) -> dict[str, Any]:
    when: dict[str, list[str]] = {}
    for column, sign, value in finding.when:
        when.setdefault(column, []).append(f"{sign} {value}")
    return {
        "say": finding.say.as_dict(), "when": when,
        "grave": finding.grave, "once": finding.once, "none": finding.none,
    }  # fmt: skip


def _undo_of(step: Step) -> dict[str, Any] | None:
    """As it is written, or what its kind knows by itself."""
    if step.undo is None:
        natural = steps[step.kind].takes_back(step.name, step.settings) or {}
        return next(
            (
                {"kind": kind, "settings": dict(given), "timeout": None}
                for kind, given in natural.items()
            ),
            None,
        )
    timeout = step.undo.timeout.total_seconds() if step.undo.timeout else None
    return {"kind": step.undo.kind, "settings": dict(step.undo.settings), "timeout": timeout}


def _undoing(run: Run, step: RunStep, position: int) -> RunStep:
    undo: dict[str, Any] = step.undo or {}
    kind = steps[undo["kind"]]
    return RunStep(
        run=run, position=position, path=str(position), name=f"undo_{position}",
        title_ko=step.title_ko, title_en=step.title_en, kind=undo["kind"],
        given=undo["settings"], scope=step.scope | {step.name.rpartition(".")[2]: step.facts},
        timeout=timedelta(seconds=undo["timeout"]) if undo["timeout"] else kind.timeout,
        repeatable=kind.provable or kind.reads_only(undo["settings"]),
        dangerous=step.dangerous,
    )  # fmt: skip


def foretold(version: Version, inputs: Mapping[str, Any]) -> Sequence[tuple[Planned, str]]:
    """Of each step what exactly it would do; it asks nobody outside. Raises Refused."""
    planned, _values = laid_out(version, inputs)
    with each_asked_once():
        return [(one, steps[one.step.kind].foretell(_half_filled(one))) for one in planned]


def _half_filled(one: Planned) -> Mapping[str, Any]:
    """What only earlier steps find stays as it is written."""
    values = dict(one.scope)
    for name in names_in(one.step.settings):
        first, dot, second = name.partition(".")
        if dot:
            values.setdefault(first, {})[second] = f"{{{name}}}"
        else:
            values.setdefault(name, f"{{{name}}}")  # an input that needs no value, and has none
    settings: Mapping[str, Any] = filled(one.step.settings, values)
    return settings


def only_reads(version: Version, inputs: Mapping[str, Any]) -> bool:
    """Of all its steps, those of runbooks within too. Raises Refused."""
    return all(_reads_only(one.step) for one in laid_out(version, inputs)[0])


def may_start(user: User, version: Version, inputs: Mapping[str, Any]) -> bool:
    """Whoever responds starts what only reads; what changes something is a commander's. Raises Refused."""
    return user.may(May.COMMAND) or (user.may(May.RESPOND) and only_reads(version, inputs))
