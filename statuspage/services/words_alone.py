"""A word of an emergency as a mail, and who hears of it: from files alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from statuspage import composing, sent
from statuspage.composing import Form
from statuspage.domain import emergency
from statuspage.domain.choosing import News, wants
from statuspage.domain.emergency import Impossible, Line
from statuspage.domain.snapshot import NoticeFacts, Snapshot, UpdateFacts, moment
from statuspage.kept import Kept, Places
from statuspage.models import Notice, Page, Update


@dataclass(frozen=True)
class Word:
    """`snapshot` as customers read it now; `lines` all that the tables do not know yet."""

    snapshot: Snapshot
    lines: list[Line]
    line: Line
    places: Places

    def reaches(self, one: Kept) -> bool:
        return wants(one.choice, self._beginning if self._missed(one.pk) else self._news)

    def form(self, language: str) -> Form:
        first = emergency.first_word(self.snapshot, self.line)
        return composing.form_of(self._update, self.page, language, first=first)

    @cached_property
    def page(self) -> Page:
        facts = self.snapshot["page"]
        name = facts["name"]
        return Page(
            pk=1, name_ko=name.get("ko", ""), name_en=name.get("en", ""), url=facts["url"],
            time_zone=facts["time_zone"],
        )  # fmt: skip

    @cached_property
    def _news(self) -> News:
        return emergency.news(self.snapshot, self.line, self.places)

    @cached_property
    def _beginning(self) -> News:
        return replace(self._news, edge=True)

    def _missed(self, pk: int) -> bool:
        """Whoever hears beginnings only, and was not reached by this one's, hears the next word as one."""
        return self._began_here and not sent.has(self._told_of_the_beginning, pk)

    @cached_property
    def _began_here(self) -> bool:
        first = emergency.first_word(self.snapshot, self.line)
        return first in {one["id"] for one in self.lines} - {self.line["id"]}

    @cached_property
    def _told_of_the_beginning(self) -> Sequence[int]:
        return sent.sorted_keys(emergency.first_word(self.snapshot, self.line))

    @cached_property
    def _update(self) -> Update:
        said, notice = self._facts
        title, body = notice["title"], said["body"]
        of = Notice(
            public_id=notice["id"], kind=notice["kind"], title_ko=title.get("ko", ""),
            title_en=title.get("en", ""),
        )  # fmt: skip
        return Update(
            public_id=said["id"], notice=of, phase=said["phase"], at=moment(said["at"]),
            body_ko=body.get("ko", ""), body_en=body.get("en", ""), changes=said["changes"],
        )  # fmt: skip

    @property
    def _facts(self) -> tuple[UpdateFacts, NoticeFacts]:
        for notice in self.snapshot["notices"]:
            for update in notice["updates"]:
                if update["id"] == self.line["id"]:
                    return update, notice
        raise Impossible("It is not on the page.")
