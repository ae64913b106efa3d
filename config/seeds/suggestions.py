"""Rules that suggest a severity: the manual's examples (M1.1), in the words people use for them.

Of every line one word must be found. A Korean verb in its dictionary form is found in all its forms.
"""

from dataclasses import dataclass

from core.models import Planted
from incidents.models import SuggestionRule

STOPPED = (
    "중단, 멈추다, 멎다, 불가, 안 되다, 안 나가다, 막히다, 실패, 먹통, 다운, 장애,"
    " stop, fail, failing, down, unavailable, stuck, blocked, halt, outage, not working"
)


@dataclass(frozen=True)
class SomeRule:
    severity: str
    ko: str
    en: str
    words: str


RULES = [
    SomeRule(
        "P0", "전체 시스템 다운", "Full outage",
        "전체, 전부, 모든, 시스템, 사이트, all, entire, whole, everything, full, site, system\n"
        "다운, 중단, 죽다, 접속 불가, 접속이 안 되다, 먹통, 전체 장애, down, outage, unreachable",
    ),
    SomeRule(
        "P0", "대량 자금 손실", "Mass loss of funds",
        "자금, 잔액, 지갑, 월렛, 코인, USDT, TRX, fund, balance, wallet, coin\n"
        "손실, 유출, 탈취, 도난, 사라지다, 빠져나가다, loss, lost, stolen, theft, drain, missing",
    ),
    SomeRule(
        "P0", "데이터베이스 손상", "Database corruption",
        "데이터베이스, 디비, DB, 테이블, database, postgres, postgresql, table\n"
        "손상, 깨지다, 유실, corrupt, corruption, data loss",
    ),
    SomeRule(
        "P0", "보안 침해 사고", "Security breach",
        "침해, 해킹, 무단 접근, 개인키 유출, 정보 유출,"
        " breach, hack, intrusion, compromise, unauthorized access, key leak",
    ),
    SomeRule("P1", "출금 기능 중단", "Withdrawals stopped", f"출금, withdrawal, payout\n{STOPPED}"),
    SomeRule(
        "P1", "API 응답 시간 지연", "API latency",
        "API\n지연, 느리다, 응답 시간, 타임아웃, latency, slow, timeout, time out",
    ),
    SomeRule(
        "P1", "에너지 풀 고갈", "Energy pool exhausted",
        "에너지, energy\n고갈, 부족, 소진, 바닥, exhaust, deplete, shortage, low, empty, run out",
    ),
    SomeRule(
        "P1", "TronLink 연동 실패", "TronLink integration failing",
        f"TronLink, 트론링크, 트론 링크\n끊기다, 오류, error, disconnect, {STOPPED}",
    ),
    SomeRule(
        "P2", "일부 사용자 영향", "Some users affected",
        "일부 사용자, 일부 고객, 일부 회원, 간헐, some users, some customers, intermittent",
    ),
    SomeRule(
        "P3", "사소한 이상", "Minor fault",
        "사소하다, 오타, 문구, minor, typo, cosmetic, wording",
    ),
]  # fmt: skip


def suggestions() -> None:
    if not Planted.objects.first_time("suggestions") or SuggestionRule.objects.exists():
        return
    SuggestionRule.objects.bulk_create(
        SuggestionRule(severity=rule.severity, name_ko=rule.ko, name_en=rule.en, words=rule.words)
        for rule in RULES
    )
