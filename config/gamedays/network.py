"""DNS, a route and a firewall fail in the sandbox, each on a server of its own (M2.3): the diagnosis names each."""

from collections.abc import Callable

from config.gamedays.drill import Say, drill, must_be_well, must_say
from config.gamedays.outside import post

FAULTS = {"app1": {"dns": "wrong"}, "app2": {"route": "gone"}, "app3": {"firewall": "drop"}}


def play(say: Say, between: Callable[[], None]) -> str:
    """Raises Refused."""
    with drill("Network trouble", "P1", say, between) as one:
        try:
            for host, fault in FAULTS.items():
                one.tell(
                    f"BREAK  {host}: {', '.join(f'{name} {how}' for name, how in fault.items())}"
                )
                post(f"/hosts/{host}", dict(fault))
            found = one.run("network-diagnose")
            must_say(found, "resolve", "app1")
            must_say(found, "route", "app2")
            must_say(found, "firewall", "app3", "443")
        finally:
            put_back()
        one.tell(f"HEAL  {', '.join(FAULTS)}")
        must_be_well(one.run("network-diagnose"))
    return "named and healed"


def put_back() -> None:
    for host in FAULTS:
        post(f"/hosts/{host}", {"heal": True})
