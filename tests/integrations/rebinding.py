"""In a network of its own: a name server that says a public address first and our own ever after, and who answers there.

Run by `unshare`, as the root of namespaces that end with it; prints what came of two calls of the same name.
"""

import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading

import django

PUBLIC, INSIDE = "8.8.8.8", "127.0.0.1"
A_RECORD = 1


def main() -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["ip", "address", "add", f"{PUBLIC}/32", "dev", "lo"], check=True)
    with tempfile.NamedTemporaryFile("w") as names:
        names.write(f"nameserver {INSIDE}\noptions attempts:1 timeout:2\n")
        names.flush()
        subprocess.run(
            ["mount", "--bind", names.name, os.path.realpath("/etc/resolv.conf")], check=True
        )
        answer_names()
        hits = {host: answer_web(host) for host in (PUBLIC, INSIDE)}
        call_twice(hits)


def call_twice(hits: dict[str, list[str]]) -> None:
    django.setup()
    from integrations import http

    url = "http://rebinding.example/"
    say(http.call("POST", url, body=b"{}", seconds=5).body.decode())
    try:
        http.call("POST", url, body=b"{}", seconds=5)
    except http.Forbidden as refused:
        say(refused)
    say({host: len(came) for host, came in hits.items()})


def say(what: object) -> None:
    sys.stdout.write(f"{what}\n")


def answer_names() -> None:
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((INSIDE, 53))

    def run() -> None:
        answers = iter([PUBLIC])
        while True:
            asked, whom = server.recvfrom(512)
            end = asked.index(b"\0", 12) + 5
            (kind,) = struct.unpack(">H", asked[end - 4 : end - 2])
            address = next(answers, INSIDE) if kind == A_RECORD else ""
            server.sendto(reply(asked, end, address), whom)

    threading.Thread(target=run, daemon=True).start()


def reply(asked: bytes, end: int, address: str) -> bytes:
    """Good for no time at all, so that nobody keeps it."""
    head = asked[:2] + struct.pack(">HHHHH", 0x8180, 1, bool(address), 0, 0) + asked[12:end]
    if not address:
        return head
    return head + struct.pack(">HHHIH", 0xC00C, A_RECORD, 1, 0, 4) + socket.inet_aton(address)


def answer_web(host: str) -> list[str]:
    came: list[str] = []
    server = socket.create_server((host, 80))

    def run() -> None:
        while True:
            visitor, (whom, _port) = server.accept()
            came.append(whom)
            with visitor:
                visitor.recv(65536)
                body = f"from {host}".encode()
                visitor.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
                )

    threading.Thread(target=run, daemon=True).start()
    return came


if __name__ == "__main__":
    main()
