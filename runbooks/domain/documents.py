"""A runbook as it is written: YAML in, a tree of steps or a list of what is wrong with it out.

title: {ko: …, en: …}            what it is for, in both languages (also summary, success, back)
when: {scenarios: […], alerts: […], services: […]}
starts_by_itself: true           only where every step reads and changes nothing
inputs: {NAME: {type: …}}        see `inputs`
steps:
  - name: disk                   unique in the runbook; its facts are {disk.FACT} further on
    title: {ko: …, en: …}
    KIND: {…}                    one of `runbooks.steps`, with that kind's own settings
    timeout: 30s
    retries: 2                   after a failure, where the step is idempotent
    idempotent: true             done twice is done once
    dangerous: true              a second person approves it first
    keep_going: true             a failure does not stop the run
    findings: […]                see `findings`
    undo: {KIND: {…}}            what takes it back
    steps: […]                   of a step that has some, such as for_each
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from core.told import Told
from core.told import Told as _
from runbooks.domain.findings import Finding, finding
from runbooks.domain.inputs import OF, Input, an_input
from runbooks.domain.placeholders import names_in
from runbooks.domain.writing import Both, Wrong, at, both, duration, mapping, only, whole, words

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_STEPS: Final = 100
DEEPEST: Final = 4  # steps within steps
LONGEST: Final = timedelta(hours=12)
COMMON: Final = frozenset(
    [
        "name",
        "title",
        "timeout",
        "retries",
        "idempotent",
        "dangerous",
        "keep_going",
        "findings",
        "undo",
        "steps",
    ]
)
PARTS: Final = frozenset(
    ["title", "summary", "when", "starts_by_itself", "inputs", "steps", "success", "back"]
)


@dataclass(frozen=True)
class Step:
    name: str
    title: Both
    kind: str
    settings: Mapping[str, Any]  # of its kind, with placeholders
    timeout: timedelta | None = None  # None: what its kind usually takes
    retries: int = 0
    idempotent: bool = False
    dangerous: bool = False
    keep_going: bool = False
    findings: tuple[Finding, ...] = ()
    undo: "Step | None" = None
    steps: "tuple[Step, ...]" = ()

    def walk(self) -> "Iterator[Step]":
        """It and all within it, in their order."""
        yield self
        for step in self.steps:
            yield from step.walk()


@dataclass(frozen=True)
class When:
    scenarios: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()  # patterns such as database-*
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    title: Both
    summary: Both
    success: Both
    back: Both
    when: When = When()
    starts_by_itself: bool = False
    inputs: Mapping[str, Input] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()

    def walk(self) -> Iterator[Step]:
        for step in self.steps:
            yield from step.walk()


@dataclass(frozen=True)
class Kinds:
    """What is known of the kinds of steps when a document is read."""

    names: Collection[str]
    holding: Collection[str] = ()  # those that have steps within


def read(given: object, kinds: Kinds) -> Document:
    """Raises Wrong with everything that does not fit, each with its place."""
    faults: list[str | Told] = []
    document = _document(given, kinds, faults)
    if faults or document is None:
        raise Wrong(*faults)
    return document


def _document(given: object, kinds: Kinds, faults: list[str | Told]) -> Document | None:
    try:
        body = mapping(given, "")
        only(body, PARTS, "")
    except Wrong as wrong:
        faults.extend(wrong.faults)
        return None
    told = {part: _tried(both, body.get(part), part, faults) for part in ("title", "summary")}
    told |= {
        part: _tried(both, body[part], part, faults) if part in body else Both("", "")
        for part in ("success", "back")
    }
    inputs = _inputs(body.get("inputs", {}), faults)
    steps = _steps(body.get("steps"), "steps", kinds, faults)
    _names(steps, inputs, faults)
    return Document(
        **{part: text or Both("", "") for part, text in told.items()},
        when=_tried(_when, body.get("when", {}), "when", faults) or When(),
        starts_by_itself=body.get("starts_by_itself") is True,
        inputs=inputs,
        steps=steps,
    )


def _tried(reader: Any, given: object, place: str, faults: list[str | Told]) -> Any:
    try:
        return reader(given, place)
    except Wrong as wrong:
        faults.extend(wrong.faults)
        return None


def _when(given: object, place: str) -> When:
    body = mapping(given, place)
    only(body, ("scenarios", "alerts", "services"), place)
    return When(**{name: words(body[name], f"{place}.{name}") for name in body})


def _inputs(given: object, faults: list[str | Told]) -> dict[str, Input]:
    found = {}
    for name, body in (_tried(mapping, given, "inputs", faults) or {}).items():
        place = f"inputs.{name}"
        if not NAME.fullmatch(str(name)):
            faults.append(at(place, _("a name is small letters, digits and _, such as max_age")))
        elif (read := _tried(an_input, body, place, faults)) is not None:
            found[name] = read
    faults.extend(
        at(f"inputs.{name}.of", _("an input that is a pool or a database"))
        for name, one in found.items()
        if one.of and (one.type != "hosts" or one.of not in found or found[one.of].type not in OF)
    )
    return found


def _steps(
    given: object, place: str, kinds: Kinds, faults: list[str | Told], *, depth: int = 1
) -> tuple[Step, ...]:
    if not isinstance(given, list) or not given:
        faults.append(at(place, _("a list of steps, at least one")))
        return ()
    if depth > DEEPEST or len(given) > MOST_STEPS:
        fault = _(
            "at most %(steps)s steps, and %(levels)s levels of them",
            steps=MOST_STEPS,
            levels=DEEPEST,
        )
        faults.append(at(place, fault))
        return ()
    found = (
        _step(one, f"{place}[{index}]", kinds, faults, depth)
        for index, one in enumerate(given, start=1)
    )
    return tuple(step for step in found if step is not None)


def _step(
    given: object, place: str, kinds: Kinds, faults: list[str | Told], depth: int
) -> Step | None:
    body = _tried(mapping, given, place, faults)
    if body is None or (kind := _kind(body, place, kinds, faults)) is None:
        return None
    name = str(body.get("name", ""))
    if not NAME.fullmatch(name):
        faults.append(at(f"{place}.name", _("small letters, digits and _, such as disk_of_hosts")))
    place = f"{place} {name}".rstrip()
    try:
        settings = body[kind] if isinstance(body[kind], dict) else {kind: body[kind]}
        common = _common(body, place)
    except Wrong as wrong:
        faults.extend(wrong.faults)
        return None
    within: tuple[Step, ...] = ()
    if kind in kinds.holding:
        within = _steps(body.get("steps"), f"{place}.steps", kinds, faults, depth=depth + 1)
    elif "steps" in body:
        faults.append(at(f"{place}.steps", _("a step %(kind)s has none within it", kind=kind)))
    undo = None
    if "undo" in body:
        undo = _undo(body["undo"], name, common["title"], f"{place}.undo", kinds, faults)
    return Step(name, kind=kind, settings=settings, steps=within, undo=undo, **common)


def _kind(
    body: Mapping[str, Any], place: str, kinds: Kinds, faults: list[str | Told]
) -> str | None:
    others = [key for key in body if key not in COMMON]
    if len(others) != 1 or others[0] not in kinds.names:
        known, found = ", ".join(sorted(kinds.names)), ", ".join(map(str, others)) or "–"
        fault = _(
            "it does exactly one of %(known)s; here stands %(found)s", known=known, found=found
        )
        faults.append(at(place, fault))
        return None
    return str(others[0])


def _undo(
    given: object, name: str, title: Both, place: str, kinds: Kinds, faults: list[str | Told]
) -> Step | None:
    body = _tried(mapping, given, place, faults)
    if body is None:
        return None
    return _step({"title": title.as_dict(), **body, "name": name}, place, kinds, faults, DEEPEST)


def _common(body: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Raises Wrong."""
    flags = ("idempotent", "dangerous", "keep_going")
    wrong = [
        at(f"{place}.{flag}", _("true or false"))
        for flag in flags
        if body.get(flag, False) not in (True, False)
    ]
    if wrong:
        raise Wrong(*wrong)
    retries = whole(body.get("retries", 0), f"{place}.retries", least=0, most=10)
    idempotent = body.get("idempotent", False)
    if retries and not idempotent:
        raise Wrong(at(f"{place}.retries", _("only what is idempotent is done again")))
    return {
        "title": both(body.get("title"), f"{place}.title"),
        "timeout": _timeout(body, place),
        "retries": retries,
        **{flag: bool(body.get(flag, False)) for flag in flags},
        "findings": tuple(
            finding(one, f"{place}.findings[{index}]")
            for index, one in enumerate(body.get("findings") or (), start=1)
        ),
    }


