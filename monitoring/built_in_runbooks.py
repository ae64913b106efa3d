"""What to do when a built-in rule calls: Korean and English, four short answers each."""

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
_QUEUE: Final = Runbook(
    ("큐의 가장 오래된 일이 5분 넘게 기다리고 있어요. 들어오는 만큼 처리하지 못하고 있어요.", "The oldest in the queue has waited for over five minutes: more comes in than is done."),
    ("작업자가 살아 있는지, 지금 무엇을 하고 있는지, 큐가 늘기 시작한 시각에 무엇이 바뀌었는지 보세요.", "See whether the workers live, what they are at, and what changed when the queue began to grow."),
    ("멈춘 작업자, 한 작업에 붙들린 작업자, 느려진 데이터베이스나 외부 API, 한꺼번에 들어온 일.", "Workers that stopped, one task that holds them, a slower database or external API, a surge of work."),
    ("작업자를 다시 시작하고, 붙드는 작업은 중단하거나 다른 큐로 옮기세요. 몰린 일이 원인이면 작업자를 늘리세요.", "Restart the workers; stop the task that holds them or give it a queue of its own. For a surge add workers."))
_ROOT: Final = Runbook(
    ("몇 분 사이 sudo나 su가 여러 번 실패했어요. 누군가 관리자 권한을 얻으려 했을 수 있어요.", "sudo or su failed several times within minutes. Somebody may be trying to become root."),
    ("auth.log나 journalctl에서 계정과 단말을 찾고, 그 계정이 어디서 접속했는지(last) 보세요.", "Find the account and its terminal in auth.log or journalctl, and where it signed in from (last)."),
    ("잊은 비밀번호, 권한이 없는 스크립트나 cron, 탈취된 계정.", "A forgotten password, a script or cron job without the right, an account in other hands."),
    ("본인에게 직접 물어보세요. 모르는 일이라면 계정을 잠그고 세션을 끊은 뒤 보안 담당을 부르세요.", "Ask the person in person. If they know nothing of it, lock the account, end its sessions and call security."))
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
    "slow-queries": Runbook(
        ("쿼리 하나가 5분 넘게 돌고 있어요. 잠금을 쥐고 있다면 다른 요청도 함께 느려져요.", "A query has been running for more than five minutes. If it holds locks, others are slow with it."),
        ("pg_stat_activity에서 쿼리와 누가 보냈는지, pg_blocking_pids()로 누구를 막는지 보세요.", "See in pg_stat_activity what it is and whose, and with pg_blocking_pids() whom it blocks."),
        ("빠진 인덱스, 바뀐 실행 계획, 낮에 돌린 보고서, 조건 없는 UPDATE나 DELETE.", "A missing index, a plan that changed, a report run by day, an UPDATE or DELETE without a condition."),
        ("남을 막고 있으면 pg_cancel_backend로 멈추세요. 그 뒤 EXPLAIN으로 원인을 찾으세요. VACUUM과 CREATE INDEX는 멈추기 전에 한 번 더 생각하세요.", "If it blocks others, stop it with pg_cancel_backend; then look for the cause with EXPLAIN. Think twice before stopping VACUUM or CREATE INDEX.")),
    "idle-transactions": Runbook(
        ("트랜잭션이 한 시간 넘게 열린 채 아무 일도 하지 않아요. 잠금을 쥐고, 지운 행의 정리를 막아요.", "A transaction has been open for over an hour, doing nothing: it holds locks and keeps dead rows."),
        ("pg_stat_activity에서 state가 idle in transaction인 세션의 사용자, 프로그램, 마지막 쿼리를 보세요.", "See user, program and last query of the sessions that are idle in transaction in pg_stat_activity."),
        ("끝내지 않은 psql 창, 오류 뒤에 되돌리지 않는 코드, 트랜잭션 안에서 기다리는 외부 호출.", "A psql window left open, code that does not roll back after an error, an outside call waited for in a transaction."),
        ("사람의 창이면 그 사람에게 물어보고, 아니면 pg_terminate_backend로 끊으세요. idle_in_transaction_session_timeout을 정해 두세요.", "Ask if it is a person's window, else end it with pg_terminate_backend. Set idle_in_transaction_session_timeout.")),
    "lock-waits": Runbook(
        ("어떤 쿼리가 1분 넘게 잠금을 기다려요. 뒤에 줄이 생기면 서비스가 멈춰요.", "Something has waited for a lock for over a minute; what queues behind it stands still."),
        ("pg_blocking_pids()를 따라 줄의 맨 앞을 찾으세요. 기다리는 쪽이 아니라 쥐고 있는 쪽이 원인이에요.", "Follow pg_blocking_pids() to the head of the queue: the holder is the cause, not those who wait."),
        ("운영 중에 돌린 마이그레이션(ALTER TABLE), 열린 채 쉬는 트랜잭션, 같은 행에 몰린 갱신.", "A migration (ALTER TABLE) by day, a transaction left open, many updates of one row."),
        ("마이그레이션이면 먼저 멈추고 lock_timeout을 두고 다시 하세요. 아니면 맨 앞의 세션을 끊으세요.", "Stop a migration first and run it again with a lock_timeout. Else end the session at the head.")),
    "replication-lag": Runbook(
        ("복제본이 5분 넘게 뒤처졌어요. 지금 전환하면 그만큼을 잃고, 복제본을 읽는 화면은 옛 값을 보여 줘요.", "The replica is more than five minutes behind. A failover now loses that much, and readers of it see old values."),
        ("pg_stat_replication의 상태와 각 지연, 복제본의 CPU·디스크, 복제본에서 도는 긴 쿼리를 보세요.", "See state and lags in pg_stat_replication, the replica's CPU and disk, and long queries on it."),
        ("한꺼번에 쓴 많은 데이터, 복제본의 긴 쿼리, 느린 디스크나 네트워크, 멈춘 복제 슬롯.", "A large write, a long query on the replica, a slow disk or network, a slot that stands still."),
        ("긴 쿼리를 끊고 기다리세요. 슬롯이 WAL을 붙들어 원본의 디스크가 차면, 슬롯을 지우고 복제본을 다시 만드세요.", "End the long query and wait. If the slot's WAL fills the primary's disk, drop the slot and build the replica anew.")),
    "recovery-point": Runbook(
        ("다른 사이트의 복제본에 한 시간 넘는 데이터가 없는 채로 10분이 지났어요. 지금 사이트를 잃으면 약속한 것보다 많이 잃어요.", "For ten minutes a replica at another site has lacked over an hour of data. Were this site lost now, more would be lost than was promised."),
        ("복구 화면에서 그 복제본이 응답하는지, 어느 시점까지 받았는지 보세요. 응답하지 않으면 서버와 사이트 사이의 네트워크를, 응답하면 원본의 pg_stat_replication을 보세요.", "See on the page of recovery whether that copy answers and how far it is. If it does not, look at its server and the network between the sites; if it does, at pg_stat_replication on the primary."),
        ("멈춘 복제본이나 수신 프로세스, 사이트 사이의 네트워크 단절, 바뀐 비밀번호나 인증서, 지워진 WAL이나 복제 슬롯.", "A replica or its receiver that stopped, no network between the sites, a changed password or certificate, WAL or a slot that is gone."),
        ("복제를 다시 이으세요. 필요한 WAL이 이미 없으면 복제본을 새로 만드세요. 그동안은 백업을 바로 하나 만들어 다른 곳에 두고, 계획한 전환은 미루세요.", "Bring replication back; if the WAL it needs is gone, build the replica anew. Until then make a backup at once and keep it elsewhere, and put off a planned failover.")),
    "redis-memory": Runbook(
        ("Redis가 쓸 수 있는 메모리의 90%를 넘게 썼어요. 다 쓰면 키를 버리거나 쓰기를 거부해요.", "Redis uses over 90 % of its memory; at the end it evicts keys or refuses to write."),
        ("redis-cli info memory와 --bigkeys로 무엇이 큰지, maxmemory-policy가 무엇인지 보세요.", "redis-cli info memory and --bigkeys say what is large; see maxmemory-policy."),
        ("만료 시각이 없는 키, 소비자가 없는 큐, 늘어난 트래픽, 단편화.", "Keys that never expire, a queue without a consumer, more traffic, fragmentation."),
        ("큐라면 소비자부터 살리세요. 캐시라면 만료 시각을 주거나 maxmemory를 늘리세요. FLUSHALL은 세션과 큐도 지워요.", "Where it is a queue, bring its consumers back. A cache gets an expiry or more maxmemory. FLUSHALL removes sessions and queues too.")),
    "latency-unusual": Runbook(
        ("응답 시간이 이 대상의 지난 기록으로 보아 평소와 달라요. 아직 한도를 넘지는 않았을 수 있어요.", "The latency is not what its own past would lead one to expect, though it may be within its bar."),
        ("지표 화면에서 예상 범위와 견주고, 같은 때 시작된 배포·트래픽·데이터베이스의 변화를 보세요.", "Compare it with the expected band on the metric's page; look for a deployment, traffic or a database that changed then."),
        ("배포나 설정 변경, 늘어난 트래픽, 느려진 의존 서비스. 행사나 점검처럼 아는 일일 수도 있어요.", "A deployment or setting, more traffic, something slower behind it; or something known, such as an event."),
        ("계속 나빠지면 API 응답 지연 런북을 따르세요. 문제가 아니면 오탐이라고 표시하세요. 그만큼 덜 울려요.", "If it gets worse, follow the runbook of API latency. If it is nothing, mark it as a false alarm: it will call less.")),
    "disk-full-soon": Runbook(
        ("지금처럼 늘면 하루 안에 디스크가 가득 차요.", "At this pace the disk is full within a day."),
        ("차트에서 늘기 시작한 시각을 찾고, du -xh --max-depth=2와 lsof +L1로 무엇이 늘었는지 보세요.", "Find on the chart when it began; du -xh --max-depth=2 and lsof +L1 say what grew."),
        ("디버그 로그, 회전하지 않는 로그, 실패한 정리 작업, 복제 슬롯이 붙든 WAL.", "Debug logs, logs that are not rotated, a clean-up that failed, WAL held by a slot."),
        ("늘어나는 것을 멈추고 자리를 만드세요. 밤을 넘기지 못하면 지금 디스크를 늘리세요.", "Stop what grows and make room. If it does not last the night, enlarge the disk now.")),
    "inodes": Runbook(
        ("아이노드를 90% 넘게 썼어요. 자리가 남아도 새 파일을 만들 수 없게 돼요.", "Over 90 % of the inodes are used: no new file can be made then, however much room is left."),
        ("du --inodes -x / | sort -n | tail로 파일이 가장 많은 폴더를 찾으세요.", "du --inodes -x / | sort -n | tail finds the folder with the most files."),
        ("세션이나 캐시 파일, 보내지 못한 메일, 작은 임시 파일.", "Session or cache files, mail that could not be sent, small temporary files."),
        ("오래된 것부터 find … -delete로 지우고, 만드는 쪽이 치우게 고치세요.", "Delete the old ones with find … -delete, and let whoever makes them clean up.")),
    "memory": Runbook(
        ("메모리를 10분 넘게 92% 이상 쓰고 있어요. 다 쓰면 커널이 프로세스를 죽여요.", "Over 92 % of the memory has been used for ten minutes; at the end the kernel kills processes."),
        ("ps aux --sort=-rss로 누가 쓰는지, 차트에서 갑자기인지 서서히인지 보세요.", "ps aux --sort=-rss says who; the chart says whether it came suddenly or slowly."),
        ("메모리 누수, 늘어난 작업자, 큰 파일이나 보고서, 다른 서버에서 옮겨 온 부하.", "A leak, more workers, a large file or report, load that moved here."),
        ("서서히 늘었다면 그 프로세스를 다시 시작하세요. 작업자가 많으면 줄이세요. 데이터베이스는 마지막에 건드리세요.", "Restart what grew slowly; run fewer workers. Touch the database last.")),
    "load": Runbook(
        ("15분째 CPU보다 두 배 많은 일이 기다려요.", "For fifteen minutes twice as much has waited as there are CPUs."),
        ("top으로 CPU인지(us, sy), 디스크를 기다리는지(wa) 나누어 보세요.", "top tells work (us, sy) from waiting for the disk (wa)."),
        ("늘어난 트래픽, 겹친 배치 작업, 느린 디스크, 끝나지 않는 프로세스.", "More traffic, batch jobs at once, a slow disk, a process that never ends."),
        ("배치를 미루고, 폭주하는 프로세스를 멈추세요. 트래픽이면 서버를 늘리세요.", "Put batches off, stop what runs wild; for traffic add a host.")),
    "open-files": Runbook(
        ("열린 파일이 한도의 85%를 넘었어요. 닿으면 새 연결과 파일이 모두 거부돼요.", "Open files are over 85 % of the limit; at it every new connection and file is refused."),
        ("lsof -n | awk '{print $2}' | sort | uniq -c | sort -n | tail로 프로세스를 찾으세요.", "lsof -n | awk '{print $2}' | sort | uniq -c | sort -n | tail finds the process."),
        ("닫지 않는 소켓이나 파일, 늘어난 연결, 낮은 한도.", "Sockets or files that are not closed, more connections, a low limit."),
        ("새는 프로세스를 다시 시작하세요. 정상적으로 늘었다면 fs.file-max나 LimitNOFILE을 올리세요.", "Restart the one that leaks. If it is rightly more, raise fs.file-max or LimitNOFILE.")),
    "certificate-soon": Runbook(
        ("인증서가 2주 안에 만료돼요. 자동 갱신이라면 이미 갱신했어야 해요.", "The certificate ends within two weeks; an automatic renewal should have been by now."),
        ("갱신 작업의 기록과 다음 실행 시각, 손으로 사는 인증서라면 담당자를 확인하세요.", "See the log and the next run of the renewal, or who buys it where it is bought by hand."),
        ("멈춘 갱신 작업, 막힌 80번 포트나 DNS 확인, 손으로 관리하는 인증서.", "A renewal that stopped, a blocked port 80 or DNS check, a certificate kept by hand."),
        ("이번 주 안에 갱신하고, 서버가 새 인증서를 내보내는지 확인하세요.", "Renew it this week and see that the new one is served.")),
    "queue-age": _QUEUE,
    "rabbitmq-age": _QUEUE,
    "sign-in-failures": Runbook(
        ("몇 분 사이 이 포털의 로그인이 스무 번 넘게 실패했어요. 비밀번호를 맞혀 보는 중일 수 있어요.", "More than twenty sign-ins to this portal failed within minutes. Somebody may be guessing passwords."),
        ("콘솔의 접속 기록에서 계정과 주소를 보세요. 한 주소에 여러 계정인지, 한 계정에 여러 주소인지가 중요해요.", "See accounts and addresses in the console's record of access: many accounts from one address, or one from many."),
        ("무차별 대입, 유출된 비밀번호 시도, 바뀐 비밀번호를 모르는 프로그램.", "Guessing, passwords leaked elsewhere, a program with an old password."),
        ("주소를 방화벽에서 막고, 노려진 계정의 비밀번호를 바꾸고 2단계 인증을 켜세요. 성공한 로그인이 있으면 세션을 끊으세요.", "Block the address, change the passwords of those accounts and switch on their second factor. End sessions that succeeded.")),
    "new-administrator": Runbook(
        ("이 포털의 관리자가 늘었어요. 관리자는 모든 것을 바꿀 수 있어요.", "This portal has one more administrator, who may change everything."),
        ("콘솔의 변경 기록에서 누가 언제 권한을 주었는지 보세요.", "See in the console's history who gave the right, and when."),
        ("새 담당자, 잘못 준 권한, 탈취된 관리자 계정.", "A new colleague, a right given by mistake, an administrator's account in other hands."),
        ("권한을 준 사람에게 직접 물어보세요. 모르는 일이면 두 계정을 모두 닫고 세션과 토큰을 끊으세요.", "Ask whoever gave it, in person. If they did not, close both accounts and end their sessions and tokens.")),
    "ssh-failures": Runbook(
        ("몇 분 사이 SSH 로그인이 쉰 번 넘게 실패했어요. 밖에 열린 서버라면 흔하지만, 안쪽 서버라면 심각해요.", "More than fifty SSH sign-ins failed within minutes: common on a host open to the world, grave on one inside."),
        ("auth.log에서 주소와 계정을, 그 주소의 성공한 로그인(Accepted)이 있는지 보세요.", "See addresses and accounts in auth.log, and whether any of them got in (Accepted)."),
        ("인터넷의 무차별 대입, 옛 열쇠를 쓰는 스크립트, 안쪽에서 움직이는 침입자.", "Guessing from the internet, a script with an old key, an intruder moving inside."),
        ("비밀번호 로그인을 끄고 22번 포트를 VPN 뒤로 옮기세요. 안쪽 주소에서 왔다면 그 서버부터 격리하세요.", "Switch password sign-in off and move port 22 behind the VPN. If it came from inside, isolate that host first.")),
    "file-touched": _FILE,
    "sudo-failures": _ROOT,
    "su-failures": _ROOT,
    "certificate-now": _CERTIFICATE,
    "rabbitmq-memory": _RABBITMQ,
    "rabbitmq-disk": _RABBITMQ,
    "file-changed": _FILE,
    "file-missing": _FILE,
    "energy-emergency": _ENERGY,
    "energy-critical": _ENERGY,
}
# fmt: on
