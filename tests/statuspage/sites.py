"""The published tree over real HTTP: from the portal, and from nginx with the configuration that we give away."""

import getpass
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from statuspage.tree import Tree
from tests.programs import program
from tests.running import free_ports, is_free, until

EXAMPLE = Path(settings.BASE_DIR) / "docs" / "nginx-status.conf"
AROUND = """
user {user}; daemon off; pid nginx.pid; error_log error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
    {site}
}}
"""
YOURS = {
    "listen 80;": "listen 127.0.0.1:{port};",
    "/var/lib/bongsu/public/current": "{root}",
    "http://127.0.0.1:8000": "http://127.0.0.1:{behind}",
}


class _Silent(WSGIRequestHandler):
    def log_message(self, *args: object) -> None: ...


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def portal() -> Iterator[str]:
    """The application, without a database of its own: these answers need none."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Threads, _Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def nginx(tree: Tree, folder: Path, *, behind: int = 9) -> Iterator[str]:
    command = program("nginx", package="nginx-light")
    port = free_ports()[0]
    site = EXAMPLE.read_text()
    for line, mine in YOURS.items():
        assert line in site
        site = site.replace(line, mine.format(port=port, root=tree.current, behind=behind))
    folder.mkdir()
    (folder / "nginx.conf").write_text(AROUND.format(site=site, user=getpass.getuser()))
    server = subprocess.Popen([command, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        assert until(lambda: not is_free(port), within=20), (folder / "error.log").read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()
