import pytest

from incidents.domain.replies import Reply, read


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("1", Reply()), (" OK ", Reply()), ("ack", Reply()), ("확인", Reply()), ("네!", Reply()),
        ("ack 214", Reply(214)), ("확인 #214", Reply(214)), ("Ack: 214.", Reply(214)), ("1 214", Reply(214)),
        ("", None), ("2", None), ("214", None), ("not ok", None), ("ack 1 2", None), ("12", None),
        ("확인 안 함", None), ("ack 99999999999", None),
    ],
)  # fmt: skip
def test_what_a_reply_means(text, reply):
    assert read(text) == reply
