"""How much memory a large 835 takes until it is stored: its own bytes, and little that grows."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from bench.big_files import write_remittance
from bench.child import MEGABYTE, run_child
from db.models import PayerAlias
from tests.casework.payer_world import payer_world

FEW, MANY = 2_000, 10_000
# The bytes themselves, and once more on their way to the database in pieces.
TIMES_THE_FILE_MAX = 2.5


@pytest.fixture
def seeded_url(database_url: str) -> str:
    engine = create_engine(database_url)
    with Session(engine) as session, session.begin():
        world = payer_world(session)
        session.add(PayerAlias(alias="60101", payer_id=world.payer("ALPHA").id))
    engine.dispose()
    return database_url


def test_memory_grows_by_the_bytes_of_the_file_and_not_by_its_claims(
    seeded_url: str, tmp_path: Path
) -> None:
    (small, little), (large, much) = (_took(seeded_url, tmp_path, n) for n in (FEW, MANY))

    assert much - little < TIMES_THE_FILE_MAX * (large - small)


def _took(url: str, folder: Path, claims: int) -> tuple[float, float]:
    """Megabytes of the file, and the most that a process of its own held to take it in."""
    path = folder / f"{claims}.835"
    write_remittance(path, claims)
    told = run_child("intake", path, url)
    assert told.claims == claims
    return path.stat().st_size / MEGABYTE, told.megabytes
