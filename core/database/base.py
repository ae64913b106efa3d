import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL as Django has it, with two savings for what is asked a thousand times a second."""

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self.prepared: set[str] = set()

    def prepare(self, name: str, statement: str) -> None:
        """Have a statement parsed and planned once per connection; then `EXECUTE name (…)`."""
        self.ensure_connection()
        if name not in self.prepared:
            with self.cursor() as cursor:
                cursor.execute(f"PREPARE {name} {statement}")
            self.prepared.add(name)

    def is_usable(self) -> bool:
        """Without a round trip: Django asks `SELECT 1` before each request.

        An idle connection has nothing to read; when there is something, the server has hung up or
        has something to say, and only then is it worth asking.
        """
        if self.connection.closed:  # by the driver, when the last query found the server gone
            return False
        watch = select.poll()  # select() itself cannot watch a file number above 1023
        watch.register(self.connection, select.POLLIN)
        return not watch.poll(0) or super().is_usable()
