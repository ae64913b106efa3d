"""An HTTP server on this machine that remembers who called and says what a test tells it to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Call:
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes


Answers = Callable[[Call], int]


class Listener:
    def __init__(self, text: str, port: int = 0) -> None:
        self.calls: list[Call] = []
        self.answers: Answers | None = None  # a status for each call, instead of always the same
        self.say(text)
        listener = self

        class Ear(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("content-length", 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                call = Call(self.path, headers, self.rfile.read(length))
                listener.calls.append(call)
                answers = listener.answers
                self.send_response(answers(call) if answers else listener.status)
                self.send_header("Content-Length", str(len(listener.text)))
                self.end_headers()
                self.wfile.write(listener.text)

            def log_message(self, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Ear)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def say(self, text: str, *, status: int = 200) -> None:
        self.text, self.status = text.encode(), status


@contextmanager
def listeners() -> Iterator[Callable[..., Listener]]:
    started: list[Listener] = []

    def listen(text: str, port: int = 0) -> Listener:
        started.append(Listener(text, port))
        return started[-1]

    yield listen
    for each in started:
        each.server.shutdown()
        each.server.server_close()
