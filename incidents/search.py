from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, TextField

TRIGRAM: Final = 3


class Letters(Func):
    """The single letters of a text, as an array.

    A trigram index finds no word of fewer than three letters, and much of Korean has two: 출금, 입금.
    """

    function = "STRING_TO_ARRAY"
    template = "%(function)s(%(expressions)s, NULL)"
    output_field = ArrayField(TextField())
