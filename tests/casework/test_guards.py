"""What the database refuses whatever the application does."""

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casework import audit, ledger, subjects, tasks
from casework.moment import moment
from domain.ledger import Account, LedgerEntry, Leg
from domain.tasks import Role, TaskKind
from tests.casework import factories

APPEND_ONLY = ("entry", "posting", "audit_event", "journal", "task_log")
ROLES = ("claimflow_web", "claimflow_worker")


@pytest.fixture(scope="module")
def books(module_database_url: str) -> Iterator[Engine]:
    """Committed books: an entry, a journal, a task's log and an audit."""
    engine = create_engine(module_database_url)
    with Session(engine) as session:
        factories.practice(session)
        now = moment(session)
        ana = factories.user(session, "Ana", Role.BILLER)
        subject = subjects.ensure(session, "file:1", now)
        subjects.record(session, subject, "taken", "Taken in", now)
        tasks.open_task(
            session, TaskKind.QUARANTINED_FILE, subject=subject.key, cause="c", title="t",
            reason="r", now=now,
        )  # fmt: skip
        audit.record(session, ana, "read", "task", "1")
        ledger.post(session, entry("first", 100, -100))
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture
def connection(books: Engine) -> Iterator[Connection]:
    with books.connect() as connection:
        yield connection
        connection.rollback()


def entry(key: str, *cents: int) -> LedgerEntry:
    day = dt.date(2026, 1, 5)
    legs = tuple(Leg(account=Account.CASH_BANK, cents=each) for each in cents)
    return LedgerEntry(
        effect_key=key, source="test", words="-", service_on=None, deposit_on=None, posted_on=day,
        legs=legs,
    )  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_application_may_change_nothing_that_is_append_only(
    connection: Connection, role: str, table: str
) -> None:
    connection.execute(text(f"SET ROLE {role}"))
    column = {"entry": "words", "posting": "account", "audit_event": "words"}.get(table, "words")

    for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="permission denied"), connection.begin_nested():
            connection.execute(text(statement))


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_not_even_the_owner_changes_what_is_append_only(connection: Connection, table: str) -> None:
    column = "account" if table == "posting" else "words"

    for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="append-only"), connection.begin_nested():
            connection.execute(text(statement))


def test_an_unbalanced_entry_is_refused_at_commit(connection: Connection) -> None:
    _insert_entry(connection, "off by one")
    for cents in (100, -99):
        _insert_posting(connection, "off by one", cents)

    with pytest.raises(DBAPIError, match="off by 1 cents over 2 postings"):
        connection.commit()


def test_an_entry_without_legs_is_refused_at_commit(connection: Connection) -> None:
    _insert_entry(connection, "empty")

    with pytest.raises(DBAPIError, match="over 0 postings"):
        connection.commit()


def test_a_late_posting_is_refused_though_it_balances(connection: Connection) -> None:
    with pytest.raises(DBAPIError, match="is closed"):
        _insert_posting(connection, "first", 5)


def test_an_effect_is_posted_once(books: Engine) -> None:
    with Session(books) as session:
        was_posted = ledger.post(session, entry("first", 100, -100))
        count = session.scalar(text("SELECT count(*) FROM entry WHERE effect_key = 'first'"))

    assert (was_posted, count) == (False, 1)


def test_an_effect_key_is_unique_in_the_database(connection: Connection) -> None:
    with pytest.raises(DBAPIError, match="uq_entry_effect_key"):
        _insert_entry(connection, "first")


def test_a_revision_is_written_once(connection: Connection) -> None:
    with pytest.raises(DBAPIError, match="pk_journal"):
        connection.execute(text("INSERT INTO journal SELECT * FROM journal"))


def _insert_entry(connection: Connection, key: str) -> None:
    connection.execute(
        text(
            "INSERT INTO entry (effect_key, source, words, posted_on, period)"
            " VALUES (:key, 'test', '-', '2026-01-05', '2026-01')"
        ),
        {"key": key},
    )


def _insert_posting(connection: Connection, key: str, cents: int) -> None:
    connection.execute(
        text(
            "INSERT INTO posting (entry_id, account, cents)"
            " SELECT id, 'cash:bank', :cents FROM entry WHERE effect_key = :key"
        ),
        {"key": key, "cents": cents},
    )
