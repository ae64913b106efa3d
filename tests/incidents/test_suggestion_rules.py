"""Which severity words suggest, in Korean as people type it at night and in English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.seeds.suggestions import RULES
from incidents.domain.suggestion import Rule, Subject, Suggestion, read_label, read_words, suggest

SEEDED = [Rule(key, each.severity, read_words(each.words)) for key, each in enumerate(RULES)]


def names(text):
    found = suggest(Subject(text), SEEDED)
    return (found.severity, RULES[found.rule].en) if found else None


@pytest.mark.parametrize(
    "text",
    [
        "출금이 멈췄어요", "출금 멈춤", "출금이 자꾸 멈춰요", "출금 불가", "출금이 안 돼요", "출금이안됨",
        "출금 안 됩니다", "출금 기능 중단", "입출금이 전부 막혔어요", "출금이 안 나가요", "출금 실패 급증",
        "Withdrawals stopped", "withdrawal is failing", "Withdrawals are down!", "WITHDRAWAL STUCK",
    ],
)  # fmt: skip
def test_withdrawals_that_stop_are_p1(text):
    assert names(text) == ("P1", "Withdrawals stopped")


@pytest.mark.parametrize(
    ("text", "severity", "rule"),
    [
        ("전체 시스템 다운", "P0", "Full outage"),
        ("사이트 접속이 안 돼요", "P0", "Full outage"),
        ("서비스가 전부 죽었어요", "P0", "Full outage"),
        ("The whole site is down", "P0", "Full outage"),
        ("대량 자금 손실", "P0", "Mass loss of funds"),
        ("핫월렛에서 USDT가 빠져나갔어요", "P0", "Mass loss of funds"),
        ("Hot wallet drained", "P0", "Mass loss of funds"),
        ("데이터베이스 손상", "P0", "Database corruption"),
        ("DB가 깨졌습니다", "P0", "Database corruption"),
        ("postgres: data corruption in wallets", "P0", "Database corruption"),
        ("보안 침해 사고", "P0", "Security breach"),
        ("관리자 계정이 해킹당했어요", "P0", "Security breach"),
        ("private key leaked", "P0", "Security breach"),
        ("API 응답 시간 지연", "P1", "API latency"),
        ("API가 너무 느려요", "P1", "API latency"),
        ("API p95 latency above 2 s", "P1", "API latency"),
        ("에너지 풀 고갈", "P1", "Energy pool exhausted"),
        ("에너지가 바닥났어요", "P1", "Energy pool exhausted"),
        ("Energy pool is running low", "P1", "Energy pool exhausted"),
        ("TronLink 연동 실패", "P1", "TronLink integration failing"),
        ("트론링크 연결이 끊겼어요", "P1", "TronLink integration failing"),
        ("일부 사용자만 로그인이 오래 걸려요", "P2", "Some users affected"),
        ("Intermittent 502 for some users", "P2", "Some users affected"),
        ("안내 문구 오타", "P3", "Minor fault"),
        ("typo on the help page", "P3", "Minor fault"),
    ],
)  # fmt: skip
def test_the_manual_s_examples_are_found_however_they_are_put(text, severity, rule):
    assert names(text) == (severity, rule)


@pytest.mark.parametrize(
    "text",
    ["", "점검 공지", "수출 금지 목록 갱신", "download page", "non-stop", "withdrawal", "출금 문의",
     "안내 방송", "maintenance window", "12345", "가", "\U0001f525"],
)  # fmt: skip
def test_what_no_rule_knows_suggests_nothing(text):
    assert names(text) is None


def test_the_reason_is_what_stands_in_the_text():
    found = suggest(Subject("[긴급] 출금이 멈췄어요"), SEEDED)

    assert found.found == ("출금", "멈췄")


@pytest.mark.parametrize(
    ("word", "finds", "misses"),
    [
        ("멈추다", ["멈췄어요", "멈춤", "멈추면", "멈춥니다"], ["멈", "멈머"]),
        ("느리다", ["느려요", "느린", "느립니다"], ["느낌"]),
        ("안 되다", ["안 돼요", "안돼", "안  됨", "안되네"], ["안내"]),
        ("죽다", ["죽었어요", "죽음"], ["주문"]),
        ("다", ["다운"], ["운"]),
        ("stop", ["stopped", "stops", "stopping", "STOP."], ["nonstop", "stopwatch"]),
        ("data loss", ["data loss", "Data  Loss"], ["database loss"]),
        ("c++", ["c++ broke"], ["cc"]),
        ("출금", ["출금", "입출금"], ["수출 금지"]),
    ],
)
def test_a_word_is_found_in_its_forms_and_nowhere_else(word, finds, misses):
    rule = [Rule(1, "P1", ((word,),))]

    assert all(suggest(Subject(text), rule) for text in finds)
    assert not any(suggest(Subject(text), rule) for text in misses)


def test_a_service_and_a_label_must_fit_where_they_are_named():
    rules = [Rule(1, "P0", (("에러",),), "wallet", ("team", "core"))]
    fits = Subject("에러 급증", frozenset({"wallet"}), {"team": "core"})

    assert suggest(fits, rules) == Suggestion("P0", 1, ("에러", "team=core"))
    assert suggest(Subject("에러 급증", frozenset({"web"}), {"team": "core"}), rules) is None
    assert suggest(Subject("에러 급증", frozenset({"wallet"}), {"team": "x"}), rules) is None


@pytest.mark.parametrize(
    ("left", "right", "wins"),
    [
        (("P2", 0, 0), ("P1", 0, 0), "P1"),  # nobody has judged either: the graver
        (("P2", 3, 0), ("P1", 0, 0), "P2"),  # 4/5 before 1/2
        (("P2", 3, 0), ("P1", 30, 1), "P1"),  # 31/33 before 4/5: what was judged more often
        (("P2", 0, 0), ("P0", 0, 4), "P2"),  # people keep correcting the graver one
    ],
)
def test_the_rule_people_agree_with_most_wins(left, right, wins):
    rules = [
        Rule(key, severity, (("출금",),), agreed=agreed, disagreed=disagreed)
        for key, (severity, agreed, disagreed) in enumerate([left, right])
    ]

    assert suggest(Subject("출금"), rules).severity == wins
    assert suggest(Subject("출금"), reversed(rules)).severity == wins


def test_what_an_administrator_writes_is_read():
    assert read_words(" 출금 , withdrawal,\n\n , \n중단") == (("출금", "withdrawal"), ("중단",))
    assert read_label(" severity = page ") == ("severity", "page")
    assert read_label("severity") is read_label("=page") is None


@given(st.text(max_size=80), st.text(min_size=1, max_size=12).filter(str.strip))
def test_no_text_and_no_word_is_too_strange(text, word):
    suggest(Subject(text), [Rule(1, "P1", read_words(word) or ((word.strip(),),))])


@given(st.text(alphabet="가-힣 abc다", min_size=1, max_size=10).filter(str.strip))
def test_a_word_is_found_in_itself(word):
    word = " ".join(word.split())

    assert suggest(Subject(word), [Rule(1, "P1", ((word,),))])
