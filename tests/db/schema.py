"""What a database is, read from its own catalogue, so that two can be compared."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg2
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - the driver's own name.

from settings import libpq_url

TABLES = """
    SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1
"""
COLUMNS = """
    SELECT c.relname || '.' || a.attname,
           format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' '
           || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || ' ' || a.attidentity::text
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
      AND NOT a.attisdropped AND c.relname <> 'alembic_version'
"""
CONSTRAINTS = """
    SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype NOT IN ('n', 't')
      AND conrelid::regclass::text <> 'alembic_version'
"""
INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
FOREIGN_KEYS = """
    SELECT conname, conrelid::regclass::text, a.attname, confrelid::regclass::text, b.attname
    FROM pg_constraint
    JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]
    JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = confkey[1]
    WHERE contype = 'f' ORDER BY 1
"""
KEPT = """
    SELECT count(*), md5(coalesce(string_agg(told, '|' ORDER BY told), ''))
    FROM (SELECT row_to_json(x)::text AS told FROM (SELECT {columns} FROM {table}) x) y
"""


@contextmanager
def asking(url: str) -> Iterator[Cursor]:
    connection = psycopg2.connect(libpq_url(url))
    with connection, connection.cursor() as cursor:
        yield cursor
    connection.close()


def described(url: str) -> dict[str, str]:
    """Every column, constraint and index, as PostgreSQL itself writes it."""
    with asking(url) as cursor:
        found: dict[str, str] = {}
        for kind in (COLUMNS, CONSTRAINTS, INDEXES):
            cursor.execute(kind)
            found |= dict(cursor.fetchall())
    return found


def columns(url: str) -> dict[str, list[str]]:
    """The columns of each table."""
    with asking(url) as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall()]
        return {name: _columns(cursor, name) for name in names}


def rows(url: str, of: Mapping[str, list[str]]) -> dict[str, tuple[Any, ...]]:
    """How many rows each table has, and a digest of what these columns of them hold."""
    with asking(url) as cursor:
        found = {}
        for table, names in of.items():
            cursor.execute(KEPT.format(table=table, columns=", ".join(names)))
            found[table] = cursor.fetchone() or ()
        return found


def orphans(url: str) -> list[str]:
    """Foreign keys that lead to no row, whatever was switched off while rows were written."""
    with asking(url) as cursor:
        cursor.execute(FOREIGN_KEYS)
        keys = cursor.fetchall()
        return [name for name, *key in keys if _leads_nowhere(cursor, *key)]


def _columns(cursor: Cursor, table: str) -> list[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
        (table,),
    )
    return [f'"{name}"' for (name,) in cursor.fetchall()]


def _leads_nowhere(cursor: Cursor, table: str, column: str, target: str, key: str) -> bool:
    cursor.execute(
        f"SELECT 1 FROM {table} x WHERE x.{column} IS NOT NULL "
        f"AND NOT EXISTS (SELECT FROM {target} y WHERE y.{key} = x.{column}) LIMIT 1"
    )
    return cursor.fetchone() is not None
