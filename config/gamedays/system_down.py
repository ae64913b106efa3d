"""A server and a database service go down in the sandbox (M2.1): diagnosed, recovered, and looked at again."""

from collections.abc import Callable

from django.conf import settings

from config.gamedays.drill import Say, drill, must_be_well, must_say
from config.gamedays.outside import answers, post
from config.seeds.hosts import ADDRESSES

BROKEN = "app2"
DATABASE = "db1"


def play(say: Say, between: Callable[[], None]) -> str:
    """Raises Refused."""
    health = f"http://{ADDRESSES[BROKEN]}:{settings.SANDBOX_PORT}/health"
    with drill("System down", "P1", say, between) as one:
        try:
            one.tell(f"BREAK  {BROKEN}: nginx, dantaro-app · {DATABASE}: redis")
            post(f"/hosts/{BROKEN}", {"nginx": "failed", "dantaro-app": "failed"})
            post(f"/hosts/{DATABASE}", {"redis": "failed"})
            one.until(lambda: not answers(health))
            one.tell(f"DOWN  {health}")
            found = one.run("system-down-diagnose")
            must_say(found, "app_services", "nginx", BROKEN)
            must_say(found, "database_services", "redis", DATABASE)
            must_say(found, "application_health", BROKEN)
            one.run("system-down-recover", hosts=[BROKEN])
            one.until(lambda: answers(health))
            one.tell(f"UP  {health}")
            must_be_well(one.run("system-down-diagnose"))
        finally:
            put_back()
    return "recovered"


def put_back() -> None:
    for host in (BROKEN, DATABASE):
        post(f"/hosts/{host}", {"heal": True})
