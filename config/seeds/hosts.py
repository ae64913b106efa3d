"""The sandbox's servers, so that runbooks can be tried at once; a real installation names its own."""

from django.conf import settings

from integrations import ssh_keys
from runbooks.models import Balancer, Database, Host, Pool

ADDRESSES = {"app1": "127.0.1.1", "app2": "127.0.1.2", "app3": "127.0.1.3", "db1": "127.0.1.9"}
SSH_ABOVE = 22  # above the sandbox's own port
BALANCER = "127.0.1.100"


def hosts() -> None:
    Database.objects.get_or_create(name="portal")
    key = ssh_keys.host_key(settings.BONGSU_HOME)
    if settings.PRODUCTION or not key or Host.objects.exclude(user="sandbox").exists():
        return
    port = settings.SANDBOX_PORT + SSH_ABOVE
    for name, address in ADDRESSES.items():
        where = {"address": address, "port": port, "user": "sandbox", "host_key": key}
        Host.objects.update_or_create(name=name, defaults=where)
    balancer = {
        "balancer": Balancer.HAPROXY,
        "address": f"{BALANCER}:{port}",
        "backend": "app",
        "floor": 2,
    }
    pool, _made = Pool.objects.update_or_create(name="app", defaults=balancer)
    pool.hosts.set(Host.objects.filter(name__startswith="app"))
