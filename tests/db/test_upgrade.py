"""A practice that began with the first release keeps every row through every later migration, and
ends with the very schema that the models say."""

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

import db.models  # noqa: F401  (fills the metadata)
from db.base import Base
from db.upgrade import MIGRATIONS, upgrade
from tests.db.conftest import FIRST
from tests.db.schema import asking, columns, described, orphans, rows
from verify.main import run

# What a migration moves or adds on purpose, and where a test below looks at it.
MOVED = {"0004": {"setting"}}
# Later migrations change these; an upgrade that meets no row of them proves nothing.
TOUCHED = (
    "ack", "appeal_case", "billing_entity", "charge_line", "claim", "contract_term",
    "fee_schedule_item", "location", "outbox", "patient", "payer", "payer_route",
    "remit_adjustment", "remit_claim", "remittance", "setting", "submission", "subscriber", "task",
)  # fmt: skip


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return [each.revision for each in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def test_migrations_are_one_line_in_the_order_of_their_numbers() -> None:
    found = revisions()

    assert found[0] == FIRST
    assert found == sorted(found)


def test_the_first_releases_data_is_in_every_table_that_was_changed_since(
    first_release: str,
) -> None:
    held = rows(first_release, columns(first_release))

    assert [table for table in TOUCHED if held[table][0] == 0] == []


def test_every_row_is_whole_after_each_migration_alone(first_release: str) -> None:
    known = columns(first_release)
    before = rows(first_release, known)
    for revision in revisions()[1:]:
        upgrade(first_release, to=revision)
        after = rows(first_release, known)

        changed = {table for table in known if after[table] != before[table]}
        assert changed == MOVED.get(revision, set()), revision
        assert orphans(first_release) == [], revision
        before = after


def test_an_upgraded_practice_keeps_every_promise(first_release: str) -> None:
    upgrade(first_release)

    report = run(first_release)

    assert report.ok, report.in_words()
    with asking(first_release) as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE NOT convalidated")
        assert cursor.fetchall() == []


def test_the_one_route_of_the_first_release_says_what_its_settings_said(
    first_release: str,
) -> None:
    with asking(first_release) as cursor:
        cursor.execute(
            "INSERT INTO setting (name, value) VALUES ('sender_id', '{\"value\": \"CEDAR\"}') "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        )

    upgrade(first_release)

    with asking(first_release) as cursor:
        cursor.execute("SELECT name, sender_id, usage, batch_claims_max FROM route")
        assert cursor.fetchall() == [("clearinghouse", "CEDAR", "T", 50)]
        cursor.execute("SELECT count(*) FROM setting WHERE name = 'sender_id'")
        assert cursor.fetchall() == [(0,)]


@pytest.mark.parametrize("begins", ["empty", "first release"])
def test_the_newest_schema_is_what_the_models_say(
    begins: str, request: pytest.FixtureRequest, database_url: str
) -> None:
    """Of an upgraded database as of a new one; `database_url` becomes one made from the models."""
    url = request.getfixturevalue("empty_url" if begins == "empty" else "first_release")
    upgrade(url)
    engine = create_engine(database_url)
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    engine.dispose()

    migrated, modelled = described(url), described(database_url)

    different = {key for key in migrated | modelled if migrated.get(key) != modelled.get(key)}
    assert {key: (migrated.get(key), modelled.get(key)) for key in different} == {}


@pytest.mark.parametrize("role", ["claimflow_web", "claimflow_worker"])
def test_a_large_file_comes_in_where_the_public_may_make_no_temporary_table(
    first_release: str, role: str
) -> None:
    with asking(first_release) as cursor:
        cursor.execute(
            "DO $$ BEGIN EXECUTE format("
            "'REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$"
        )

    upgrade(first_release)

    with asking(first_release) as cursor:
        cursor.execute(f"SET ROLE {role}")
        cursor.execute("CREATE TEMPORARY TABLE incoming (content bytea)")
        cursor.execute("RESET ROLE")
