from uuid import UUID

from django import template
from django.conf import settings

from teams.domain.codes import code

register = template.Library()


@register.filter
def digits(ticket: str) -> str:
    return code(UUID(ticket), settings.SECRET_KEY)
