import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.domain.commands import (
    LONGEST_TITLE,
    Declare,
    Help,
    ListOpen,
    Mitigate,
    Note,
    Resolve,
    Show,
    Who,
    read,
)
from incidents.domain.replies import Reply


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", ListOpen()), ("  ", ListOpen()), ("list", ListOpen()), ("목록", ListOpen()),
        ("ack 214", Reply(214)), ("확인 214", Reply(214)), ("ack", Reply()), ("확인", Reply()),
        ("declare P1 출금 중단", Declare("P1", "출금 중단")),
        ("선언 p0  출금\n중단 ", Declare("P0", "출금 중단")),
        ("declare P1", Help()), ("declare P9 x", Help()), ("declare x", Help()),
        ("help", Help()), ("도움말", Help()), ("declareP1 x", Help()),
        ("who", Who()), ("Who?", Who()), ("당직", Who()), ("on call", Who()), ("who 1", Help()),
        ("status", Show()), ("status 214", Show(214)), ("상태 #214", Show(214)), ("상황?", Show()), ("status 214!", Show(214)),
        ("resolve 214", Resolve(214)), ("해결", Resolve()), ("RESOLVED #214.", Resolve(214)),
        ("resolve it now", Help()), ("resolve 214 215", Help()), ("해결 안 됨", Help()),
        ("resolve 9999999999", Help()), ("resolved?", Help()), ("해결?", Help()),
        ("mitigate 214", Mitigate(214)), ("완화 214", Mitigate(214)), ("Mitigated", Mitigate()),
        ("note 노드를 바꿨어요", Note(None, "노드를 바꿨어요")),
        ("note #214 노드를 바꿨어요", Note(214, "노드를 바꿨어요")),
        ("메모 #214: 두 줄\n이에요 ", Note(214, "두 줄\n이에요")),
        ("note 3 nodes are down", Note(3, "nodes are down", sure=False)),
        ("note 3.5 s now", Note(None, "3.5 s now")),
        ("note", Help()), ("note #214", Note(None, "#214")), ("noted", Help()),
    ],
)  # fmt: skip
def test_what_a_command_means(text, command):
    assert read(text) == command


def test_a_title_without_end_is_cut():
    assert read("declare P1 " + "가" * 5000) == Declare("P1", "가" * LONGEST_TITLE)


@given(st.text())
def test_whatever_is_written_can_be_read(text):
    assert read(text) == read(f" {text} ".strip())
