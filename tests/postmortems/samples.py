"""Reports to print: a full one, and what is needed to bend it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from postmortems.domain.report import (
    Action,
    Curve,
    Entry,
    Figure,
    Impact,
    Phase,
    Report,
    Why,
)

BEGAN = datetime(2026, 11, 16, 17, 47, 10, tzinfo=UTC)


def after(clock: str) -> datetime:
    """A moment so long after the start: "44:10" in minutes and seconds."""
    minutes, seconds = clock.split(":")
    return BEGAN + timedelta(minutes=int(minutes), seconds=int(seconds))


def entry(clock: str, kind: str, actor: str, text: str, *, change: bool = False) -> Entry:
    return Entry(at=after(clock), kind=kind, actor=actor, text=text, phase_change=change)


ENTRIES = (
    entry("0:00", "지표", "체인 지표", "에너지가 1% 아래로 떨어지고 TRC-20 출금이 실패하기 시작했어요", change=True),
    entry("2:20", "알림", "자동", "알림 CRITICAL_ENERGY_SHORTAGE: 음성, SMS, Slack으로 3명을 호출했어요", change=True),
    entry("2:55", "장애", "자동", "장애 #209 선언. 출금을 모두 자동으로 멈췄어요"),
    entry("5:00", "확인", "김하늘", "김하늘이 전화에서 확인했어요. 호출 뒤 2분 40초", change=True),
    entry("7:00", "공지", "박도윤", "서비스 상태에 “조사 중”을 올렸어요"),
    entry("11:20", "런북", "자동", "비상 스테이킹이 실패했어요. 쓸 수 있는 TRX가 하한보다 적었어요"),
    entry("17:10", "역할", "이서준", "이서준이 지휘를 맡고 외부 에너지 구매 승인을 요청했어요"),
    entry("29:10", "승인", "정유진", "구매 승인. 승인할 사람이 당직표에 없어 12분을 기다렸어요"),
    entry("37:40", "실행", "이서준", "외부 에너지 2,160만을 1,944 TRX에 샀어요"),
    entry("44:10", "완화", "이서준", "에너지 12.4%. 출금을 다시 열었어요. 1,286건이 기다렸어요", change=True),
    entry("53:50", "지표", "자동", "밀린 출금의 절반이 나갔어요"),
    entry("65:30", "해결", "이서준", "기다리는 출금 0건. 해결로 닫았어요", change=True),
)  # fmt: skip

PHASES = (
    Phase(kind="detect", start=after("0:00"), end=after("2:20")),
    Phase(kind="acknowledge", start=after("2:20"), end=after("5:00")),
    Phase(kind="mitigate", start=after("5:00"), end=after("44:10")),
    Phase(kind="resolve", start=after("44:10"), end=after("65:30")),
)

ENERGY = ((-2, 4.2), (-1, 2.6), (0, 1.0), (1, 0.5), (5, 0.1), (17, 0.1), (24, 0.4), (33, 1.0),
          (40, 1.6), (41, 3.9), (43, 7.4), (45, 12.4), (53, 12.0), (60, 13.4), (66, 14.2))  # fmt: skip
WAITING = ((-2, 2), (0, 4), (5, 80), (13, 280), (21, 470), (29, 690), (37, 900), (44, 1286),
           (49, 850), (54, 530), (60, 210), (65, 0))  # fmt: skip


def points(values: tuple[tuple[int, float], ...]) -> tuple[tuple[datetime, float], ...]:
    return tuple((BEGAN + timedelta(minutes=minutes), float(value)) for minutes, value in values)


FULL = Report(
    number=209,
    title="에너지 고갈로 TRC-20 출금 1시간 5분 중단",
    language="ko",
    timezone="Asia/Seoul",
    company="dantaro",
    severity="P1",
    severity_name="높음",
    services=("출금",),
    began=BEGAN,
    written=datetime(2026, 11, 20, 7, 40, tzinfo=UTC),
    version=3,
    version_hash="8f3c1e7a5b0d4c2e9f6a1b8d7c3e5f209a4b6c8d0e1f2a3b4c5d6e7f8091a2b3",
    summary=(
        "새벽 정산 출금이 평소의 3.4배 몰리면서 에너지가 1% 아래로 떨어졌고, 출금을 자동으로 멈췄어요. "
        "비상 스테이킹은 운영 지갑의 TRX가 모자라 실패했고, 외부 에너지를 사서 03:31에 다시 열었어요. "
        "늦어진 출금은 모두 나갔고 잃은 자산은 없어요."
    ),
    figures=(
        Figure(label="지속 시간", parts=(("1", "시간"), ("5", "분")), note="02:47:10–03:52:40"),
        Figure(label="영향받은 이용자", parts=(("3,412", "명"),), note="하루 이용자의 4.1%"),
        Figure(label="늦어진 출금", parts=(("1,286", "건"),), note="가운데값 31분, 실패 0"),
        Figure(label="확인까지", parts=(("2", "분"), ("40", "초")), note="목표 30분", good=True),
        Figure(label="해결까지", parts=(("1", "시간"), ("3", "분")), note="목표 4시간", good=True),
    ),
    curves=(
        Curve(label="에너지 잔량", unit="%", points=points(ENERGY), limits=(("긴급 5%", 5.0), ("치명 1%", 1.0))),
        Curve(label="기다린 출금", unit="건", points=points(WAITING)),
    ),
    phases=PHASES,
    entries=ENTRIES,
    impact=(
        Impact(label="이용자", value="3,412명이 출금을 기다림", note="하루 이용자의 4.1%, 가장 오래 기다린 시간 61분"),
        Impact(label="매출", value="수수료 수입 1,286건 지연", note="모두 나갔고 잃은 매출은 없어요"),
        Impact(label="비용", value="1,944 TRX", note="외부 에너지 2,160만 구매"),
    ),
    whys=(
        Why(question="왜 출금이 멈췄나요?", answer="에너지가 1% 아래로 떨어져서 모든 출금을 자동으로 멈췄어요.", evidence="에너지 지표 02:45–02:55"),
        Why(question="왜 에너지가 바닥났나요?", answer="정산 출금이 3.4배 몰렸고, 새 지갑이라 에너지가 두 배 들었어요.", evidence="출금 건수와 건당 에너지", depth=1),
        Why(question="왜 바로 채우지 못했나요?", answer="비상 스테이킹에 쓸 TRX가 하한 50,000 TRX보다 적어서 실패했어요.", evidence="실행 기록 02:58:30", depth=2),
        Why(question="왜 TRX가 모자랐나요?", answer="콜드 이체 뒤 운영 지갑 채우기가 점검표에 없었어요.", evidence="이체 기록, 점검표 판 12", depth=3),
        Why(question="왜 점검표에 없었나요?", answer="운영 지갑의 하한을 맡은 팀도, 하한 경보도 없어요.", evidence="책임표, 경보 규칙 목록", depth=4),
    ),
    contributing_factors=(
        "구매를 승인할 사람이 당직표에 없어 승인까지 12분이 더 걸렸어요.",
        "5% 경보가 1분 평균이라 급한 감소를 140초 놓쳤어요.",
        "월 중 정산일이 에너지 예측에 들어 있지 않았어요.",
    ),
    lessons=(
        "자동 멈춤이 자산을 지켰어요. 다시 여는 길(자금과 승인자)도 멈추는 길만큼 연습해 두어야 해요.",
    ),
    actions=(
        Action(kind="IMMEDIATE", text="운영 지갑 하한 경보 만들기: 20만 TRX 아래 P2, 5만 아래 P1", owner="DevOps · 박도윤", due=date(2026, 11, 27), priority="HIGH"),
        Action(kind="IMMEDIATE", text="에너지 구매 승인자를 당직표에 넣기", owner="운영 · 정유진", due=date(2026, 11, 27), priority="HIGH", done=True),
        Action(kind="SHORT_TERM", text="콜드 이체 점검표에 “운영 지갑 채우기” 넣기", owner="엔지니어링 · 김하늘", due=date(2026, 12, 20), priority="MEDIUM"),
        Action(kind="SHORT_TERM", text="정산 출금을 30분에 나눠 보내기", owner="엔지니어링 · 최민서", due=date(2026, 12, 20), priority="MEDIUM"),
        Action(kind="LONG_TERM", text="에너지 예비 풀을 출금에서 떼어 놓기", owner="아키텍처 · 이서준", due=date(2027, 2, 18), priority="LOW"),
    ),
    commander="이서준",
    author="김하늘",
    approved="정유진 CTO · 11-20 16:40",
)  # fmt: skip

UNKNOWN = replace(
    FULL,
    summary="",
    services=(),
    figures=tuple(Figure(label=figure.label) for figure in FULL.figures),
    curves=(),
    phases=(),
    entries=(),
    impact=(Impact(label="이용자"), Impact(label="매출")),
    whys=(Why(),),
    contributing_factors=(),
    lessons=(),
    actions=(),
    commander="",
    author="",
    approved="",
)

ENGLISH = replace(
    FULL,
    language="en",
    timezone="UTC",
    title="Energy ran out; TRC-20 withdrawals stopped for 1 h 5 min",
    severity_name="High",
    services=("Withdrawals",),
    summary=(
        "Settlement withdrawals came at 3.4 times the usual rate, energy fell below 1 % and withdrawals were paused "
        "automatically. Emergency staking failed because the operating wallet held too little TRX; bought energy reopened "
        "them at 18:31. Every delayed withdrawal went out and nothing was lost."
    ),
    figures=(
        Figure(label="Duration", parts=(("1", "h"), ("5", "min")), note="17:47:10–18:52:40"),
        Figure(label="Users affected", parts=(("3,412", "people"),), note="4.1 % of a day's users"),
        Figure(label="Withdrawals delayed", parts=(("1,286", "withdrawals"),), note="median 31 min, none failed"),
        Figure(label="Time to acknowledge", parts=(("2", "min"), ("40", "s")), note="target 30 min", good=True),
        Figure(label="Time to resolve", parts=(("5", "h"), ("3", "min")), note="target 4 h", good=False),
    ),
    entries=(
        entry("0:00", "metric", "chain", "Energy falls below 1 % and TRC-20 withdrawals begin to fail", change=True),
        entry("2:20", "alert", "system", "Alert CRITICAL_ENERGY_SHORTAGE pages three people by voice, SMS and Slack", change=True),
        entry("5:00", "ack", "Haneul Kim", "Acknowledged by telephone, 2 min 40 s after the page", change=True),
        entry("44:10", "mitigated", "Seojun Lee", "Energy at 12.4 %. Withdrawals reopened, 1,286 were waiting", change=True),
        entry("65:30", "resolved", "Seojun Lee", "No withdrawal waits any more. Closed as resolved", change=True),
    ),
    curves=(Curve(label="Energy left", unit="%", points=points(ENERGY), limits=(("critical 1 %", 1.0),)),),
    impact=(Impact(label="Users", value="3,412 waited", note="4.1 % of a day's users"), Impact(label="Revenue")),
    whys=(
        Why(question="Why did withdrawals stop?", answer="Energy fell below 1 %, and the portal pauses them there.", evidence="Energy metric 17:45–17:55"),
        Why(question="Why did energy run out?", answer="Settlement withdrawals came at 3.4 times the usual rate.", evidence="Withdrawals per minute", depth=1),
        Why(question="Why could it not be refilled?", depth=2),
    ),
    contributing_factors=("The person who may approve purchases was not on the rota.", "The 5 % alert averages over a minute."),
    lessons=("Pausing protected the assets; reopening needs as much rehearsal.",),
    actions=(
        Action(kind="IMMEDIATE", text="Improve monitoring alerts", owner="DevOps Team", due=date(2026, 11, 27), priority="HIGH"),
        Action(kind="LONG_TERM", text="Improve architecture", owner="Architecture Team", due=date(2027, 2, 18), priority="LOW"),
    ),
    commander="Seojun Lee",
    author="Haneul Kim",
    approved="",
)  # fmt: skip


def busy(count: int, *, over: timedelta = timedelta(minutes=64)) -> Report:
    """The full report with this many records, most of them in the first third."""
    step = over / max(count, 1) ** 2
    more = tuple(
        replace(
            ENTRIES[place % len(ENTRIES)], at=BEGAN + step * place**2, phase_change=place % 25 == 0
        )
        for place in range(count)
    )
    return replace(FULL, entries=more)
