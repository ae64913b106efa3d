"""python -m sandbox: the simulated outside world, until Ctrl-C or SIGTERM."""

import asyncio
import os
import sys

from sandbox.app import serve
from sandbox.settings import CannotStart, Settings


def main() -> int:
    try:
        settings = Settings.read(os.environ)
        asyncio.run(serve(settings))
    except CannotStart as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
