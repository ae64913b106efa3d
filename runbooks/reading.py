"""YAML into documents, by the kinds of steps that there are."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import yaml

from core.told import Told
from core.told import Told as _
from runbooks.domain.documents import Document, Kinds, read
from runbooks.domain.writing import Wrong, at
from runbooks.step import steps

LONGEST: Final = 200_000  # characters of a runbook
BOOL: Final = "tag:yaml.org,2002:bool"


class _Loader(yaml.SafeLoader):
    """Without anchors, which make a small text a huge one, and without a name given twice, of which one is lost."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError(_("no references with *"))
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        names = [key.value for key, _value in node.value]
        if twice := next((name for name in names if names.count(name) > 1), None):
            line = node.start_mark.line + 1
            raise yaml.YAMLError(
                _("line %(line)s: %(name)s stands there twice", line=line, name=twice)
            )
        return super().construct_mapping(node, deep=deep)

    @classmethod
    def only_true_and_false(cls) -> None:
        """YAML 1.1 reads on, off, yes and no as true and false too: `on: db1` would have no name."""
        cls.yaml_implicit_resolvers = {
            first: [(tag, test) for tag, test in resolvers if tag != BOOL]
            for first, resolvers in cls.yaml_implicit_resolvers.items()
        }
        cls.add_implicit_resolver(BOOL, re.compile(r"(?:true|false)\Z"), list("tf"))


_Loader.only_true_and_false()


@lru_cache(maxsize=256)
def document_of(source: str) -> Document:
    """Raises Wrong with all that does not fit."""
    if len(source) > LONGEST:
        raise Wrong(_("a text of at most %(most)s characters", most=LONGEST))
    try:
        given = yaml.load(source, _Loader)  # noqa: S506 - a SafeLoader that takes less
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Wrong(_("This is no YAML: %(why)s", why=str(error)[:300])) from error
    steps.discover()
    document = read(given, Kinds(set(steps), {name for name in steps if steps[name].holding}))
    _check(document)
    return document


def _check(document: Document) -> None:
    faults: list[str | Told] = []
    for step in document.walk():
        for one in filter(None, (step, step.undo)):
            try:
                steps[one.kind].check(one.settings)
            except Wrong as wrong:
                faults += [at(f"{step.name}.{one.kind}", fault) for fault in wrong.faults]
    if document.starts_by_itself:
        faults += _by_itself(document)
    if faults:
        raise Wrong(*faults)


def _by_itself(document: Document) -> Iterator[Told]:
    if not reads_only(document):
        yield at("starts_by_itself", _("only where every step reads and changes nothing"))
    for name, one in document.inputs.items():
        if one.required and one.default is None:
            fault = _("nobody is there to say it when it starts by itself")
            yield at(f"inputs.{name}.default", fault)


def reads_only(document: Document) -> bool:
    """Steps of other runbooks are judged as they are laid out."""
    return all(
        steps[step.kind].reads_only(step.settings) and not step.dangerous
        for step in document.walk()
    )
