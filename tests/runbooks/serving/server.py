"""A small HTTP server: each answer takes a moment, and after a bad deployment its health is bad from its start on."""

import asyncio
import os
import random
from pathlib import Path

HOME = Path(os.environ["HOME"])
BAD = (HOME / "bad").exists()
TAKES = (0.002, 0.05)  # seconds


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            health = head.startswith((b"GET /health", b"HEAD /health"))
            if not health:
                await asyncio.sleep(random.uniform(*TAKES))
            status = b"500 Bad" if BAD else b"200 OK"
            body = HOME.name.encode()
            writer.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main() -> None:
    port = int((HOME / "port").read_text())
    server = await asyncio.start_server(answer, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
