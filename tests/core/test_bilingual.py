import pytest
from django.utils import translation

from core.bilingual import in_language


@pytest.mark.parametrize(("korean", "english", "read"), [("", "API", "API"), ("출금", "", "출금")])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_missing_language_is_better_than_nothing(korean, english, read, language):
    assert in_language(korean, english, language) == read


@pytest.mark.parametrize(
    ("language", "read"), [("ko", "출금"), ("ko-kr", "출금"), ("en", "Withdrawals")]
)
def test_a_name_is_read_in_the_readers_language(language, read):
    with translation.override(language):
        assert in_language("출금", "Withdrawals") == read
