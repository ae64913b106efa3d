"""An update begins its way to everybody who wants it, and ends that of the one before (`fanning_out` goes on from here)."""

from django.db.models import Q

from core.nudge import nudge
from statuspage.domain.choosing import is_edge, keys
from statuspage.domain.phases import Phase
from statuspage.models import Component, Mailing, Update, Way
from statuspage.services.foretelling import carry
from statuspage.services.subscribing import CALL, POST


def announce(update: Update) -> None:
    """In the transaction that makes it public."""
    notice, components = update.notice, _components(update)
    first = not notice.updates.filter(told=True).exclude(pk=update.pk).exists()
    edge = is_edge(Phase(update.phase), first=first)
    for way in Way:
        running = _overtaken(update, way)
        made = Mailing.objects.create(
            update=update, notice=notice, way=way, at=update.at, kind=notice.kind,
            impact=notice.said_impact, components=sorted(one.pk for one in components),
            groups=sorted(keys([one.group_id for one in components])),
            quiet_after=0 if edge else _missed(running),
        )  # fmt: skip
        _end(running, made, edge=edge)
    nudge(POST)
    nudge(CALL)


def _components(update: Update) -> list[Component]:
    """All that the notice ever spoke of: whoever was told of the beginning is told of the end."""
    changes = update.notice.updates.values_list("changes", flat=True)
    names = {one["component"] for said in changes for one in said}
    affected = update.notice.affected.values("component")
    return list(Component.objects.filter(Q(public_id__in=names) | Q(pk__in=affected)))


def _overtaken(update: Update, way: Way) -> list[Mailing]:
    running = Mailing.objects.filter(notice=update.notice, way=way, done_at=None)
    return list(running.select_for_update(no_key=True).order_by("pk"))


def _missed(running: list[Mailing]) -> int | None:
    """Who hears beginnings only, and was not reached by this one's, hears the next word: from which key on."""
    for one in running:
        if one.quiet_after is not None and one.walked_at is None:
            return max(one.quiet_after, one.cursor)
    return None


def _end(running: list[Mailing], newer: Mailing, *, edge: bool) -> None:
    """What is overtaken goes to nobody else; what is in a sender's hands is sent."""
    for one in running:
        if one.foretold and not edge:
            carry(one, newer)
        if newer.quiet_after != 0:
            one.deferred.filter(subscriber__quiet=True).update(mailing=newer)
        one.deferred.all().delete()
        one.superseded_at = newer.at
        one.walked_at = one.walked_at or newer.at
        one.done_at = None if one.batches.exists() else newer.at
        one.save(update_fields=["superseded_at", "walked_at", "done_at"])
