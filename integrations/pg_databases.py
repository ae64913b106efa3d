"""Whole databases of a PostgreSQL: made, renamed and dropped, each with a mark in its comment that says what it is.

The account must own what it renames, may create databases (CREATEDB), and ends sessions (pg_signal_backend); a
superuser may all of it. It connects to another database than those it is about.
"""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from psycopg2.extensions import make_dsn

from core.told import Told as _
from integrations.postgresql import Fault, Session, plain_session, session

IN_USE: Final = "55006"
LONGEST_NAME: Final = 63  # bytes; PostgreSQL cuts what is longer
LISTS: Final = frozenset(
    [
        "search_path",
        "temp_tablespaces",
        "local_preload_libraries",
        "session_preload_libraries",
    ]
)  # kept as they are to be written
TEXTS: Final = ("owner", "encoding", "provider", "collate", "ctype")
OPTIONS: Final = frozenset([*TEXTS, "locale", "limit", "settings", "rights"])
Mark = Mapping[str, Any]


def within(dsn: str, name: str) -> str:
    """The way to another database of the same server."""
    return str(make_dsn(dsn, dbname=name))


def named(name: str) -> str:
    """An identifier, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A literal, by whatever rule about backslashes the server goes."""
    quoted = value.replace("\\", "\\\\").replace("'", "''")
    return f" E'{quoted}'"


def marks(dsn: str, *, seconds: float) -> dict[str, Mark]:
    """Of all databases; of one that bears none of ours it is empty. Raises Fault or TimeoutError."""
    with session(dsn, seconds=seconds) as asked:
        return _marks(asked)


def _marks(asked: Session) -> dict[str, Mark]:
    rows = asked.rows("SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database")
    return {str(name): _read(comment) for name, comment in rows}


def _read(comment: str | None) -> Mark:
    with suppress(ValueError):
        found = json.loads(comment or "")
        if isinstance(found, dict) and "bongsu" in found:
            return found
    return {}


def kept_options(asked: Session) -> dict[str, Any]:
    """Of the database it is connected to, what no dump of it holds: owner, locale, limit, settings and rights."""
    found = asked.row("""
        SELECT to_jsonb(d) - 'datacl', pg_get_userbyid(datdba), pg_encoding_to_char(encoding),
               (SELECT setconfig FROM pg_db_role_setting WHERE setdatabase = d.oid AND setrole = 0),
               (SELECT jsonb_agg(jsonb_build_array(pg_get_userbyid(nullif(grantee, 0)), privilege_type))
                FROM aclexplode(d.datacl))
        FROM pg_database d WHERE datname = current_database()""")
    row, owner, encoding, settings, rights = found
    return {
        "owner": owner, "encoding": encoding, "provider": row.get("datlocprovider", "c"),
        "collate": row["datcollate"], "ctype": row["datctype"],
        "locale": row.get("datlocale") or row.get("daticulocale"),
        "limit": row["datconnlimit"], "settings": settings or [], "rights": rights,
    }  # fmt: skip


def are_options(said: Any) -> bool:
    """Whether these are as `kept_options` keeps them. Raises TypeError for what is far from it."""
    if not isinstance(said, dict) or not said.keys() >= OPTIONS:
        return False
    rights = [part or "" for pair in said["rights"] or [] for part in pair]
    texts = [*(said[name] for name in TEXTS), said["locale"] or "", *said["settings"], *rights]
    return type(said["limit"]) is int and all(isinstance(text, str) for text in texts)


def make(dsn: str, name: str, options: Mapping[str, Any], mark: Mark, *, seconds: float) -> None:
    """Empty, as the options say. Raises Fault or TimeoutError."""
    with plain_session(dsn, seconds=seconds) as asked:
        asked.execute(_creation(name, options, asked.version))
        asked.execute(_comment(name, mark))


