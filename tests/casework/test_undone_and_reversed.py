"""A payer takes back what we are undoing: each of the two takes back an answer of its own."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from casework import answers, eob_undoing
from casework.posting import payer_refunds
from casework.posting.steps import post_some
from casework.refusals import Refused
from db.models import Claim, RemitClaim, Remittance, User
from domain.tasks import TaskKind
from tests.casework import factories
from tests.casework.payer_world import PayerWorld, payer_world
from tests.casework.test_eob_undoing import MEANWHILE, RIGHT, WRONG, undone
from tests.casework.test_keyed_eobs import CHARGE, claim_of, keyed, typed

THEIRS = (("CO", "45", 8500), ("PR", "2", 2500))


def takes_back(world: PayerWorld, claim: Claim) -> Remittance:
    """The payer's own reversal of the answer on paper, which its next file keeps back."""
    judged = world.pays(world.back(claim, *THEIRS), trace="T2", plbs=[("WO", "ICN1", -11000)])
    return world.session.get_one(Remittance, judged.remittance_ids[0])


def postings(world: PayerWorld) -> list[str | None]:
    return list(world.session.scalars(select(RemitClaim.posting).order_by(RemitClaim.id)))


def test_it_waits_for_what_is_keyed_next(world: PayerWorld, balanced: Callable[[], None]) -> None:
    claim = claim_of(world)
    row = keyed(world, typed(world, claim, *RIGHT, paid="110.00"))
    back = eob_undoing.undo(world.session, row, "wrong", world.biller, world.now)
    theirs = takes_back(world, claim)
    before = postings(world)
    while not post_some(world.session, back, world.now):
        pass

    again = keyed(world, typed(world, claim, *RIGHT, paid="110.00"))
    while not post_some(world.session, theirs, world.now):
        pass

    balanced()
    assert before == ["posted", None, "deferred"]
    assert postings(world) == ["posted"] * 4
    assert [answer.reverses_id for answer in (*back.claims, *theirs.claims)] == [
        row.claims[0].id,
        again.claims[0].id,
    ]
    assert world.owed(world.lines(claim)[0]) == CHARGE
    assert "liability:suspense" not in world.balances()


def test_who_is_asked_meanwhile_is_told_to_key_the_paper(world: PayerWorld) -> None:
    claim = claim_of(world)
    undone(world, keyed(world, typed(world, claim, *RIGHT, paid="110.00")))
    theirs = takes_back(world, claim)
    factories.stop_clock(world.session, 6)
    post_some(world.session, theirs, world.now)
    (task,) = world.open_tasks()

    asked = answers.question(world.session, task)
    with pytest.raises(Refused, match="cannot be posted like that"), world.session.begin_nested():
        world.answer(task)
    keyed(world, typed(world, claim, *RIGHT, paid="110.00"))
    words = world.answer(task)

    assert (task.kind, task.details["case"]) == (TaskKind.POSTING_EXCEPTION, "early_reversal")
    assert "key the paper again" in task.reason
    (choice,) = (field for field in asked.fields if field.name == "action")
    assert [(one.value, one.is_recommended) for one in choice.options] == [
        ("post", True),
        ("suspense", False),
    ]
    assert "posted by itself when what it takes back comes or is keyed" in asked.consequences[1]
    assert words == "ALPHA took back its answer ICN1"


def test_whoever_undoes_waits_for_a_reversal_that_is_being_posted(database_url: str) -> None:
    engine = create_engine(database_url)
    said: list[str] = []
    with Session(engine, expire_on_commit=False) as session:
        world = payer_world(session)
        claim = claim_of(world)
        row = keyed(world, typed(world, claim, *WRONG, paid="110.00"))
        session.commit()

        def undo() -> None:
            with Session(engine) as other, other.begin():
                mine = other.get_one(Remittance, row.id)
                by = other.get_one(User, world.biller.id)
                try:
                    eob_undoing.undo(other, mine, "wrong", by, world.now)
                except Refused as refusal:
                    said.append(refusal.problems["because"].words)

        theirs = (("CO", "45", 8500), ("PR", "3", 2500))
        world.pays(world.back(claim, *theirs), trace="T2", plbs=[("WO", "ICN1", -11000)])
        undoing = threading.Thread(target=undo)
        undoing.start()
        undoing.join(MEANWHILE)
        was_waiting = undoing.is_alive()
        session.commit()
        undoing.join()
    engine.dispose()

    assert was_waiting
    assert said == [f"The payer has taken back {world.pcn(claim)} itself."]


def test_who_takes_money_out_of_suspense_and_who_undoes_wait_in_one_order(
    database_url: str,
) -> None:
    """The other order was a deadlock, which ended one of the two."""
    said: list[str] = []
    engine = create_engine(database_url)
    with Session(engine, expire_on_commit=False) as session:
        world = payer_world(session)
        row = keyed(world, typed(world, claim_of(world), *WRONG, paid="110.00"))
        session.commit()

        def undo() -> None:
            with Session(engine) as other, other.begin():
                mine = other.get_one(Remittance, row.id)
                by = other.get_one(User, world.biller.id)
                eob_undoing.undo(other, mine, "wrong", by, world.now)
                said.append("undone")

        payer_refunds.lock_payer(session, row.payer_id)
        undoing = threading.Thread(target=undo)
        undoing.start()
        undoing.join(MEANWHILE)
        was_waiting = undoing.is_alive()
        session.refresh(row, with_for_update={"read": True, "key_share": True})
        session.commit()
        undoing.join()
    engine.dispose()

    assert was_waiting
    assert said == ["undone"]
