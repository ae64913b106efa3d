"""Tell customers something while there is no database, from the host that serves the status page."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from statuspage.domain.emergency import LISTED, Impossible, Line
from statuspage.domain.phases import Phase
from statuspage.domain.snapshot import Snapshot, in_words
from statuspage.domain.states import State
from statuspage.postbox import Postbox
from statuspage.services.emergency import post
from statuspage.services.mirroring import mirror
from statuspage.tree import Tree


class Command(BaseCommand):
    help = "Puts a word to customers on the status page without a database; the tables get it later, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("korean", nargs="?", default="", help="what customers read")
        parser.add_argument("--en", default="", help="the same in English")
        parser.add_argument("--phase", default=Phase.INVESTIGATING, choices=[*map(str, Phase)])
        parser.add_argument("--title", default="", help="of something new")
        parser.add_argument("--title-en", default="")
        parser.add_argument("--notice", default="", help="what goes on already: its id")
        parser.add_argument(
            "--set", action="append", default=[], metavar="COMPONENT=STATE", dest="states",
            help=f"a component by name or id, and one of {', '.join(LISTED)}",
        )  # fmt: skip
        parser.add_argument(
            "--mail", action="store_true",
            help="also by mail to who subscribed; without words: go on with what was said last",
        )  # fmt: skip
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would be done, and to how many"
        )
        parser.add_argument("--yes", action="store_true", help="mail without asking")

    def handle(self, **said: Any) -> None:
        snapshot = Tree().published()
        if snapshot is None:
            raise CommandError(
                "Nothing was published from here yet: there is no page to say it on."
            )
        line = None
        if said["korean"] or said["en"]:
            line = self._post(snapshot, said)
        elif not said["mail"]:
            self._show(snapshot)
        if said["mail"]:
            Postbox(self.stdout, sure=said["yes"]).mail(line, dry_run=said["dry_run"])

    def _post(self, snapshot: Snapshot, said: dict[str, Any]) -> Line:
        states = dict(_state(snapshot, one) for one in said["states"])
        try:
            line = post(
                {"ko": said["korean"], "en": said["en"]}, phase=Phase(said["phase"]), at=clock.now(),
                title={"ko": said["title"][:255], "en": said["title_en"][:255]}, states=states,
                notice=said["notice"], rehearse=said["dry_run"],
            )  # fmt: skip
        except Impossible as refused:
            raise CommandError(str(refused)) from refused
        if said["dry_run"]:
            self.stdout.write("It can be said. Nothing was written.")
            return line
        if wrong := mirror(at=clock.now(), now=True):
            self.stderr.write(f"Not in the object store: {wrong}")
        self.stdout.write(f"On the page. To go on with it: --notice {line['notice']}")
        return line

    def _show(self, snapshot: Snapshot) -> None:
        """What goes on, and what components are called."""
        for notice in snapshot["notices"]:
            if notice["resolved_at"] is None:
                self.stdout.write(f"{notice['id']}  {notice['phase']:14} {_name(notice)}")
        for one in snapshot["components"]:
            self.stdout.write(f"{one['id']}  {one['state']:14} {_name(one)}")


def _name(one: Any) -> str:
    return in_words(one.get("title") or one["name"], settings.LANGUAGE_CODE)[0]


def _state(snapshot: Snapshot, text: str) -> tuple[str, State]:
    name, _, state = text.rpartition("=")
    for one in snapshot["components"]:
        if name in {one["id"], *one["name"].values()} and state in LISTED:
            return one["id"], State(state)
    raise CommandError(
        f"{text}: no such component or state. Without words this command lists them."
    )
