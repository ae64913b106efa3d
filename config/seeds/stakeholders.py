"""The manual's stakeholders (M8.1); addresses lead to the sandbox until real ones take their places."""

from dataclasses import dataclass

from django.conf import settings

from core.models import Planted
from teams.models import User
from teams.stakeholders import StakeholderContact, StakeholderGroup


@dataclass(frozen=True)
class SomeGroup:
    slug: str
    ko: str
    en: str
    kind: str
    people: tuple[str, ...] = ()
    contacts: tuple[tuple[str, str, str], ...] = ()  # name, language, email


GROUPS = [
    SomeGroup(
        "engineering", "개발", "Engineering", "internal",
        contacts=(("개발팀", "ko", "dev-team@company.com"),),
    ),
    SomeGroup(
        "operations", "운영", "Operations", "internal",
        contacts=(("운영팀", "ko", "ops-team@company.com"),),
    ),
    SomeGroup("management", "경영진", "Management", "internal", people=("ceo", "cto")),
    SomeGroup(
        "support", "고객 지원", "Support", "internal",
        contacts=(("고객 지원팀", "ko", "support@company.com"),),
    ),
    SomeGroup(
        "customers", "고객", "Customers", "external",
        contacts=(("고객 포털", "ko", "notifications@customer-portal.com"),),
    ),
    SomeGroup(
        "partners", "파트너", "Partners", "external",
        contacts=(("Partners", "en", "partners@company.com"),),
    ),
    SomeGroup(
        "vendors", "공급사", "Vendors", "external",
        contacts=(("Vendor relations", "en", "vendor-relations@company.com"),),
    ),
]  # fmt: skip


def stakeholders() -> None:
    if not Planted.objects.first_time("stakeholders") or StakeholderGroup.objects.exists():
        return
    known = User.objects.in_bulk(field_name="username")
    for group in GROUPS:
        row = StakeholderGroup.objects.create(
            slug=group.slug, name_ko=group.ko, name_en=group.en, kind=group.kind
        )
        row.people.set([known[name] for name in group.people if name in known])
        if not settings.PRODUCTION:  # nobody real may be told by the address of an example
            _contacts(row, group)


def _contacts(row: StakeholderGroup, group: SomeGroup) -> None:
    StakeholderContact.objects.bulk_create(
        StakeholderContact(group=row, name=name, language=language, address=address)
        for name, language, address in group.contacts
    )
