"""Answers that were set aside are tried again part by part, as if it were all at once."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, text, update
from sqlalchemy.orm import Session

from bench.big_files import write_remittance
from casework.posting.steps import post_some
from db.models import PayerAlias, RemitClaim, Remittance, RoomMade
from tests.casework.payer_files import Clp, Svc
from tests.casework.payer_world import PayerWorld, payer_world

USUAL = (("CO", "45", 13000), ("PR", "3", 2000))
CLAIMS = 1_000


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


def test_an_answer_late_in_the_round_makes_room_for_the_first_of_it(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 25000)]))
    world.pays(world.answer_of(claim, *USUAL))
    last = world.answer_of(claim, ("CO", "45", 9000), icn="ICN3")
    back = world.back(claim, ("CO", "45", 10000), icn="ICN2")
    early = world.sends(last, *_strangers(3), back)
    world.post(early, limit=1)
    set_aside = _postings(world, early.remittance_ids[0])

    again = world.answer_of(claim, ("CO", "45", 10000), icn="ICN2")
    world.pays(world.back(claim, *USUAL), again)
    world.post(early, limit=1)

    assert set_aside == ["deferred", *["exception"] * 3, "deferred"]
    assert _postings(world, early.remittance_ids[0]) == ["posted", *["exception"] * 3, "posted"]
    assert world.owed(world.lines(claim)[0]) == 0


def test_room_that_is_made_in_the_middle_of_a_round_is_not_missed(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 25000)]))
    early = world.sends(world.back(claim, *USUAL), *_strangers(4))
    world.post(early, limit=1)
    remittance = world.session.get_one(Remittance, early.remittance_ids[0])

    is_done = post_some(world.session, remittance, world.now, 1)
    passed = remittance.tried_to
    world.pays(world.answer_of(claim, *USUAL))
    world.post(early, limit=1)

    # The reversal, and what a payer would have put behind it.
    assert (is_done, passed) == (False, 2)
    assert _postings(world, remittance.id) == ["posted", *["exception"] * 4]
    assert (remittance.tried_to, remittance.round_moved) == (0, False)
    assert world.session.scalar(select(func.count(RoomMade.id))) == 0


def test_a_step_costs_the_same_however_many_were_set_aside(world: PayerWorld) -> None:
    world.payer("ALPHA")
    few, many = (world.sends(*_strangers(count)) for count in (10, 60))
    for judged in (few, many):
        world.post(judged)

    costs = [len(_statements(world, judged.remittance_ids[0], 5)) for judged in (few, many)]

    assert costs[0] == costs[1]


def test_what_is_left_is_found_without_reading_what_was_posted(
    world: PayerWorld, tmp_path: Path
) -> None:
    world.session.add(PayerAlias(alias="60101", payer_id=world.payer("ALPHA").id))
    world.session.flush()
    write_remittance(tmp_path / "large.835", CLAIMS)
    judged = world.take_in((tmp_path / "large.835").read_bytes())
    world.session.execute(
        update(RemitClaim).where(RemitClaim.ordinal < CLAIMS).values(posting="posted")
    )
    world.session.execute(text("ANALYZE remit_claim"))

    sent = _statements(world, judged.remittance_ids[0], 2)

    (fresh,) = [one for one in sent if _is_about(one[0], "posting IS NULL")]
    (aside,) = [one for one in sent if _is_about(one[0], "ordinal >")]
    assert "ix_remit_claim_fresh" in _plan(world, fresh)
    assert "ix_remit_claim_set_aside" in _plan(world, aside)


def _strangers(count: int) -> list[Clp]:
    """Answers to claims that are not ours; each pays enough for a reversal beside them."""
    line = Svc(charge=15000)
    return [Clp(pcn=f"NOT-OURS-{n}", icn=f"X{n}", lines=[line]) for n in range(count)]


def _postings(world: PayerWorld, remittance_id: int) -> list[str | None]:
    of_it = select(RemitClaim.posting).where(RemitClaim.remittance_id == remittance_id)
    return list(world.session.scalars(of_it.order_by(RemitClaim.ordinal)))


def _statements(world: PayerWorld, remittance_id: int, limit: int) -> list[tuple[str, Any]]:
    """What one step sends to the database."""
    sent: list[tuple[str, Any]] = []

    def note(*told: Any) -> None:
        sent.append((told[2], told[3]))

    remittance = world.session.get_one(Remittance, remittance_id)
    connection = world.session.connection()
    world.session.expire_all()
    event.listen(connection, "before_cursor_execute", note)
    post_some(world.session, remittance, world.now, limit)
    event.remove(connection, "before_cursor_execute", note)
    return sent


def _is_about(statement: str, words: str) -> bool:
    return words in statement and "remit_claim.remittance_id =" in statement


def _plan(world: PayerWorld, sent: tuple[str, Any]) -> str:
    rows = world.session.connection().exec_driver_sql(f"EXPLAIN {sent[0]}", sent[1])
    return "\n".join(row[0] for row in rows)
