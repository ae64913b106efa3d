"""Moments that somebody types: of a year that every clock, calendar and the database can say again.

PostgreSQL takes any; Python then cannot read the row, and with it no list that it is in.
"""

from datetime import datetime
from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

FIRST, LAST = 1970, 2999
WORDS: Final = _("Choose a time between 1970 and 2999.")


def ordinary(moment: datetime) -> None:
    if not FIRST <= moment.year <= LAST:
        raise ValidationError(WORDS)


class MomentField(forms.DateTimeField):
    default_validators = [ordinary]


class MomentValue(serializers.DateTimeField):
    default_validators = [ordinary]
