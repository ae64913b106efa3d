from tests.doors.conftest import browser, everyone

__all__ = ["browser", "everyone"]
