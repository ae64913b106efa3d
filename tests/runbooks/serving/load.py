"""Requests at a steady rate until its input ends; then it says how many were sent, failed, and who answered.

python load.py HOST PORT A_SECOND
"""

import asyncio
import json
import sys
from collections import Counter

AT_ONCE = 200
PATIENCE = 10.0
came: Counter[str] = Counter()
faults: Counter[str] = Counter()


async def ask(host: str, port: int) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(b"GET / HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n")
            answer = await reader.read()
            writer.close()
    except (OSError, asyncio.IncompleteReadError) as error:
        faults[f"{type(error).__name__} {error}"] += 1
        return
    head, _gap, body = answer.partition(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 200"):
        came[body.decode()] += 1
    else:
        faults[head.split(b"\r\n")[0].decode()] += 1


async def main(host: str, port: int, a_second: int) -> None:
    loop = asyncio.get_running_loop()
    ended = loop.run_in_executor(None, sys.stdin.read)
    began, sent, asked = loop.time(), 0, set()
    while not ended.done():
        due = int((loop.time() - began) * a_second) - sent
        for _one in range(min(due, AT_ONCE - len(asked))):
            sent += 1
            task = asyncio.create_task(ask(host, port))
            asked.add(task)
            task.add_done_callback(asked.discard)
        await asyncio.sleep(1 / a_second)
    took = loop.time() - began
    await asyncio.gather(*asked)
    found = {"sent": sent, "a_second": round(sent / took), "came": came, "faults": faults}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
