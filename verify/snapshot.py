"""One moment of the database, seen by one read-only transaction; whatever asks it sees the same."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import psycopg2
from psycopg2 import extensions

from verify.moment import Moment, Stretch, moment
from verify.sent import SentFile, read_file

ROWS_MAX = 1_000
QUERY_WITHIN_MS = 300_000
FILES_AT_ONCE = 20


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What the promises may ask: rows by SQL, with the moment as parameters, and what was sent."""

    connection: extensions.connection = field(repr=False)
    moment: Moment

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """At most ROWS_MAX rows: a broken promise is shown, not listed to its end."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, self.moment.parameters())
            return list(cursor.fetchmany(ROWS_MAX))

    def every(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows, for what must be compared with something outside the database."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, self.moment.parameters())
            return list(cursor.fetchall())

    @cached_property
    def sent(self) -> tuple[SentFile, ...]:
        """Every file that ever was in the outbox and may hold claims, by a reader of our own."""
        return tuple(self._read_outbox())

    def _read_outbox(self) -> Iterator[SentFile]:
        with self.connection.cursor(name="outbox") as cursor:
            cursor.itersize = FILES_AT_ONCE
            cursor.execute(
                "SELECT id, name, content FROM outbox "
                "WHERE state <> 'refused' "
                "AND (name LIKE '%.x12' OR (route = 'mail' AND name LIKE '%.json')) ORDER BY id"
            )
            for outbox_id, name, content in cursor:
                yield read_file(outbox_id, name, bytes(content))


@contextmanager
def opened(database_url: str) -> Iterator[Snapshot]:
    """A snapshot of the whole database; nothing can be written through it."""
    connection = connect(database_url)
    try:
        yield Snapshot(connection=connection, moment=moment_of(connection))
    finally:
        connection.rollback()
        connection.close()


def connect(database_url: str) -> extensions.connection:
    connection = psycopg2.connect(_libpq(database_url), application_name="claimflow verify")
    connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        cursor.execute("SET statement_timeout = %s", (QUERY_WITHIN_MS,))
        cursor.execute("SET timezone = 'UTC'")
    connection.commit()
    return connection


def _libpq(database_url: str) -> str:
    """psycopg2 knows no driver in the scheme."""
    scheme, separator, rest = database_url.partition("://")
    return f"{scheme.partition('+')[0]}{separator}{rest}"


def moment_of(connection: extensions.connection) -> Moment:
    """The moment by the clock of this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT real_start, business_start, speed, is_running FROM clock_segment "
            "ORDER BY id DESC LIMIT 2"
        )
        segments = [Stretch(*row) for row in cursor.fetchall()]
        cursor.execute("SELECT time_zone FROM practice ORDER BY id LIMIT 1")
        zone = cursor.fetchone()
    return moment(dt.datetime.now(dt.UTC), segments, zone[0] if zone else "UTC")
