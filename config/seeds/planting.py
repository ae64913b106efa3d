import secrets
from datetime import date, time

from django.conf import settings
from django.db import transaction

from config.seeds.checks import checks
from config.seeds.energy import wallets
from config.seeds.hosts import hosts
from config.seeds.log_patterns import log_patterns
from config.seeds.messages import messages
from config.seeds.people import (
    CUSTOMER_FACING,
    DEPENDS_ON,
    PEOPLE,
    ROTATIONS,
    SERVICES,
    TEAMS,
    SomeTeam,
)
from config.seeds.severities import SEVERITIES
from config.seeds.sites import sites
from config.seeds.stakeholders import stakeholders
from config.seeds.statuspage import prepared_words, status_page
from config.seeds.suggestions import suggestions
from core import clock
from incidents.models import SeverityPolicy
from maintenance.services.checklists import load_checklists
from monitoring import services as monitoring
from monitoring.models import Integration
from monitoring.registry import sources
from runbooks import services as runbooks
from teams.models import ContactMethod, Service, Team, User
from teams.rotations import Layer, LayerMember, Rotation
from teams.signing_in import AccessEvent

FIRST_INTEGRATION = "local"


def plant(password: str) -> str:
    """Seed what is missing; the first user's password when it was made just now, else "".

    The first user `commander` is the administrator. All is one transaction: half a seed is none.
    """
    with transaction.atomic():
        made = first_user(password)
        if not SeverityPolicy.objects.exists():
            if not settings.PRODUCTION:  # nobody real may be paged by the name of an example
                people()
            for team in TEAMS:
                _team(team)
            if not settings.PRODUCTION:
                rotations()
            severities()
            service_catalogue()
        stakeholders()
        messages()
        suggestions()
        log_patterns()
        first_integration()
        checks()
        wallets()
        status_page(at=clock.now())
        prepared_words()
        monitoring.plant_rules(at=clock.now())
        hosts()
        sites()
        runbooks.load_library(at=clock.now())
        load_checklists()
    return made


def first_user(password: str) -> str:
    user, is_new = User.objects.get_or_create(
        username="commander",
        defaults={
            "display_name": "봉수 지휘자",
            "title": "Incident commander",
            "role": "administrator",
            "email": "commander@localhost",
            "language": settings.LANGUAGE_CODE,
        },
    )
    if not is_new and not (password and not user.check_password(password)):
        return ""
    made = password or secrets.token_urlsafe(9)
    user.set_password(made)
    user.save()
    if is_new and User.objects.count() == 1:
        AccessEvent.objects.filter(user=user).delete()  # the first administrator of all is no news
    return made


def people() -> None:
    for person in PEOPLE:
        email = f"{person.username}@company.com"
        user, is_new = User.objects.get_or_create(
            username=person.username,
            defaults={
                "display_name": person.name,
                "title": person.title,
                "role": person.role,
                "email": email,
                "language": person.language,
                "password": "!",  # nobody signs in until an administrator sets a password
            },
        )
        ways = {"voice": person.phone, "sms": person.phone, "slack": person.slack, "email": email}
        if is_new:
            ContactMethod.objects.bulk_create(
                ContactMethod(user=user, channel=channel, address=address, verified_at=clock.now())
                for channel, address in ways.items()
            )


def _team(team: SomeTeam) -> None:
    by_name = {user.username: user for user in User.objects.all()}
    row, is_new = Team.objects.get_or_create(
        slug=team.slug,
        defaults={
            "name_ko": team.ko,
            "name_en": team.en,
            "lead": by_name.get(team.lead),
            "escalation": by_name.get(team.escalation),
            "webhook_url": "" if settings.PRODUCTION else _sandbox_hook(team),
        },
    )
    if is_new:
        row.members.set([by_name[name] for name in team.members if name in by_name])


def _sandbox_hook(team: SomeTeam) -> str:
    """A machine that listens to the gravest pages, so that all five channels can be seen at work."""
    return f"{settings.SANDBOX}/webhook/{team.slug}" if team.slug == "p0" else ""


def rotations() -> None:
    by_name = {user.username: user for user in User.objects.all()}
    for place, some in enumerate(ROTATIONS):
        team = Team.objects.get(slug=some.team)
        names = {"name_ko": some.ko, "name_en": some.en, "team": team, "place": place}
        row, is_new = Rotation.objects.get_or_create(slug=some.slug, defaults=names)
        if is_new:
            layer = Layer.objects.create(rotation=row, first_day=date(2026, 1, 5), handover=time(9))
            LayerMember.objects.bulk_create(
                LayerMember(layer=layer, place=turn, user=by_name[name])
                for turn, name in enumerate(some.people)
            )


def severities() -> None:
    for severity, fields in SEVERITIES.items():
        team = Team.objects.get(slug=severity.lower())
        SeverityPolicy.objects.get_or_create(severity=severity, defaults=fields | {"team": team})


def service_catalogue() -> None:
    made = set()
    for slug, korean, english, owner in SERVICES:
        _service, is_new = Service.objects.get_or_create(
            slug=slug,
            defaults={
                "name_ko": korean,
                "name_en": english,
                "owner": Team.objects.get(slug=owner),
                "customer_facing": slug in CUSTOMER_FACING,
            },
        )
        made |= {slug} if is_new else set()
    for service in Service.objects.filter(slug__in=made & DEPENDS_ON.keys()):
        service.depends_on.set(Service.objects.filter(slug__in=DEPENDS_ON[service.slug]))


def first_integration() -> None:
    """A door for the first test alert; its address follows the port of this start."""
    kept = settings.BONGSU_HOME / "first-integration.url"
    if settings.PRODUCTION:
        return
    token = kept.read_text().rstrip("/").rpartition("/")[2] if kept.exists() else ""
    if not Integration.objects.filter(name=FIRST_INTEGRATION).exists():
        _, token = monitoring.add_integration("generic", name=FIRST_INTEGRATION)
    if token:
        kept.touch(mode=0o600)
        kept.write_text(sources["generic"].addressed(settings.BASE_URL, token))
