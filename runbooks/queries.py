from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, Prefetch, Q, QuerySet, Sum, TextField, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from incidents.models import Incident
from monitoring.models import Alert, Rule
from runbooks.domain.actions import DAY, OPEN, PAID, WAITING, Spent
from runbooks.domain.fitting import Facts, Fit, fit
from runbooks.models import Action, Approval, Halt, Limits, Loosening, Runbook
from runbooks.models.loosening import LooseningQuerySet
from runbooks.registry import actions
from teams.domain.roles import Role
from teams.models import Service, User


class Suggested(NamedTuple):
    runbook: Runbook
    why: Fit


def halted() -> Halt | None:
    """The kill switch, when it is pulled."""
    return Halt.objects.filter(lifted_at__isnull=True).select_related("by").first()


def shown() -> QuerySet[Action]:
    """With all that a page says of an action."""
    approvals = Approval.objects.select_related("person")
    rows = Action.objects.select_related("incident", "proposed_by", "ended_by")
    return rows.prefetch_related(Prefetch("approvals", approvals))


def unfinished() -> QuerySet[Action]:
    return shown().filter(state__in=WAITING | OPEN).order_by("pk")


def of_incident(incident: Incident) -> QuerySet[Action]:
    """What is not over first, then the newest."""
    place = Case(When(state__in=WAITING | OPEN, then=0), default=1)
    return shown().filter(incident=incident).order_by(place, "-pk")


def over(*, before: int | None = None) -> QuerySet[Action]:
    """The newest first, beyond this id."""
    rows = shown().exclude(state__in=WAITING | OPEN).order_by("-pk")
    return rows.filter(pk__lt=before) if before is not None else rows


def every_limit() -> list[Limits]:
    """Of each kind there is, made where nobody has looked at it yet."""
    return list(Limits.of_each(sorted(actions)).values())


def spent(*, at: datetime) -> dict[str, Spent]:
    """By kind, as the next of it would find it."""
    counts = Q(state__in=PAID | OPEN)
    today = Q(state__in=OPEN) | Q(state__in=PAID, began_at__gt=at - DAY)
    rows = Action.objects.filter(began_at__isnull=False).order_by().values("kind")
    sums = rows.annotate(
        day=Sum("sun", filter=today, default=0), whole=Sum("sun", filter=counts, default=0)
    )
    return {row["kind"]: Spent(int(row["day"]), int(row["whole"])) for row in sums}


def loosenings() -> LooseningQuerySet:
    return Loosening.objects.select_related("proposed_by", "decided_by")


def administrators() -> QuerySet[User]:
    return User.objects.filter(is_active=True, role=Role.ADMINISTRATOR)


def nobody_else(user: User) -> bool:
    """Whether nobody but this person could confirm what loosens."""
    return not administrators().exclude(pk=user.pk).exists()


def suggested(incident: Incident) -> list[Suggested]:
    """The runbooks that fit it, the best first: two queries."""
    return fitting(facts_of(incident), books())


def books() -> QuerySet[Runbook]:
    """Those that may be started."""
    rows = Runbook.objects.filter(enabled=True, current__isnull=False)
    return rows.select_related("current")


def fitting(facts: Facts, among: Iterable[Runbook]) -> list[Suggested]:
    found = [
        Suggested(book, why)
        for book in among
        if book.current and (why := fit(book.current.document.when, facts))
    ]
    return sorted(found, key=lambda one: (one.why, one.runbook.key))


def facts_of(incident: Incident) -> Facts:
    return facts_of_each([incident.pk])[incident.pk]


def facts_of_each(incidents: Collection[int]) -> dict[int, Facts]:
    """One query. A scenario is what an alert calls so in its labels: that of a drill, or of a sender that knows."""
    alerts = Alert.objects.filter(incident_link__incident=OuterRef("pk"))
    within = Alert.objects.filter(incident_link__incident=OuterRef(OuterRef("pk")))
    numbered = Rule.objects.exclude(built_in="").annotate(number=Cast("pk", TextField()))
    rules = numbered.filter(number__in=_labels(within, "rule"))
    rows = Incident.objects.filter(pk__in=incidents).annotate(
        slugs=ArraySubquery(Service.objects.filter(incident=OuterRef("pk")).values("slug")),
        keys=ArraySubquery(alerts.values("key")),
        named=ArraySubquery(_labels(alerts, "alertname")),
        scenarios=ArraySubquery(_labels(alerts, "scenario")),
        built_in=ArraySubquery(rules.values("built_in")),
    )
    told = rows.values_list("pk", "scenarios", "keys", "named", "built_in", "slugs")
    return {
        number: Facts(frozenset(scenarios), frozenset([*keys, *named, *built_in]), frozenset(slugs))
        for number, scenarios, keys, named, built_in, slugs in told
    }


def fitting_each(alerts: Collection[Alert]) -> dict[int, Runbook]:
    """The one that fits each alert best, where one fits by more than its service: two queries."""
    rules = Rule.objects.exclude(built_in="").filter(pk__in=_rules_of(alerts))
    built_in = {str(number): name for number, name in rules.values_list("pk", "built_in")}
    among = list(books()) if alerts else []
    found = {}
    for alert in alerts:
        fits = fitting(_facts_of_alert(alert, built_in), among)
        if fits:
            found[alert.pk] = fits[0].runbook
    return found


def _rules_of(alerts: Iterable[Alert]) -> list[int]:
    told = (str(alert.labels.get("rule", "")) for alert in alerts)
    return [int(text) for text in told if text.isdecimal() and len(text) < 19]


def _facts_of_alert(alert: Alert, built_in: Mapping[str, str]) -> Facts:
    labels = {name: str(text) for name, text in alert.labels.items()}
    rule = built_in.get(labels.get("rule", ""), "")
    names = {alert.key, labels.get("alertname", ""), rule} - {""}
    return Facts(frozenset({labels.get("scenario", "")} - {""}), frozenset(names))


def _labels(alerts: QuerySet[Alert], name: str) -> QuerySet[Alert, Any]:
    return alerts.filter(labels__has_key=name).annotate(said=KT(f"labels__{name}")).values("said")
