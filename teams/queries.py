from collections.abc import Iterable

from django.db.models import Q
from django.utils.text import slugify

from teams.models import Service


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


def _matching(wanted: dict[str, str]) -> dict[str, Service]:
    names = list(wanted)
    rows = Service.objects.filter(
        Q(slug__in=wanted.values()) | Q(name_ko__in=names) | Q(name_en__in=names)
    )
    by: dict[str, Service] = {}
    for service in rows:
        by |= {service.name_ko: service, service.name_en: service, service.slug: service}
    return {name: by[key] for name in names for key in (wanted[name], name) if key in by}
