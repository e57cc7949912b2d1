"""835 lines from the file's bytes to balanced postings, beside a COPY of the same rows."""

import io
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg2
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from bench.figures import Figure
from bench.stand import Stand
from casework import arrivals
from casework.moment import moment
from casework.posting.steps import post_some
from db.engine import connect
from db.models import Remittance
from settings import libpq_url

TABLES = ("remittance", "remit_claim", "remit_line", "remit_adjustment", "entry", "posting")
ACCEPTED = "SELECT count(*) FROM claim WHERE stage = 'accepted'"
LINES = "SELECT count(*) FROM remit_line WHERE ordinal > 0"


@dataclass(frozen=True, kw_only=True)
class Rows:
    table: str
    content: str


def measure(stand: Stand) -> list[Figure]:
    first = stand.size.encounters
    stand.payers.holds_remittances = True
    stand.bring(stand.world.encounters[first : first + stand.size.posted])
    stand.until(lambda: _are_held(stand))
    # The first file pays for imports and mappings, which a worker has long behind it.
    warm_up, *files = sorted(stand.payers.held.items())
    _post(stand, [warm_up])
    before = {name: _newest(stand, name) for name in TABLES}
    lines_before = stand.number(LINES)
    seconds, statements = _post(stand, files)
    lines = stand.number(LINES) - lines_before
    copied = _copy(stand, before)
    return [
        Figure(
            name="835 lines, bytes to ledger, one connection", unit="lines a second",
            ours=lines / seconds, bare=lines / copied, beside="COPY of the rows that this made",
        ),
        Figure(
            name="SQL statements for an 835 line", unit="statements", ours=statements / lines
        ),
    ]  # fmt: skip


def _newest(stand: Stand, table: str) -> int:
    return stand.number(f"SELECT max(id) FROM {table}")  # noqa: S608 - names of our own tables.


def _are_held(stand: Stand) -> bool:
    """Every claim waits for its remittance, and every remittance is kept back."""
    accepted = stand.number(ACCEPTED)
    held = sum(body.count(b"CLP*") for body in stand.payers.held.values())
    return accepted >= stand.size.posted and held == accepted


def _post(stand: Stand, files: Sequence[tuple[str, bytes]]) -> tuple[float, int]:
    """As dispatch and worker do, file by file, but in this process and in one transaction a file,
    so that no workflow can be woken in between. Returns seconds and statements."""
    engine = connect(stand.demo.system.database_url, "claimflow_worker", pool_size=1)
    sent: list[None] = []
    event.listen(engine, "before_cursor_execute", lambda *_: sent.append(None))
    began = time.monotonic()
    for name, body in files:
        _post_file(engine, name, body)
    seconds = time.monotonic() - began
    engine.dispose()
    return seconds, len(sent)


def _post_file(engine: Engine, name: str, body: bytes) -> None:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        now = moment(session)
        arrivals.take_in(session, "clearinghouse", name, body, now)
        unposted = session.scalars(select(Remittance).where(Remittance.posted_at.is_(None)))
        for remittance in unposted.all():
            while not post_some(session, remittance, now):
                pass


def _copy(stand: Stand, before: dict[str, int]) -> float:
    connection = psycopg2.connect(libpq_url(stand.demo.system.database_url))
    with connection, connection.cursor() as cursor:
        rows = [_read(cursor, name, before[name]) for name in TABLES]
        for name in TABLES:
            cursor.execute(f"CREATE TABLE bulk_{name} (LIKE {name} INCLUDING ALL)")
    seconds = _write(connection, rows)
    connection.close()
    return seconds


def _read(cursor: "psycopg2.extensions.cursor", name: str, after: int) -> Rows:
    kept = io.StringIO()
    cursor.copy_expert(f"COPY (SELECT * FROM {name} WHERE id > {after}) TO STDOUT", kept)  # noqa: S608
    return Rows(table=f"bulk_{name}", content=kept.getvalue())


def _write(connection: "psycopg2.extensions.connection", rows: Sequence[Rows]) -> float:
    began = time.monotonic()
    with connection, connection.cursor() as cursor:
        for one in rows:
            cursor.copy_expert(f"COPY {one.table} FROM STDIN", io.StringIO(one.content))
    return time.monotonic() - began
