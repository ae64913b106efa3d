import socketserver
import threading
from pathlib import Path

import pytest

from config import launch, logs
from config.options import Options
from config.telling import Telling
from tests.config.test_preflight import free_port


class Said(Telling):
    def plainly(self, text: str) -> None:
        said.append(text)


said: list[str] = []


def test_a_portal_that_stays_silent_is_told_of_once_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "READYZ_PATIENCE", 0)
    logs.of(tmp_path, "web").write_text("Address already in use\n")
    nobody = Options(tmp_path, "127.0.0.1", free_port(), 1, embedded=True, sandbox=False)
    announce = launch._announcing(nobody, Said(), [])

    assert not announce()
    assert not announce()

    assert [line for line in said if "does not answer yet" in line] == said[-1:]
    assert said[-1].endswith("Address already in use")


def test_a_start_that_lacks_a_part_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "READYZ_PATIENCE", 0)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), LacksBeat) as portal:
        threading.Thread(target=portal.serve_forever, daemon=True).start()
        port = portal.server_address[1]
        here = Options(tmp_path, "127.0.0.1", port, 1, embedded=True, sandbox=False)
        assert launch._announcing(here, Said(), [])()
        portal.shutdown()

    assert "not everything is ready yet: beat missing" in said[-1]


class LacksBeat(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        asked = self.rfile.readline()
        word = b"503 x" if b"readyz" in asked else b"200 OK"
        self.wfile.write(b"HTTP/1.0 " + word + b'\r\n\r\n{"database": "ok", "beat": "down"}')
