import re
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func, TextField

TRIGRAM: Final = 3
SEARCHED: Final = (
    20_000  # letters of a text; of far more PostgreSQL makes no index entry, but an error
)


class Letters(Func):
    """The single letters of a text, as an array.

    A trigram index finds no word of fewer than three letters, and much of Korean has two: 출금, 입금.
    """

    function = "STRING_TO_ARRAY"
    template = "%(function)s(%(expressions)s, NULL)"
    output_field = ArrayField(TextField())


class Words(Func):
    """The words of texts as they are written: there are no stems of Korean, so that no language's are cut off.

    Only a migration still asks for it; what does so now is `incidents_words` in the database (`Said`).
    """

    function = "TO_TSVECTOR"
    arg_joiner = " || ' ' || "
    template = f"%(function)s('simple', LEFT(%(expressions)s, {SEARCHED}))"
    output_field = SearchVectorField()


def beginnings(typed: str) -> SearchQuery:
    """Texts with words that begin as each of these does: 출금 finds 출금이 and 출금은."""
    words = [re.sub(r"(['\\])", r"\1\1", word) for word in typed.split()]
    return SearchQuery(
        " & ".join(f"'{word}':*" for word in words), search_type="raw", config="simple"
    )
