"""What a start leaves for the pages."""

import gzip

import pytest
from django.conf import settings

from config.prepare import compress, publish
from statuspage.tree import Tree


def test_what_our_pages_load_lies_there_in_a_quarter_of_its_size(tmp_path):
    (tmp_path / "css").mkdir()
    sheet = (settings.BASE_DIR / "static/css/components.css").read_bytes()
    (tmp_path / "css/components.css").write_bytes(sheet)

    compress(tmp_path)

    small = (tmp_path / "css/components.css.gz").read_bytes()
    assert gzip.decompress(small) == sheet
    assert len(small) < len(sheet) / 4


@pytest.mark.django_db
def test_the_status_page_is_there_before_anybody_can_ask_for_it(seeded, settings, tmp_path):
    settings.BONGSU_HOME = tmp_path

    publish()
    first = Tree().current.resolve()
    publish()

    assert (Tree().current / "status/index.html").is_file()
    assert Tree().current.resolve() == first  # a later start leaves it to the worker