def dress(dsn: str, name: str, options: Mapping[str, Any], *, seconds: float) -> None:
    """Its settings and rights, when all else is in it. Raises Fault or TimeoutError."""
    with session(dsn, seconds=seconds, writes=True) as asked:
        for one in options["settings"]:
            setting, _equals, value = one.partition("=")
            told = value if setting in LISTS else text(value)
            known_as = ".".join(map(named, setting.split(".")))
            asked.execute(f"ALTER DATABASE {named(name)} SET {known_as} TO {told}")
        for statement in _rights(name, options["rights"]):
            asked.execute(statement)
        asked.commit()


def _creation(name: str, options: Mapping[str, Any], version: int) -> str:
    words = [
        f"CREATE DATABASE {named(name)} TEMPLATE template0 OWNER {named(options['owner'])}",
        f"ENCODING {text(options['encoding'])} CONNECTION LIMIT {int(options['limit'])}",
        f"LC_COLLATE {text(options['collate'])} LC_CTYPE {text(options['ctype'])}",
    ]
    provider, locale = options["provider"], options["locale"]
    if version >= 150_000:
        words.append(
            {"i": "LOCALE_PROVIDER icu", "b": "LOCALE_PROVIDER builtin"}.get(
                provider, "LOCALE_PROVIDER libc"
            )
        )
    if locale and provider in ("i", "b"):
        words.append(f"{'ICU_LOCALE' if provider == 'i' else 'BUILTIN_LOCALE'} {text(locale)}")
    return " ".join(words)


def _rights(name: str, rights: list[list[Any]] | None) -> list[str]:
    """None: those that every database has from the start."""
    if rights is None:
        return []
    grants = [
        f"GRANT {right} ON DATABASE {named(name)} TO {named(who) if who else 'PUBLIC'}"
        for who, right in rights
        if right in ("CREATE", "CONNECT", "TEMPORARY")
    ]
    return [f"REVOKE ALL ON DATABASE {named(name)} FROM PUBLIC", *grants]


def _comment(name: str, mark: Mark) -> str:
    return f"COMMENT ON DATABASE {named(name)} IS {text(json.dumps(mark))}"


def rename(dsn: str, moves: Mapping[str, tuple[str, Mark]], *, seconds: float) -> None:
    """All of these databases at once, or none: name → new name and mark. Their sessions are ended.

    Raises Fault or TimeoutError.
    """
    _when_free(lambda left: _renamed(dsn, moves, left), seconds)


def _when_free(do: Callable[[float], None], seconds: float) -> None:
    """Whoever connects again in between delays it: it is tried until the time is up."""
    until = time.monotonic() + seconds
    while True:
        try:
            return do(until - time.monotonic())
        except Fault as fault:
            if fault.code != IN_USE or time.monotonic() > until:
                raise


def _renamed(dsn: str, moves: Mapping[str, tuple[str, Mark]], seconds: float) -> None:
    with session(dsn, seconds=seconds, writes=True) as asked:
        if asked.row("SELECT current_database()")[0] in moves:
            raise Fault(
                _("the maintenance connection has to go to another database, such as postgres")
            )
        _end_sessions(asked, list(moves))
        for name, (new, mark) in moves.items():
            asked.execute(f"ALTER DATABASE {named(name)} RENAME TO {named(new)}")
            asked.execute(_comment(new, mark))
        asked.commit()


def _end_sessions(asked: Session, names: list[str]) -> None:
    asked.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = ANY (%s) AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
        names,
    )


def drop(dsn: str, name: str, *, seconds: float) -> None:
    """With whoever is in it. One that is not there is dropped already. Raises Fault or TimeoutError.

    Not WITH (FORCE): that wants to end an autovacuum too, which only a superuser may; without it the server itself does.
    """
    _when_free(lambda left: _dropped(dsn, name, left), seconds)


def _dropped(dsn: str, name: str, seconds: float) -> None:
    with plain_session(dsn, seconds=seconds) as asked:
        _end_sessions(asked, [name])
        asked.execute(f"DROP DATABASE IF EXISTS {named(name)}")
