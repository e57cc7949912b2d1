"""A database as the first release left it, with everything that its own demo had put there."""

import gzip
import itertools
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy.engine import make_url

from db.upgrade import upgrade
from settings import libpq_url
from supervise.system import System

# Sixty visits of the demo of 0.1.0, to their end: its data by pg_dump (--data-only --inserts
# --disable-triggers), with papers shortened, and nobody's session or password.
FIRST_RELEASE = Path(__file__).parent / "first_release.sql.gz"
FIRST = "0001"
_numbers = itertools.count(1)


@pytest.fixture
def empty_url(postgres: System) -> Iterator[str]:
    """A database with nothing in it, not even a schema."""
    name = f"upgrade_{next(_numbers)}"
    owner = psycopg2.connect(libpq_url(postgres.database_url))
    owner.autocommit = True
    with owner.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield (
            make_url(postgres.database_url).set(database=name).render_as_string(hide_password=False)
        )
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    owner.close()


@pytest.fixture
def first_release(empty_url: str) -> str:
    upgrade(empty_url, to=FIRST)
    connection = psycopg2.connect(libpq_url(empty_url))
    with connection, connection.cursor() as cursor:
        cursor.execute(gzip.decompress(FIRST_RELEASE.read_bytes()).decode())
    connection.close()
    return empty_url
