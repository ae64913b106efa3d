"""What a start leaves for the pages."""

import gzip

from django.conf import settings

from config.prepare import compress


def test_what_our_pages_load_lies_there_in_a_quarter_of_its_size(tmp_path):
    (tmp_path / "css").mkdir()
    sheet = (settings.BASE_DIR / "static/css/components.css").read_bytes()
    (tmp_path / "css/components.css").write_bytes(sheet)

    compress(tmp_path)

    small = (tmp_path / "css/components.css.gz").read_bytes()
    assert gzip.decompress(small) == sheet
    assert len(small) < len(sheet) / 4
