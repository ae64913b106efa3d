"""A Redis and a RabbitMQ of their own, as Debian brings them."""

import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import redis

from tests.programs import program
from tests.running import free_ports, until

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # Debian's own script wants to be root
CONFIGURATION = """
listeners.tcp.1 = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {api}
log.file = false
collect_statistics_interval = 500
"""


@dataclass(frozen=True)
class Rabbit:
    api: httpx2.Client
    amqp: int
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return str(self.api.base_url)

    def declare(self, queue: str) -> None:
        self.api.put(f"/api/queues/%2F/{queue}", json={"durable": True}).raise_for_status()

    def publish(self, queue: str, **properties: object) -> None:
        message = {"routing_key": queue, "payload": "x", "payload_encoding": "string"}
        sent = message | {"properties": properties}
        self.api.post("/api/exchanges/%2F/amq.default/publish", json=sent).raise_for_status()

    def say(self, *words: str) -> None:
        command = [SERVER.with_name("rabbitmqctl"), "-n", "test@localhost", *words]
        subprocess.run(command, env=self.environment, check=True, capture_output=True)


@contextlib.contextmanager
def rabbitmq(folder: Path) -> Iterator[Rabbit]:
    program("rabbitmq-server", package="rabbitmq-server")
    (api, amqp), (between, names) = free_ports(), free_ports()
    (folder / "rabbitmq.conf").write_text(CONFIGURATION.format(api=api, amqp=amqp))
    (folder / "plugins").write_text("[rabbitmq_management].")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "ERL_EPMD_PORT": str(names),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": "test@localhost",
        "RABBITMQ_DIST_PORT": str(between),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        # Started by it, the register of names would outlive it.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-start_epmd false",
    }
    output = folder / "output"
    with contextlib.ExitStack() as stack:
        for command in (["epmd", "-port", str(names)], [SERVER]):
            started(command, environment, output, stack)
        client = httpx2.Client(base_url=f"http://127.0.0.1:{api}", auth=("guest", "guest"))
        stack.enter_context(client)
        assert until(lambda: manages(client), within=90, every=0.5), output.read_text()
        yield Rabbit(client, amqp, environment)


def started(
    command: list[str | Path],
    environment: dict[str, str],
    output: Path,
    stack: contextlib.ExitStack,
) -> None:
    with output.open("a") as log:
        process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    stack.callback(process.wait)
    stack.callback(os.killpg, process.pid, signal.SIGKILL)


def manages(client: httpx2.Client) -> bool:
    with contextlib.suppress(httpx2.HTTPError):
        return client.get("/api/overview").is_success
    return False


@contextlib.contextmanager
def redis_server(*options: str) -> Iterator[redis.Redis]:
    command, port = program("redis-server", package="redis-server"), free_ports()[0]
    given = [command, "--save", "", "--bind", "127.0.0.1", "--port", str(port), *options]
    folder = tempfile.TemporaryDirectory()  # a replica writes what it gets
    server = subprocess.Popen(given, cwd=folder.name, stdout=subprocess.DEVNULL)
    try:
        with folder, contextlib.closing(redis.Redis(port=port)) as client:
            assert until(lambda: answers(client), within=20)
            yield client
    finally:
        server.kill()
        server.wait()


def answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.AuthenticationError:
        return True
    except redis.ConnectionError:
        return False


def address(client: redis.Redis, database: int = 0) -> str:
    return f"redis://127.0.0.1:{client.connection_pool.connection_kwargs['port']}/{database}"
