from collections.abc import Iterable
from typing import Any

from django import template

from monitoring.models import Alert, Rule
from runbooks import queries
from runbooks.domain.fitting import Facts, Fit
from runbooks.models import Runbook

register = template.Library()


@register.simple_tag
def runbooks_of(rule: Rule) -> list[queries.Suggested]:
    """Those that would be offered where this rule fires."""
    names = {rule.name_en, *filter(None, [rule.built_in])}
    found = queries.fitting(Facts(alerts=frozenset(names)), queries.books())
    return [one for one in found if one.why is Fit.ALERT]


@register.simple_tag
def with_runbooks(
    rows: Iterable[tuple[Alert, Any]],
) -> list[tuple[Alert, Any, Runbook | None]]:
    """Beside each alert that fires the runbook that fits it best."""
    found = list(rows)
    fits = queries.fitting_each([alert for alert, _seen in found if alert.status == "firing"])
    return [(alert, seen, fits.get(alert.pk)) for alert, seen in found]
