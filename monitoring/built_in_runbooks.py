"""What to do when a built-in rule of P0 or P1 calls: Korean and English, four short answers each."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Runbook:
    means: tuple[str, str]
    look: tuple[str, str]
    causes: tuple[str, str]
    act: tuple[str, str]


# fmt: off
_RABBITMQ: Final = Runbook(
    ("RabbitMQ가 메모리나 디스크 하한에 닿아 모든 발행을 막고 있어요. 작업이 쌓이지 않고 보내는 쪽에서 멈춰요.", "RabbitMQ reached its limit of memory or disk and blocks every publisher: work stops at whoever sends it."),
    ("rabbitmq-diagnostics status로 경보를 확인하고, 메시지가 가장 많은 큐와 그 소비자 수를 보세요.", "Read the alarms with rabbitmq-diagnostics status, then find the longest queue and how many consumers it has."),
    ("소비자가 멈췄거나 느려짐, 아무도 읽지 않는 큐, 디스크를 채운 로그.", "Consumers that stopped or slowed down, a queue that nobody reads, logs that filled the disk."),
    ("소비자를 먼저 살리세요. 디스크라면 로그를 지워 자리를 만드세요. 큐를 비우는 것은 내용을 잃어도 될 때만 하세요.", "Bring the consumers back first; free the disk by removing logs. Purge a queue only if its content may be lost."))
_FILE: Final = Runbook(
    ("바뀌면 안 되는 파일의 내용이 달라졌거나 파일이 없어졌어요. 침입의 첫 흔적일 수 있어요.", "A file that must not change has other content, or is gone. It may be the first trace of an intruder."),
    ("그 시각의 배포·패키지 갱신 기록, last와 로그인 기록, 같은 서버의 다른 보안 알림을 보세요.", "See the deployments and package updates of that time, who was signed in (last), and other security alerts of the host."),
    ("체크섬을 고치지 않은 배포나 패키지 갱신, 손으로 한 수정, 침입.", "A deployment or update that did not renew the checksum, an edit by hand, an intrusion."),
    ("아는 변경이면 체크의 SHA-256을 고치세요. 모르는 변경이면 서버를 네트워크에서 떼되 끄지 말고, 보안 담당을 부르고 비밀값을 바꾸세요.", "If it was meant, renew the SHA-256 of the check. If not, cut the host off the network without switching it off, call security, and change its secrets."))
_ENERGY: Final = Runbook(
    ("출금 지갑의 에너지가 얼마 남지 않았어요. 다 쓰면 전송마다 TRX를 태우거나 출금이 실패해요.", "Little energy is left for withdrawals. Without any, each transfer burns TRX or fails."),
    ("에너지 화면에서 지갑별 잔량과 소진 예상 시각, 진행 중인 대응을 보세요.", "See on the energy page what each wallet has, when it ends, and which response is under way."),
    ("출금 급증, 위임이나 대여의 만료, 스테이킹 해제, 노드 조회 실패.", "A surge of withdrawals, delegations or rentals that ran out, something unstaked, a node that answers wrongly."),
    ("급하지 않은 출금을 멈추고, 스테이킹한 뒤, 모자라면 에너지를 사세요. 승인을 기다리는 조치가 있으면 먼저 처리하세요.", "Pause withdrawals that can wait, stake, then buy energy if that is not enough. Decide first on actions that wait for approval."))
_CERTIFICATE: Final = Runbook(
    ("인증서가 사흘 안에 만료돼요. 만료되면 모든 접속이 거부돼요.", "The certificate ends within three days; then every client refuses to connect."),
    ("자동 갱신 기록(certbot이나 acme)과 서버가 실제로 내보내는 인증서를 비교하세요.", "Compare the log of the automatic renewal (certbot, acme) with the certificate that is really served."),
    ("갱신 작업 실패, 갱신했지만 다시 읽지 않은 서버, 바뀐 DNS.", "The renewal fails, the server has not reloaded the new one, DNS has changed."),
    ("손으로 갱신하고 서버에 다시 읽히세요. 그 뒤 자동 갱신이 왜 멈췄는지 고치세요.", "Renew by hand and reload the server; then mend what stopped the automatic renewal."))
_ANSWERS: Final = Runbook(
    ("체크한 대상이 3분째 응답하지 않거나 서버 오류(5xx)로 답해요.", "What is checked has not answered for three minutes, or answers with server errors (5xx)."),
    ("체크 화면의 오류 문구를 읽고, 같은 호스트와 앞단의 다른 체크도 나쁜지 보세요. 외부 API라면 그 회사의 상태 페이지를 보세요.", "Read the error on the check's page; see whether other checks of the host or in front of it fail too. For an external API, look at its status page."),
    ("멈춘 프로세스, 배포 직후의 오류, 데이터베이스 장애, 네트워크나 인증서 문제.", "A process that died, a fresh deployment, a database that is down, the network or a certificate."),
    ("방금 배포했다면 되돌리세요. 아니면 프로세스를 다시 시작하고, 외부 API라면 대체 경로로 바꾸거나 그 기능을 잠시 닫으세요.", "Roll back a fresh deployment. Else restart the process; for an external API switch to another provider, or close that function for now."))

RUNBOOKS: Final = {
    "database-refusing": Runbook(
        ("데이터베이스가 연결을 받지 않아요. 데이터베이스를 쓰는 모든 서비스가 멈춰요.", "The database takes no connections: everything that uses it stands still."),
        ("프로세스가 떠 있는지(systemctl status postgresql), 디스크가 가득 찼는지(df -h), 로그의 마지막 줄이 무엇인지 보세요.", "Does it run (systemctl status postgresql), is its disk full (df -h), what are the last lines of its log?"),
        ("가득 찬 디스크, 메모리 부족으로 죽은 프로세스, 연결 한도, 끊긴 네트워크.", "A full disk, a process killed for want of memory, the limit of connections, the network."),
        ("자리를 만들거나 연결을 줄인 뒤 다시 시작하세요. WAL 파일은 지우지 마세요. 10분 안에 안 되면 복제본으로 전환하되 복제 지연부터 확인하세요.", "Make room or close connections, then restart it. Never delete WAL. If it is not back in ten minutes, fail over, and look at the replica's lag first.")),
    "database-connections": Runbook(
        ("연결이 한도에 가까워요. 닿으면 새 연결이 모두 거부돼요.", "Connections are near the limit; at it, every new one is refused."),
        ("pg_stat_activity를 상태와 사용자로 묶어 어디서 늘었는지 보세요. idle in transaction이 첫 번째예요.", "Group pg_stat_activity by state and user. Sessions idle in a transaction come first."),
        ("연결을 돌려주지 않는 코드, 늘어난 작업자 수, 잠금 대기로 쌓인 요청.", "Code that does not give connections back, more workers than before, requests that pile up behind a lock."),
        ("오래 쉬는 세션을 pg_terminate_backend로 끊으세요. 원인 서비스를 다시 시작하거나 작업자 수를 줄이세요.", "End long idle sessions with pg_terminate_backend. Restart the service they come from, or give it fewer workers.")),
    "wraparound": Runbook(
        ("트랜잭션 번호가 바닥나고 있어요. 다 쓰면 데이터베이스가 쓰기를 멈춰요.", "Transaction numbers run out; at the end the database stops writing."),
        ("오래된 트랜잭션(pg_stat_activity.backend_xmin), 준비된 트랜잭션, 쓰이지 않는 복제 슬롯을 찾으세요.", "Look for old transactions (pg_stat_activity.backend_xmin), prepared ones, and replication slots that nobody uses."),
        ("autovacuum을 붙잡는 오래된 트랜잭션이나 슬롯, 꺼 둔 autovacuum.", "An old transaction or slot that holds autovacuum back, or autovacuum switched off."),
        ("붙잡는 것을 끊고 가장 오래된 테이블부터 VACUUM (FREEZE)를 실행하세요.", "End what holds it back and run VACUUM (FREEZE) on the oldest tables first.")),
    "redis-refusing": Runbook(
        ("Redis가 응답하지 않아요. 캐시, 세션이나 작업 큐가 멈춰요.", "Redis does not answer: caches, sessions or queues stand still."),
        ("프로세스와 로그, 메모리(dmesg의 OOM), maxclients에 닿았는지 보세요.", "See the process and its log, memory (OOM in dmesg), and whether maxclients is reached."),
        ("메모리 부족, 느린 명령(KEYS *), 가득 찬 디스크로 실패한 저장, 네트워크.", "Want of memory, a slow command (KEYS *), a save that failed on a full disk, the network."),
        ("다시 시작하세요. 저장 실패라면 디스크부터 비우세요. 큐로 쓴다면 소비자가 다시 붙는지 확인하세요.", "Restart it; free the disk first if saving failed. Where it is a queue, see that its consumers come back.")),
    "api-latency": Runbook(
        ("응답의 p95가 2초를 넘었어요. 사용자는 느리거나 멈췄다고 느껴요.", "The p95 of the answers is over two seconds: people feel it as slow or stuck."),
        ("느려지기 시작한 시각의 배포와 변경, 데이터베이스의 느린 쿼리와 잠금, 서버의 CPU를 함께 보세요.", "Put side by side: deployments at the time it began, slow queries and locks of the database, the hosts' CPU."),
        ("느린 쿼리, 몰린 트래픽, 느린 외부 API, 부족한 작업자.", "A slow query, a surge of traffic, a slow external API, too few workers."),
        ("방금 배포했다면 되돌리세요. 막고 있는 쿼리를 끊고, 트래픽이 원인이면 작업자를 늘리거나 속도를 제한하세요.", "Roll back a fresh deployment. End the query that blocks; for traffic add workers or limit the rate.")),
    "external-api": _ANSWERS,
    "service-down": _ANSWERS,
    "error-rate": Runbook(
        ("요청의 5% 넘게 서버 오류로 끝나요.", "More than 5 % of the requests end in a server error."),
        ("로그에서 새로 나타난 오류와 가장 많은 오류를 찾고, 한 주소나 한 서버에 몰려 있는지 보세요.", "Find the newest and the most frequent error in the logs, and whether it is one address or one host."),
        ("방금 한 배포나 설정 변경, 데이터베이스나 외부 API 장애.", "A fresh deployment or setting, a database or an external API that is down."),
        ("되돌릴 수 있는 변경부터 되돌리세요. 한 서버에만 있으면 그 서버를 빼세요.", "Take back what can be taken back. If it is one host, take it out.")),
    "disk-full": Runbook(
        ("디스크를 95% 넘게 썼어요. 가득 차면 데이터베이스와 로그가 멈춰요.", "More than 95 % of the disk is used; when it is full, databases and logs stop."),
        ("du -xh --max-depth=2로 큰 곳을, lsof +L1로 지웠지만 열려 있는 파일을 찾으세요.", "du -xh --max-depth=2 finds what is large, lsof +L1 what was deleted and is still open."),
        ("회전하지 않는 로그, 쌓인 백업이나 WAL, 커진 테이블.", "Logs that are not rotated, backups or WAL that pile up, a table that grew."),
        ("오래된 로그와 백업을 지우거나 디스크를 늘리세요. WAL과 데이터 파일은 손으로 지우지 마세요.", "Remove old logs and backups or enlarge the disk. Never delete WAL or data files by hand.")),
    "host-silent": Runbook(
        ("서버에서 5분째 지표가 오지 않아요.", "Nothing has been measured on the host for five minutes."),
        ("접속이 되는지(ssh), 같은 서버의 다른 체크가 어떤지 보세요. 접속되면 systemctl status bongsu-agent를 보세요.", "Can it be reached (ssh), how are other checks of it? If so: systemctl status bongsu-agent."),
        ("꺼진 서버, 끊긴 네트워크, 멈춘 에이전트, 바뀐 토큰.", "The host is off, the network is cut, the agent stopped, its token was changed."),
        ("서버를 켜거나 콘솔로 들어가세요. 에이전트만 멈췄다면 다시 시작하세요. 그동안의 값은 디스크에 남아 있다가 도착해요.", "Switch it on or go in by its console. If only the agent stopped, restart it: what it measured meanwhile is on its disk and will arrive.")),
    "process-gone": Runbook(
        ("실행 중이어야 할 프로그램이 하나도 없어요.", "A program that should run does not."),
        ("systemctl status와 journalctl -u로 마지막 말을, dmesg로 메모리 부족을 확인하세요.", "Read its last words with systemctl status and journalctl -u; dmesg tells of want of memory."),
        ("오류로 끝남, 메모리 부족으로 죽음, 실패한 배포, 누군가 멈춤.", "It ended with an error, was killed for want of memory, a deployment failed, somebody stopped it."),
        ("다시 시작하세요. 다시 죽으면 직전 버전으로 되돌리세요.", "Start it; if it dies again, go back to the version before.")),
    "certificate-now": _CERTIFICATE,
    "rabbitmq-memory": _RABBITMQ,
    "rabbitmq-disk": _RABBITMQ,
    "file-changed": _FILE,
    "file-missing": _FILE,
    "energy-emergency": _ENERGY,
    "energy-critical": _ENERGY,
}
# fmt: on
