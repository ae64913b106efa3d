"""How a sender of text messages proves that they hold the phone: by a code that only it receives."""

from datetime import timedelta
from typing import Final

LASTS: Final = timedelta(minutes=10)
TRIES: Final = 3  # of one code
MOST: Final = 5  # codes for one person while one lasts
