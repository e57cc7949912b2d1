"""A file cut anywhere posts no row: it is quarantined with one task, until it comes whole."""

import os
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    Ack,
    Denial,
    Entry,
    PayerAlias,
    Posting,
    RemitClaim,
    Remittance,
    Submission,
    Task,
)
from tests.casework.payer_files import Era, ack_277ca, ack_999, remittance_file
from tests.casework.payer_world import PayerWorld, originator, payer_world

CUTS = 40
_ORIGINATOR = re.compile(rb"TRN.1.[^*|~]*.([0-9A-Za-z]+)")
_EFFECTS = (Remittance, RemitClaim, Entry, Posting, Denial, Ack)


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


@pytest.fixture
def x12_files() -> Path:
    checkout = Path(__file__).resolve().parents[2]
    folder = Path(os.environ.get("CLAIMFLOW_TESTDATA", checkout.parent / "shared/testdata")) / "x12"
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing: set CLAIMFLOW_TESTDATA to the folder of sample files.")
    return folder


@pytest.fixture
def claims_835(world: PayerWorld) -> bytes:
    """Two claims, one denied line, and an adjustment of the provider."""
    first, second = (world.claim(world.encounter([("99213", 15000)])) for _ in range(2))
    answers = [
        world.answer_of(first, ("CO", "45", 6000)),
        world.answer_of(second, ("CO", "45", 6000), ("CO", "50", 9000)),
    ]
    era = Era(
        claims=answers, payer="ALPHA", originator=originator("ALPHA"), plbs=[("CS", "X1", 500)]
    )
    return remittance_file(era, isa=77)


def test_an_835_cut_anywhere_posts_no_row_and_is_one_task(
    world: PayerWorld, claims_835: bytes
) -> None:
    before = _counts(world.session)

    for cut in _cuts(claims_835):
        _take_in_and_forget(world, claims_835[:cut], before)

    world.post(world.take_in(claims_835))
    assert _counts(world.session)["Remittance"] == 1
    assert world.balances()["cash:bank"] == 8500


def test_acknowledgments_cut_anywhere_change_no_claim(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    submission = world.session.scalars(select(Submission)).one()
    world.batch(41, submission)
    before = _counts(world.session)

    for whole in (ack_999(41, "R"), ack_277ca([(submission.pcn, "A7", None)])):
        for cut in _cuts(whole):
            _take_in_and_forget(world, whole[:cut], before)

    assert (claim.stage, submission.ack_status) == ("accepted", None)


def test_outside_835s_cut_anywhere_post_no_row(world: PayerWorld, x12_files: Path) -> None:
    """Their payers are made ours, so that nothing but the cut keeps them out."""
    for path in sorted(x12_files.glob("*835*")):
        data = path.read_bytes()
        _know_payers_of(world, data)
        before = _counts(world.session)
        for cut in random.Random(path.name).sample(range(106, _end(data)), 4):
            _take_in_and_forget(world, data[:cut], before)


def _take_in_and_forget(world: PayerWorld, damaged: bytes, before: dict[str, int]) -> None:
    savepoint = world.session.begin_nested()
    judged = world.take_in(damaged)

    assert judged.verdict == "quarantined", damaged[-40:]
    assert judged.remittance_ids == ()
    assert _counts(world.session) == before | {"Task": before["Task"] + 1}
    savepoint.rollback()
    world.session.expire_all()


def _cuts(data: bytes) -> Sequence[int]:
    """Each end of a segment, with and without its terminator, and seeded places between."""
    ends = [found.start() + more for found in re.finditer(b"~", data) for more in (0, 1)]
    places = [*ends, *random.Random(835).sample(range(1, len(data)), CUTS)]
    return sorted({place for place in places if place < _end(data)})


def _end(data: bytes) -> int:
    """After the last digit of the first IEA: what is cut behind it was no loss."""
    found = re.search(rb"IEA.\d+.\d+", data)
    assert found
    return found.end()


def _know_payers_of(world: PayerWorld, data: bytes) -> None:
    payer = world.payer("ALPHA")
    for found in set(_ORIGINATOR.findall(data)):
        alias = found.decode()
        if world.session.get(PayerAlias, alias) is None:
            world.session.add(PayerAlias(alias=alias, payer_id=payer.id))
    world.session.flush()


def _counts(session: Session) -> dict[str, int]:
    return {
        row.__name__: session.scalar(select(func.count()).select_from(row)) or 0
        for row in (*_EFFECTS, Task)
    }
