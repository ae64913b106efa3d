"""What is looked for in logs from the first day on: the manual's symptoms, as programs write them."""

from dataclasses import dataclass, field
from datetime import timedelta

from core.models import Planted
from monitoring.domain.logs.patterns import REGEX
from monitoring.models import LogPattern

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class SomePattern:
    slug: str
    severity: str
    ko: str
    en: str
    text: str
    exclude: str = ""
    count: int = 1
    within: timedelta = field(default=5 * MINUTE)


PATTERNS = [
    SomePattern(
        "database-corrupt", "P0", "데이터베이스 손상", "Database corruption",
        r"(?i)invalid page in block|could not read block \d|page verification failed"
        r"|contains unexpected zero page|PANIC:\s",
    ),
    SomePattern(
        "database-refuses", "P1", "데이터베이스 연결 거부", "Database refuses connections",
        r"(?i)the database system is (?:shutting down|starting up|in recovery|not accepting)"
        r"|(?:postgres|database|5432|jdbc).{0,160}(?:connection refused|could not connect|connection timed out)"
        r"|(?:connection refused|could not connect|connection timed out).{0,160}(?:postgres|database|5432)",
    ),
    SomePattern(
        "database-full", "P1", "데이터베이스 연결 한도 초과", "Too many database connections",
        r"(?i)too many (?:client |database )?connections|too many clients already"
        r"|remaining connection slots|connection pool (?:is )?exhausted|QueuePool limit"
        r"|HikariPool.{0,80}(?:not available|timed out)",
    ),
    SomePattern(
        "out-of-memory", "P1", "메모리 부족", "Out of memory",
        r"(?i)out of memory: kill|oom-kill|oom_reaper|OutOfMemoryError|cannot allocate memory"
        r"|cgroup out of memory",
    ),
    SomePattern(
        "disk-full", "P1", "디스크 가득 참", "Disk full",
        r"(?i)no space left on device|disk quota exceeded|\bENOSPC\b|read-only file system",
    ),
    SomePattern(
        "segfault", "P2", "프로세스 비정상 종료", "Segmentation fault",
        r"(?i)segfault at|segmentation fault|core dumped|\bSIGSEGV\b|general protection fault",
    ),
    SomePattern(
        "unit-failed", "P2", "서비스 유닛 실패", "A unit failed",
        r"Failed with result|entered failed state|Main process exited, code=(?:killed|dumped)",
    ),
    SomePattern(
        "tron-node", "P1", "TRON 노드 오류", "TRON node errors",
        r"(?i)OUT_OF_ENERGY|BANDWI(?:D)?TH_ERROR|TAPOS_ERROR|SERVER_BUSY|NO_CONNECTION"
        r"|NOT_ENOUGH_EFFECTIVE_CONNECTION|TRANSACTION_EXPIRATION_ERROR|CONTRACT_VALIDATE_ERROR"
        r"|account resource insufficient"
        r"|\b(?:tron|trongrid|tronlink|full ?node|solidity ?node).{0,160}"
        r"(?:error|fail|timed? ?out|refused|unavailable|50[0-9]\b)",
        count=3,
    ),
    SomePattern(
        "withdrawals-fail", "P1", "출금 실패", "Withdrawals fail",
        r"(?i)(?:withdrawal|withdraw|payout).{0,160}(?:fail|error|reject|stuck|timed? ?out|exception)"
        r"|출금.{0,60}(?:실패|오류|거절|중단|예외)",
        exclude=r"(?i)\b0 fail|fail\w*\"?[=:] ?0\b",
        count=3,
    ),
    SomePattern(
        "sign-ins-fail", "P2", "로그인 실패 반복", "Failed sign-ins",
        r"(?i)failed password for|authentication failure|invalid user \S+ from|log-?in fail"
        r"|failed log-?in|password authentication failed|로그인 실패",
        count=10,
    ),
    SomePattern(
        "tls", "P2", "TLS 인증서·연결 오류", "TLS errors",
        r"(?i)certificate (?:has )?expired|certificate verify failed|CERTIFICATE_VERIFY_FAILED"
        r"|SSLHandshakeException|PKIX path|certificate is not yet valid|x509: "
        r"|\b(?:ssl|tls)\b.{0,60}handshake.{0,60}(?:fail|error)|\bhandshake fail",
        count=3,
    ),
]  # fmt: skip


def log_patterns() -> None:
    """Once: whoever deletes or changes them keeps what they did."""
    if not Planted.objects.first_time("log patterns"):
        return
    for one in PATTERNS:
        LogPattern.objects.get_or_create(
            slug=one.slug,
            defaults={
                "name_ko": one.ko, "name_en": one.en,
                "kind": REGEX, "text": one.text, "exclude": one.exclude,
                "severity": one.severity, "count": one.count, "within": one.within,
            },
        )  # fmt: skip
