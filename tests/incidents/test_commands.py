import pytest

from incidents.domain.commands import LONGEST_TITLE, Declare, Help, ListOpen, read
from incidents.domain.replies import Reply


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", ListOpen()), ("  ", ListOpen()), ("list", ListOpen()), ("목록", ListOpen()),
        ("ack 214", Reply(214)), ("확인 214", Reply(214)), ("ack", Reply()), ("확인", Reply()),
        ("declare P1 출금 중단", Declare("P1", "출금 중단")),
        ("선언 p0  출금\n중단 ", Declare("P0", "출금 중단")),
        ("declare P1", Help()), ("declare P9 x", Help()), ("declare x", Help()),
        ("help", Help()), ("도움말", Help()), ("resolve 214", Help()), ("declareP1 x", Help()),
    ],
)  # fmt: skip
def test_what_a_command_means(text, command):
    assert read(text) == command


def test_a_title_without_end_is_cut():
    assert read("declare P1 " + "가" * 5000) == Declare("P1", "가" * LONGEST_TITLE)
