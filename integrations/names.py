"""Names to addresses, within a time: the system's resolver takes as long as it likes."""

import socket
import threading


def addresses_of(name: str, *, seconds: float) -> list[str]:
    """Each once, in the resolver's order. Raises OSError, of which TimeoutError is one."""
    found: list[str] = []
    faults: list[OSError] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(row[4][0]) for row in rows))
        except OSError as error:
            faults.append(error)
        except UnicodeError:  # a name that DNS cannot hold
            faults.append(OSError(f"{name}: Name or service not known"))

    # It cannot be called off, only left alone; the resolver ends by itself within half a minute.
    asking = threading.Thread(target=ask, name=f"resolve {name}", daemon=True)
    asking.start()
    asking.join(seconds)
    if faults:
        raise faults[0]
    if asking.is_alive():
        raise TimeoutError("timed out")
    return found
