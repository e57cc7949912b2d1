"""What was audited, booked or told stays as it was: neither pages nor workers can change it."""

from collections.abc import Iterator
from typing import get_args

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from db.engine import DatabaseRole, connect

TABLES = ("audit_event", "entry", "posting", "journal", "task_log")
CHANGES = {
    "audit_event": "UPDATE audit_event SET words = ''",
    "entry": "UPDATE entry SET words = ''",
    "posting": "UPDATE posting SET cents = 1",
    "journal": "UPDATE journal SET words = ''",
    "task_log": "UPDATE task_log SET words = ''",
}


@pytest.fixture(scope="module", params=get_args(DatabaseRole))
def engine(request: pytest.FixtureRequest, module_database_url: str) -> Iterator[Engine]:
    made = connect(module_database_url, request.param)
    yield made
    made.dispose()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("what", ["update", "delete", "truncate"])
def test_a_process_cannot_change_the_record(engine: Engine, table: str, what: str) -> None:
    statement = {
        "update": CHANGES[table],
        "delete": f"DELETE FROM {table}",
        "truncate": f"TRUNCATE {table}",
    }[what]

    with engine.connect() as connection, pytest.raises(DBAPIError) as refused:
        connection.execute(text(statement))

    assert "permission denied" in str(refused.value.orig)


def test_not_even_the_owner_changes_what_was_audited(module_database_url: str) -> None:
    owner = create_engine(module_database_url)
    add = (
        "INSERT INTO audit_event (action, object_kind, object_key, outcome, words)"
        " VALUES ('read', 'encounter', 'E1', 'allowed', 'opened')"
    )

    with owner.connect() as connection:
        connection.execute(text(add))
        with pytest.raises(DBAPIError):
            connection.execute(text("DELETE FROM audit_event"))
    owner.dispose()
