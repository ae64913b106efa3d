"""What lies there looked at: the newest backup of a plan, from end to end, and whether it is the one that was made."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from integrations import backups as house
from maintenance.domain import flaws
from maintenance.domain.flaws import AHEAD, Flaw
from maintenance.models import BackupPlan, age_of
from maintenance.places import Place, place_of
from maintenance.services.backup_plans import HERE, TROUBLE, database_of, in_words


def flaws_of_newest(
    plan: BackupPlan, *, at: datetime, within: timedelta | None = None
) -> list[Flaw]:
    """What keeps the newest backup from being sound and young; nothing where it is. Its checksum is reckoned anew."""
    try:
        place = place_of(plan)
        stem, ahead = newest_of(plan, place, at)
    except TROUBLE as error:
        return [Flaw("out_of_reach", {"said": in_words(error)})]
    if not stem:
        return [*ahead, Flaw("none")]
    age, wrong = _looked_at(plan, place, stem, at)
    found = ahead + wrong
    if "elsewhere" in flaws.codes(wrong):
        return found  # that says nothing of the backup, which its host looks at
    seen = {"looked_at": at, "flaws": [one.kept() for one in found]}
    plan.backups.made().filter(stem=stem).update(**seen if found else seen | {"verified_at": at})
    return found if age is None else found + flaws.of_age(age, within or plan.rpo)


def _looked_at(
    plan: BackupPlan, place: Place, stem: str, at: datetime
) -> tuple[timedelta | None, list[Flaw]]:
    """Its age, where that can be read, and what is wrong with it."""
    try:
        with place.at_hand(stem) as path:
            backup = opened(plan, path)
    except house.Unusable as why:
        return None, [Flaw(why.code, why.facts)]
    except TROUBLE as error:
        return None, [Flaw("out_of_reach", {"said": in_words(error)})]
    return at - backup.manifest.made_at, of_itself(plan, backup)


def opened(plan: BackupPlan, path: Path) -> house.Backup:
    """Whole and readable; one that another host made, into a folder that this one does not see, is not lost. Raises Unusable."""
    host = plan.backups.filter(stem=path.stem).values_list("host", flat=True).first()
    if host and host != HERE and not path.exists():
        told = {"host": host, "here": HERE}
        raise house.Unusable(f"{path}: {host}, {HERE}", "elsewhere", **told)
    return house.verified(path, secret=settings.BACKUP_KEY)


def of_itself(plan: BackupPlan, backup: house.Backup) -> list[Flaw]:
    """Whether it is the one that was made: by its name, and by our rows where they know it."""
    manifest, stem = backup.manifest, backup.path.stem
    recorded = plan.backups.filter(stem=stem).values_list("sha256", flat=True).first()
    called = house.stem_of(manifest.database, manifest.made_at)
    return flaws.of_name(stem, called) or flaws.of_record(recorded or "", manifest.sha256)


def newest_of(plan: BackupPlan, place: Place, at: datetime) -> tuple[str, list[Flaw]]:
    """Also one that we made and of which nothing can be read any more: it does not make way for an older one.

    Beside it, what is dated ahead of now, which would be the newest for as long as it is ahead.
    """
    moments = {stem: house.moment_of(stem) for stem in place.stems(database_of(plan))}
    row = plan.backups.filter(place=place.name).newest(at)
    there = [stem for stem, made in moments.items() if made and made - at <= AHEAD]
    known = [*there, row.stem] if row else there
    newest = max(known, key=lambda stem: stem.rpartition("-")[2], default="")
    return newest, flaws.of_clock(moments, at)


def age_of_newest(plan: BackupPlan, *, at: datetime) -> timedelta | None:
    """As our own rows know it, without a look at the place."""
    return age_of(plan.backups.newest(at), at)
