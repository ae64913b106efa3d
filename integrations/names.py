"""Names to addresses, within a time: the system's resolver takes as long as it likes."""

import socket
import threading
from ipaddress import ip_address


def addresses_of(name: str, *, seconds: float) -> list[str]:
    """Each once, in the resolver's order. Raises OSError, of which TimeoutError is one.

    UnicodeError is for what can never be a name, such as one with a part of more than 63 letters.
    """
    if is_address(name):
        return [name]
    found: list[str] = []
    faults: list[Exception] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(row[4][0]) for row in rows))
        except (OSError, UnicodeError) as error:
            faults.append(error)

    # It cannot be called off, only left alone; the resolver ends by itself within half a minute.
    asking = threading.Thread(target=ask, name=f"resolve {name}", daemon=True)
    asking.start()
    asking.join(seconds)
    if faults:
        raise faults[0]
    if asking.is_alive():
        raise TimeoutError("timed out")
    return found


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
