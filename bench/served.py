"""Three who serve the same file: the product, a bare Django view that holds its bytes, and nginx."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.product import is_free

CONNECTIONS: Final = 32
NGINX: Final = """
user {user}; daemon off; pid nginx.pid; error_log error.log; worker_processes 2;
events {{ worker_connections 256; }}
http {{
    access_log off; keepalive_requests 10000000; sendfile on; open_file_cache max=100;
    client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
    server {{ listen 127.0.0.1:{port}; root {root}; etag on; }}
}}
"""
RATE: Final = re.compile(r"Requests/sec:\s+([\d.]+)")
WRONG: Final = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)")


class Missing(Exception):
    pass


def rate(port: int, path: str, *, seconds: int) -> float:
    """As fast as wrk, one thread of C, can ask on kept connections."""
    if not (wrk := shutil.which("wrk")):
        raise Missing("wrk is not installed")
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", f"http://127.0.0.1:{port}{path}"]
    said = subprocess.run(  # noqa: S603
        command, check=True, stdout=subprocess.PIPE, text=True, timeout=seconds + 30
    ).stdout
    if WRONG.search(said):
        raise RuntimeError(said)
    [found] = RATE.findall(said)
    return float(found)


@contextlib.contextmanager
def nginx(root: Path, folder: Path, after: int) -> Iterator[int]:
    """Of two processes, as the product's web is."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if not program:
        raise Missing("nginx is not installed")
    port = next(port for port in range(after, 32000) if is_free(port))
    folder.mkdir()
    user = Path.home().owner()
    (folder / "nginx.conf").write_text(NGINX.format(user=user, port=port, root=root))
    server = subprocess.Popen([program, "-p", folder, "-c", "nginx.conf"])  # noqa: S603
    try:
        while is_free(port):
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()
