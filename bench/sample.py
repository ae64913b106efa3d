"""A long Korean postmortem, of eight pages, as the product's own record."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from postmortems.domain.report import (
    Action,
    Curve,
    Entry,
    Figure,
    Impact,
    Phase,
    PhaseKind,
    Report,
    Why,
)

BEGAN = datetime(2026, 11, 19, 17, 47, 10, tzinfo=UTC)
ENTRIES = 90
SAID = (
    ("체인 지표", "에너지가 1% 아래로 떨어지고 TRC-20 출금이 실패하기 시작했어요"),
    ("자동", "알림 CRITICAL_ENERGY_SHORTAGE: 음성, SMS, Slack으로 세 명을 호출했어요"),
    ("김하늘", "전화에서 확인했어요. 출금 작업자를 멈추고 대기열의 길이를 보고 있어요"),
    ("박도윤", "서비스 상태에 “조사 중”을 올리고 고객 지원에 알렸어요"),
    ("이서준", "지휘를 맡고 외부 에너지 구매 승인을 요청했어요. 승인할 사람을 찾고 있어요"),
    ("자동", "비상 스테이킹이 실패했어요. 쓸 수 있는 TRX가 하한 50,000 TRX보다 적었어요"),
)


def _after(minutes: float) -> datetime:
    return BEGAN + timedelta(minutes=minutes)


def _phase(kind: PhaseKind, start: float, end: float) -> Phase:
    return Phase(kind=kind, start=_after(start), end=_after(end))


def _entry(place: int) -> Entry:
    actor, text = SAID[place % len(SAID)]
    at = _after(65 * place / ENTRIES)
    return Entry(at=at, text=text, actor=actor, kind="기록", phase_change=place % 40 == 0)


def _curve(label: str, unit: str, height: float) -> Curve:
    points = tuple((_after(minute), height * abs(33 - minute) / 33) for minute in range(66))
    return Curve(label=label, unit=unit, points=points, limits=(("긴급", height / 5),))


EIGHT_PAGES = Report(
    number=209,
    title="에너지 고갈로 TRC-20 출금 1시간 5분 중단",
    language="ko",
    timezone="Asia/Seoul",
    company="dantaro",
    severity="P1",
    severity_name="높음",
    services=("출금", "에너지"),
    began=BEGAN,
    written=_after(1440),
    version=3,
    version_hash="8f3c1e7a5b0d4c2e9f6a1b8d7c3e5f209a4b6c8d0e1f2a3b4c5d6e7f8091a2b3",
    summary=(
        "새벽 정산 출금이 평소의 3.4배 몰리면서 에너지가 1% 아래로 떨어졌고, 출금을 자동으로 "
        "멈췄어요. 비상 스테이킹은 운영 지갑의 TRX가 모자라 실패했고, 외부 에너지를 사서 "
        "03:31에 다시 열었어요. 늦어진 출금은 모두 나갔고 잃은 자산은 없어요."
    ),
    figures=(
        Figure(label="지속 시간", parts=(("1", "시간"), ("5", "분")), note="02:47–03:52"),
        Figure(label="영향받은 이용자", parts=(("3,412", "명"),), note="하루 이용자의 4.1%"),
        Figure(label="늦어진 출금", parts=(("1,286", "건"),), note="가운데값 31분"),
        Figure(label="확인까지", parts=(("2", "분"),), note="목표 30분", good=True),
        Figure(label="해결까지", parts=(("1", "시간"),), note="목표 4시간", good=True),
    ),
    curves=(_curve("에너지 잔량", "%", 14.2), _curve("기다린 출금", "건", 1286)),
    phases=(
        _phase("detect", 0, 2),
        _phase("acknowledge", 2, 5),
        _phase("mitigate", 5, 44),
        _phase("resolve", 44, 65),
    ),
    entries=tuple(map(_entry, range(ENTRIES))),
    impact=(
        Impact(label="이용자", value="3,412명이 출금을 기다림", note="가장 오래는 61분"),
        Impact(label="매출", value="수수료 수입 1,286건 지연", note="잃은 매출은 없어요"),
        Impact(label="비용", value="1,944 TRX", note="외부 에너지 2,160만 구매"),
    ),
    whys=tuple(
        Why(question="왜 그랬나요?", answer=text, evidence=f"{actor}의 기록")
        for actor, text in SAID[:5]
    ),
    contributing_factors=tuple(text for _, text in SAID),
    lessons=("다시 여는 길도 멈추는 길만큼 연습해 두어야 해요.",),
    actions=tuple(
        Action(
            kind="SHORT_TERM",
            text=f"점검표의 {place}번 항목 고치기: {SAID[place % len(SAID)][1]}",
            owner="엔지니어링 · 김하늘",
            due=date(2026, 12, 20),
            priority="MEDIUM",
        )
        for place in range(1, 9)
    ),
    commander="이서준",
    author="김하늘",
    approved="정유진 CTO · 11-20 16:40",
)
