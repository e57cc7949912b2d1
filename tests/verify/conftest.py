"""A consistent world in a database of its own, and a way to break it behind every guard's back."""

from collections.abc import Callable, Iterator

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection  # noqa: N812 - the driver's own name.

from settings import libpq_url
from tests.verify import world
from verify.main import examine
from verify.snapshot import Snapshot, moment_of

Breaker = Callable[[str], set[str]]


@pytest.fixture(scope="module")
def world_url(module_database_url: str) -> str:
    """A database that holds the consistent world, committed; no test of a module changes it."""
    connection = psycopg2.connect(libpq_url(module_database_url))
    with connection, connection.cursor() as cursor:
        world.build(cursor)
    connection.close()
    return module_database_url


@pytest.fixture
def connection(world_url: str) -> Iterator[Connection]:
    """The owner's connection; whatever a test does through it is rolled back."""
    connection = psycopg2.connect(libpq_url(world_url))
    yield connection
    connection.rollback()
    connection.close()


@pytest.fixture
def break_by(connection: Connection) -> Breaker:
    """Run SQL with every trigger asleep, then say which promises are found broken."""

    def broken(sql: str) -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(sql)
        snapshot = Snapshot(connection=connection, moment=moment_of(connection))
        return {finding.promise for finding in examine(snapshot)}

    return broken
