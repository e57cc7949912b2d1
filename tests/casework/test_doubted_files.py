"""A file with days that nobody can have meant, or a byte that stands for nothing, is taken in as it
stands: what is doubted is said with the file, and nothing of it is lost."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.inbox import Verdict
from db.models import RawFile, RemitClaim, Remittance
from tests.casework.payer_files import Era, ack_277ca, remittance_file
from tests.casework.payer_world import PayerWorld, originator, payer_world

PAID = ("CO", "45", 6_000)


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


def paid_file(world: PayerWorld) -> bytes:
    claim = world.claim(world.encounter([("99213", 15_000)]))
    era = Era(claims=[world.answer_of(claim, PAID)], originator=originator("ALPHA"))
    return remittance_file(era)


@pytest.mark.parametrize("day", [b"00010101", b"99991231"])
@pytest.mark.parametrize("right", [b"20260126", b"20260105"])
def test_a_payment_or_a_service_of_an_odd_day_is_posted_and_said(
    world: PayerWorld, day: bytes, right: bytes
) -> None:
    content = paid_file(world)
    assert right in content

    judged = world.take_in(content.replace(right, day))
    world.post(judged)

    assert judged.verdict is Verdict.TAKEN
    file = world.session.get_one(RawFile, judged.raw_file_id)
    assert f"says a day of the year {int(day[:4])}. Nothing is held back for it." in file.words
    assert world.session.scalars(select(RemitClaim.posting)).all() == ["posted"]
    assert world.balances()["cash:bank"] == 9_000


def test_a_byte_that_stands_for_nothing_costs_no_answer(world: PayerWorld) -> None:
    content = paid_file(world)
    start = content.index(b"N1*PE*") + len(b"N1*PE*")

    judged = world.take_in(content[:start] + b"\0" + content[start:])

    assert judged.verdict is Verdict.TAKEN
    file = world.session.get_one(RawFile, judged.raw_file_id)
    assert "A byte that stands for nothing (NUL) is in it" in file.words
    assert len(world.session.scalars(select(Remittance)).all()) == 1


def test_an_acknowledgment_of_an_odd_day_is_heard(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15_000)]))
    content = ack_277ca([(world.pcn(claim), "A2", "ICN7")])

    judged = world.take_in(content.replace(b"DTP*009*D8*20260106", b"DTP*009*D8*00010101"))

    assert judged.verdict is Verdict.TAKEN
    assert any("1 accepted" in each for each in judged.sentences)
    assert any("year 1." in each for each in judged.sentences)
