from django import template

from monitoring.models import Rule
from runbooks import queries
from runbooks.domain.fitting import Facts, Fit

register = template.Library()


@register.simple_tag
def runbooks_of(rule: Rule) -> list[queries.Suggested]:
    """Those that would be offered where this rule fires."""
    names = {rule.name_en, *filter(None, [rule.built_in])}
    found = queries.fitting(Facts(alerts=frozenset(names)), queries.books())
    return [one for one in found if one.why is Fit.ALERT]
