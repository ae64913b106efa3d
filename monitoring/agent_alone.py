"""What the packed file begins with (its `__main__.py`): no portal, no settings, no database."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whatever the host has
    sys.exit("The agent needs Python 3.11 or newer.")
try:
    import psutil  # noqa: F401
except ImportError:
    sys.exit("The agent needs psutil: apt install python3-psutil, or pip install psutil.")

import argparse
import logging
import os
from pathlib import Path

from django.conf import settings

settings.configure(USE_I18N=False, OUTBOUND_ALLOW=())

from monitoring import agent_main  # noqa: E402 - it reads the settings


def main() -> int | str:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    # What systemd made for it, or a folder of whoever runs it.
    buffer = Path(os.environ.get("STATE_DIRECTORY") or Path.home() / ".local/state/bongsu-agent")
    parser = argparse.ArgumentParser(prog="bongsu-agent", description=agent_main.ABOUT)
    agent_main.add_arguments(parser, buffer=buffer)
    try:
        return agent_main.start(parser.parse_args())
    except agent_main.Wrong as sentence:
        return str(sentence)


if __name__ == "__main__":
    sys.exit(main())
