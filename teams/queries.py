from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.text import slugify

from teams.domain.roles import Role
from teams.models import Service, User
from teams.signing_in import AccessEvent


def services_named(names: Iterable[str]) -> dict[str, Service]:
    """The service behind each name an alert used: its slug, or its name in either language.

    One that nobody described yet is added as "discovered", for an administrator to complete.
    """
    wanted = {name: slugify(name, allow_unicode=True)[:80] or "unnamed" for name in names}
    found = _matching(wanted)
    missing = {name: slug for name, slug in wanted.items() if name not in found}
    if missing:
        Service.objects.bulk_create(
            [
                Service(slug=slug, name_ko=name, name_en=name, discovered=True)
                for name, slug in missing.items()
            ],
            ignore_conflicts=True,
        )
        found |= _matching(missing)
    return found


def dependences() -> dict[int, set[int]]:
    """By service, what it depends on."""
    found = defaultdict[int, set[int]](set)
    for service, below in Service.depends_on.through.objects.values_list(
        "from_service_id", "to_service_id"
    ):
        found[service].add(below)
    return dict(found)


def _matching(wanted: dict[str, str]) -> dict[str, Service]:
    names = list(wanted)
    rows = Service.objects.filter(
        Q(slug__in=wanted.values()) | Q(name_ko__in=names) | Q(name_en__in=names)
    )
    by: dict[str, Service] = {}
    for service in rows:
        by |= {service.name_ko: service, service.name_en: service, service.slug: service}
    return {name: by[key] for name in names for key in (wanted[name], name) if key in by}


@dataclass(frozen=True)
class Access:
    failed: int  # sign-ins
    addresses: int  # they came from
    new_administrators: int
    administrators: int  # in all


def access_since(moment: datetime) -> Access:
    recent = AccessEvent.objects.filter(at__gte=moment)
    failed = Q(kind=AccessEvent.Kind.FAILED)
    counted = recent.aggregate(
        failed=Count("pk", filter=failed),
        addresses=Count("address", filter=failed, distinct=True),
        new=Count("pk", filter=Q(kind=AccessEvent.Kind.ADMINISTRATOR)),
    )
    able = Q(role=Role.ADMINISTRATOR) | Q(is_superuser=True)
    count = User.objects.filter(able, is_active=True).count()
    return Access(counted["failed"], counted["addresses"], counted["new"], count)
