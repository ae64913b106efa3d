import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL as Django has it, with a health check that costs no round trip.

    Django asks `SELECT 1` before each request. An idle connection has nothing to read; when there
    is, the server has hung up or has something to say, and only then is it worth asking.
    """

    def is_usable(self) -> bool:
        if self.connection.closed:
            return False
        watch = select.poll()  # select() itself cannot watch a file number above 1023
        watch.register(self.connection, select.POLLIN)
        return not watch.poll(0) or super().is_usable()
