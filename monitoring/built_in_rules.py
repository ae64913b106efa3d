"""The rules a new installation has: the manual's symptoms, on what our collectors measure.

Where nothing of the kind is measured they say so and do nothing. Whoever changes one keeps it so.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

MINUTE: Final = timedelta(minutes=1)
HOUR, DAY = 3_600.0, 86_400.0
NONE: Final = timedelta(0)


@dataclass(frozen=True)
class BuiltIn:
    key: str
    severity: str
    name_ko: str
    name_en: str
    metric: str
    params: dict[str, Any]
    title_ko: str
    title_en: str
    message_ko: str = ""
    message_en: str = ""
    kind: str = "threshold"
    matchers: str = ""
    lasts: timedelta = NONE
    clears: timedelta = NONE
    service: str = ""  # where the metric has none of its own to say
    enabled: bool = True


def over(limit: float, clear: float | None = None, **more: Any) -> dict[str, Any]:
    usual = {"aggregate": "last", "percentile": 95.0, "window": 300.0, "above": True}
    return {**usual, "limit": limit, "clear": clear, **more}


def under(limit: float, clear: float | None = None, **more: Any) -> dict[str, Any]:
    return over(limit, clear, above=False, **more)


# fmt: off
BUILT_IN: Final = [
    BuiltIn("database-refusing", "P0", "데이터베이스 연결 거부", "Database refuses connections", "postgresql_accepting",
        under(1, aggregate="max", window=60.0),
        "{labels.check}: 데이터베이스가 연결을 받지 않아요", "{labels.check}: the database takes no connections",
        "프로세스가 떠 있는지, 연결 한도에 닿았는지, 디스크가 가득 찼는지 먼저 보세요.",
        "See first whether it runs, whether its limit of connections is reached, and whether its disk is full.",
        clears=MINUTE),
    BuiltIn("database-connections", "P1", "데이터베이스 연결 한도 임박", "Database near its limit of connections", "postgresql_connections_used",
        over(85.0, 75.0),
        "{labels.check}: 연결을 {value}% 쓰고 있어요", "{labels.check}: {value} % of the connections are taken",
        "한도에 닿으면 새 연결이 모두 거부돼요. 트랜잭션을 연 채 쉬는 세션부터 살펴보세요.",
        "At the limit every new connection is refused. Look for sessions that are idle in a transaction.",
        lasts=2 * MINUTE, clears=5 * MINUTE),
    BuiltIn("slow-queries", "P2", "느린 쿼리", "Slow queries", "postgresql_longest_query_seconds",
        over(300.0),
        "{labels.check}: {value}초째 도는 쿼리가 있어요", "{labels.check}: a query has been running for {value} s",
        "누가 누구를 막고 있는지 pg_blocking_pids()로 확인하세요.",
        "pg_blocking_pids() says who blocks whom.",
        lasts=MINUTE, clears=MINUTE),
    BuiltIn("idle-transactions", "P3", "열린 채 쉬는 트랜잭션", "Transactions left open", "postgresql_longest_idle_in_transaction_seconds",
        over(3600.0),
        "{labels.check}: {value}초째 열린 채 쉬는 트랜잭션이 있어요", "{labels.check}: a transaction has been left open for {value} s",
        "잠금을 쥐고 정리를 막아요. 한 시간이 넘었다면 끊어도 돼요.",
        "It holds locks and keeps dead rows. After an hour it may be ended."),
    BuiltIn("lock-waits", "P2", "잠금 대기", "Waiting for locks", "postgresql_longest_lock_wait_seconds",
        over(60.0),
        "{labels.check}: 잠금을 {value}초째 기다리고 있어요", "{labels.check}: something has been waiting for a lock for {value} s",
        clears=MINUTE),
    BuiltIn("replication-lag", "P2", "복제 지연", "Replication lags", "postgresql_replication_lag_seconds",
        over(300.0, 60.0),
        "{labels.check}: 복제본이 {value}초 뒤처졌어요", "{labels.check}: the replica is {value} s behind",
        "지금 페일오버하면 그만큼의 데이터를 잃어요.",
        "A failover now would lose that much.",
        lasts=2 * MINUTE),
    # Of what disaster recovery promises: one whose copy is silent falls behind here, and in no check.
    BuiltIn("recovery-point", "P2", "복구 시점 목표 초과", "Recovery point missed", "replica_lacks_seconds",
        over(3_600.0, 1_800.0),
        "{labels.data}: {labels.site} 복제본에 최근 {value}초의 데이터가 없어요", "{labels.data}: the replica at {labels.site} lacks the last {value} s",
        "복구 시점 목표(1시간)를 넘었어요. 지금 사이트를 잃으면 다른 복제본이나 백업이 없는 한 그만큼을 잃어요.",
        "That is over the recovery point objective of an hour. Were the site lost now, so much would be lost, unless another copy or a backup has it.",
        lasts=10 * MINUTE, clears=5 * MINUTE),
    BuiltIn("wraparound", "P1", "트랜잭션 번호 소진", "Transaction numbers run out", "postgresql_wraparound_used",
        over(75.0, 60.0),
        "{labels.check}: 트랜잭션 번호를 {value}% 썼어요", "{labels.check}: {value} % of the transaction numbers are used",
        "다 쓰면 데이터베이스가 쓰기를 멈춰요. autovacuum이 왜 못 따라가는지 보세요.",
        "At the end the database stops writing. See why autovacuum does not keep up."),
    BuiltIn("redis-refusing", "P1", "Redis 연결 거부", "Redis refuses connections", "redis_accepting",
        under(1, aggregate="max", window=60.0),
        "{labels.check}: Redis가 응답하지 않아요", "{labels.check}: Redis does not answer",
        clears=MINUTE),
    BuiltIn("redis-memory", "P2", "Redis 메모리 부족", "Redis short of memory", "redis_memory_share",
        over(90.0, 80.0),
        "{labels.check}: 메모리를 {value}% 쓰고 있어요", "{labels.check}: {value} % of its memory is used",
        lasts=5 * MINUTE, clears=5 * MINUTE),
    BuiltIn("api-latency", "P1", "API 응답 지연", "API latency", "http_seconds",
        over(2.0, 1.0, aggregate="percentile", window=600.0),
        "{labels.check}: 응답 시간 p95가 {value}초예요", "{labels.check}: p95 of the latency is {value} s",
        lasts=2 * MINUTE, clears=5 * MINUTE),
    BuiltIn("latency-unusual", "P3", "평소와 다른 응답 시간", "Unusual latency", "http_seconds",
        {"limit": 0.7, "window": 0.0},
        "{labels.check}: 응답 시간이 평소와 달라요", "{labels.check}: the latency is not as usual",
        "이상 점수가 {value}예요. 지표 화면에서 예상 범위와 견주어 보고, 문제가 아니면 오탐이라고 표시하세요.",
        "The score is {value}. Compare it with the expected band on the metric's page, and say so if it is a false alarm.",
        kind="anomaly", lasts=15 * MINUTE),
    BuiltIn("external-api", "P1", "외부 API 오류", "External API fails", "http_status",
        over(499.0, aggregate="min", window=180.0),
        "{labels.check}: 3분째 {value} 오류로 답해요", "{labels.check}: it has answered {value} for three minutes",
        "체크가 성공하지 못하면 체크도 따로 알려요. 둘 다 받으려면 켜 두세요.",
        "A check that never succeeds alerts by itself. Switch this on to hear of both.",
        clears=2 * MINUTE, enabled=False),
    BuiltIn("service-down", "P1", "서비스 중단", "Service down", "check_up",
        under(1, aggregate="max", window=180.0),
        "{labels.check}: 3분째 응답이 없어요", "{labels.check}: down for three minutes",
        "체크는 세 번 연달아 실패하면 자기 심각도로 알려요. 더 무겁게 부르려면 이 규칙을 켜세요.",
        "A check alerts by itself after three failures, with its own severity. Switch this on to call louder.",
        clears=MINUTE, enabled=False),
    BuiltIn("error-rate", "P1", "오류율 상승", "Error rate", "http_requests_total",
        {"against": "http_requests_total", "against_matchers": "", "by": ["service"], "window": 300.0, "counter": True, "least": 50.0, "above": True, "limit": 5.0, "clear": 2.0},
        "{labels.service}: 요청의 {value}%가 실패해요", "{labels.service}: {value} % of the requests fail",
        kind="ratio", matchers="status=~5..", lasts=2 * MINUTE, clears=5 * MINUTE),
    BuiltIn("disk-full-soon", "P2", "디스크가 곧 가득 참", "Disk full soon", "host_disk_used",
        {"limit": DAY, "full": 100.0, "rising": True, "history": 3 * DAY},
        "{labels.host} {labels.mount}: {value}시간 뒤 디스크가 가득 차요", "{labels.host} {labels.mount}: the disk will be full in {value} h",
        kind="forecast", lasts=20 * MINUTE),
    BuiltIn("disk-full", "P1", "디스크 부족", "Disk almost full", "host_disk_used",
        over(95.0, 92.0),
        "{labels.host} {labels.mount}: 디스크를 {value}% 썼어요", "{labels.host} {labels.mount}: {value} % of the disk is used",
        lasts=5 * MINUTE),
    BuiltIn("inodes", "P2", "아이노드 부족", "Inodes almost used up", "host_disk_inodes_used",
        over(90.0, 85.0),
        "{labels.host} {labels.mount}: 아이노드를 {value}% 썼어요", "{labels.host} {labels.mount}: {value} % of the inodes are used",
        lasts=5 * MINUTE),
    BuiltIn("memory", "P2", "메모리 부족", "Memory short", "host_memory_used",
        over(92.0, 85.0, aggregate="mean"),
        "{labels.host}: 메모리를 {value}% 쓰고 있어요", "{labels.host}: {value} % of the memory is used",
        lasts=10 * MINUTE, clears=5 * MINUTE),
    BuiltIn("load", "P3", "서버 과부하", "Host overloaded", "host_load_per_cpu",
        over(2.0, 1.5, aggregate="mean"),
        "{labels.host}: CPU당 부하가 {value}예요", "{labels.host}: the load is {value} a CPU",
        lasts=15 * MINUTE, clears=5 * MINUTE),
    BuiltIn("open-files", "P2", "열린 파일 한도 임박", "Open files near the limit", "host_open_files_used",
        over(85.0, 75.0),
        "{labels.host}: 열린 파일이 한도의 {value}%예요", "{labels.host}: {value} % of the open files are taken",
        lasts=5 * MINUTE),
    BuiltIn("host-silent", "P1", "서버 소식 없음", "Host silent", "host_uptime_seconds",
        {"limit": 300.0},
        "{labels.host}: 5분째 소식이 없어요", "{labels.host}: nothing heard for five minutes",
        "서버가 꺼졌거나, 네트워크가 끊겼거나, 에이전트가 멈췄어요.",
        "It is off, cut off, or its agent has stopped.",
        kind="absence"),
    BuiltIn("process-gone", "P1", "프로세스 중단", "Process gone", "process_count",
        under(1.0, aggregate="max", window=120.0),
        "{labels.check}: 실행 중인 프로세스가 없어요", "{labels.check}: no such process runs",
        clears=MINUTE),
    BuiltIn("certificate-soon", "P3", "인증서 만료 예정", "Certificate expires soon", "certificate_days",
        under(14.0),
        "{labels.check}: 인증서가 {value}일 뒤 만료돼요", "{labels.check}: the certificate expires in {value} days"),
    BuiltIn("certificate-now", "P1", "인증서 만료 임박", "Certificate about to expire", "certificate_days",
        under(3.0),
        "{labels.check}: 인증서가 {value}일 뒤 만료돼요", "{labels.check}: the certificate expires in {value} days"),
    BuiltIn("queue-age", "P2", "작업 큐 적체", "Queue piles up", "celery_queue_oldest_seconds",
        over(300.0, 60.0),
        "{labels.queue}: 가장 오래된 작업이 {value}초째 기다려요", "{labels.queue}: the oldest task has waited for {value} s",
        "작업자가 살아 있는지, 한 작업에 붙들려 있는지 보세요.",
        "See whether the workers live, and whether one task holds them.",
        lasts=2 * MINUTE, clears=2 * MINUTE),
    BuiltIn("rabbitmq-age", "P2", "RabbitMQ 큐 적체", "RabbitMQ queue piles up", "rabbitmq_queue_oldest_seconds",
        over(300.0, 60.0),
        "{labels.queue}: 가장 오래된 메시지가 {value}초째 기다려요", "{labels.queue}: the oldest message has waited for {value} s",
        lasts=2 * MINUTE, clears=2 * MINUTE),
    BuiltIn("rabbitmq-memory", "P1", "RabbitMQ 메모리 경보", "RabbitMQ memory alarm", "rabbitmq_memory_alarm",
        over(0.0),
        "{labels.check}: 메모리가 모자라 발행을 막고 있어요", "{labels.check}: short of memory, it blocks publishers",
        clears=MINUTE),
    BuiltIn("rabbitmq-disk", "P1", "RabbitMQ 디스크 경보", "RabbitMQ disk alarm", "rabbitmq_disk_alarm",
        over(0.0),
        "{labels.check}: 디스크가 모자라 발행을 막고 있어요", "{labels.check}: short of disk, it blocks publishers",
        clears=MINUTE),
    BuiltIn("sign-in-failures", "P2", "로그인 실패 급증", "Many failed sign-ins", "portal_failed_sign_ins",
        over(20.0),  # a reading counts the last minutes already
        "몇 분 사이 로그인이 {value}번 실패했어요", "{value} failed sign-ins within minutes",
        clears=10 * MINUTE),
    # By their number, which the first of all does not change: it is there before anything is measured.
    BuiltIn("new-administrator", "P2", "새 관리자 계정", "New administrator", "portal_administrators",
        {"window": 600.0, "counter": False, "above": True, "limit": 0.0, "clear": None},
        "관리자 계정이 새로 생겼어요", "There is a new administrator",
        "아는 변경인지 확인하세요. 아니라면 계정을 막고 세션을 끊으세요.",
        "See whether somebody meant it. If not, close the account and its sessions.",
        kind="rate"),
    BuiltIn("ssh-failures", "P3", "SSH 로그인 실패 급증", "Many SSH failures", "ssh_failures",
        over(50.0),
        "{labels.host}: 몇 분 사이 SSH 로그인이 {value}번 실패했어요", "{labels.host}: {value} SSH failures within minutes",
        clears=10 * MINUTE),
    BuiltIn("file-changed", "P1", "중요 파일 변경", "Guarded file changed", "file_changed",
        over(0.0),
        "{labels.host}: {labels.path} 파일이 바뀌었어요", "{labels.host}: {labels.path} was changed"),
    BuiltIn("file-missing", "P1", "중요 파일 삭제", "Guarded file missing", "file_missing",
        over(0.0),
        "{labels.host}: {labels.path} 파일이 없어졌어요", "{labels.host}: {labels.path} is gone",
        "누가 지웠거나 옮겼어요. 아는 변경이 아니면 서버를 격리하고 접속 기록부터 살펴보세요.",
        "Somebody removed or moved it. If nobody meant to, isolate the host and look at who was on it."),
    # Also of those without a sum. Wider than the interval of most checks, or one would look past it.
    BuiltIn("file-touched", "P2", "중요 파일 수정", "Guarded file touched", "file_seconds_since_change",
        under(600.0),
        "{labels.host}: {labels.path} 파일이 방금 수정됐어요", "{labels.host}: {labels.path} was touched just now",
        "{value}초 전에 내용이나 권한이 바뀌었어요. 배포나 작업 중이 아니라면 누가 했는지 확인하세요.",
        "Its content or rights changed {value} s ago. Unless somebody is at work there, find out who did it."),
    BuiltIn("sudo-failures", "P3", "sudo 실패", "sudo failures", "sudo_failures",
        over(3.0),
        "{labels.host}: 몇 분 사이 sudo가 {value}번 실패했어요", "{labels.host}: {value} sudo failures within minutes",
        "권한을 얻으려는 시도일 수 있어요. 누구의 계정인지 확인하세요.",
        "Somebody may be trying to become root. See whose account it is.",
        clears=10 * MINUTE),
    BuiltIn("su-failures", "P3", "su 실패", "su failures", "su_failures",
        over(3.0),
        "{labels.host}: 몇 분 사이 su가 {value}번 실패했어요", "{labels.host}: {value} su failures within minutes",
        "권한을 얻으려는 시도일 수 있어요. 누구의 계정인지 확인하세요.",
        "Somebody may be trying to become root. See whose account it is.",
        clears=10 * MINUTE),
    BuiltIn("energy-emergency", "P1", "에너지 부족", "Energy short", "energy_left",
        under(5.0, 8.0),
        "에너지가 {value}% 남았어요", "{value} % of the energy is left",
        "5% 아래면 비상, 1% 아래면 위급이에요.",
        "Below 5 % is an emergency, below 1 % critical.",
        service="energy", enabled=False),
    BuiltIn("energy-critical", "P0", "에너지 고갈", "Energy exhausted", "energy_left",
        under(1.0, 3.0),
        "에너지가 {value}% 남아 출금이 멈출 수 있어요", "{value} % of the energy is left, withdrawals may stop",
        "출금 중단, 스테이킹, 에너지 구매 순으로 대응하세요.",
        "Pause withdrawals, stake, buy energy, in this order.",
        service="energy", enabled=False),
]
# fmt: on