def _timeout(body: Mapping[str, Any], place: str) -> timedelta | None:
    if "timeout" not in body:
        return None
    span = duration(body["timeout"], f"{place}.timeout")
    if not timedelta(0) < span <= LONGEST:
        fault = _("more than nothing, and at most %(longest)s", longest=LONGEST)
        raise Wrong(at(f"{place}.timeout", fault))
    return span


def _names(steps: Sequence[Step], inputs: Collection[str], faults: list[str | Told]) -> None:
    """Each name once; a placeholder is an input, an item around it or a fact of a step before it."""
    seen: set[str] = set()

    def look(rows: Iterable[Step], scope: frozenset[str]) -> None:
        for step in rows:
            inner = scope | {str(step.settings.get("as", "item"))} if step.steps else scope
            used = names_in(step.settings) | (names_in(step.undo.settings) if step.undo else set())
            known = inner | seen | ({step.name} if step.undo else set())
            faults.extend(
                at(step.name, _("{%(name)s} is no input, item or earlier step", name=name))
                for name in sorted(used)
                if name.partition(".")[0] not in known
            )
            if step.name in seen or step.name in inputs:
                faults.append(at(step.name, _("the name is taken")))
            seen.add(step.name)
            look(step.steps, inner)

    look(steps, frozenset({*inputs, "run"}))
