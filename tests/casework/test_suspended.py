"""Money in suspense comes out once: to the claim that has turned up, to a new question, or back."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import remittances, subjects, waits
from casework.posting import payer_refunds, suspended
from casework.refusals import Forbidden, Refused
from db.models import Claim, RemitClaim, User, Wait
from domain.encounter import ClaimStage
from domain.ledger import Account
from domain.steps import StepRequest
from domain.tasks import Role
from tests.casework import factories
from tests.casework.payer_files import Clp, Svc
from tests.casework.payer_world import PayerWorld, payer_world

PAID = 9_000


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


def unknown(world: PayerWorld, pcn: str = "PT0001") -> RemitClaim:
    """An answer that names no claim of ours, and whose money a biller has put into suspense."""
    world.payer("ALPHA")
    svc = Svc(code="99213", charge=15_000, reasons=[("CO", "45", 6_000)])
    world.pays(Clp(pcn=pcn, lines=[svc], icn="ICN9"))
    (task,) = world.open_tasks()
    world.answer(task)
    return world.session.scalars(select(RemitClaim)).one()


def place(world: PayerWorld, answer: RemitClaim, by: User | None = None) -> str:
    return suspended.place_again(world.session, answer, by=by or world.biller, now=world.now)


def test_its_claim_has_turned_up_and_is_paid(world: PayerWorld) -> None:
    answer = unknown(world)
    claim = world.claim(world.encounter([("99213", 15_000)]))
    answer.pcn = world.pcn(claim)

    place(world, answer)

    assert claim.stage is ClaimStage.ADJUDICATED
    assert answer.posting == "posted"
    assert world.balances()["cash:bank"] == PAID
    assert not {"liability:suspense", "clearing:ALPHA"} & set(world.balances())


def test_what_still_fits_nowhere_is_asked_about_again_and_may_go_back(world: PayerWorld) -> None:
    answer = unknown(world)

    place(world, answer)
    asked = world.open_tasks()
    between = world.balances()
    world.answer(asked[0])

    assert [task.remit_claim_id for task in asked] == [answer.id]
    assert between == {"cash:bank": PAID, "clearing:ALPHA": -PAID}
    assert world.balances() == {"cash:bank": PAID, "liability:suspense": -PAID}
    assert suspended.standing(world.session, answer) is not None


def look(world: PayerWorld, answer: RemitClaim, days: int = 0) -> list[Wait]:
    """The remittance's workflow looks some days later; what it waits for then."""
    factories.stop_clock(world.session, (world.now.at - factories.DAY_ZERO).days + days)
    key = subjects.remittance_key(answer.remittance)
    remittances.take_step(world.session, StepRequest(subject=key, real_now=dt.datetime.now(dt.UTC)))
    return waits.open_waits(world.session, key)


def test_after_a_month_it_is_asked_about_again(world: PayerWorld) -> None:
    answer = unknown(world)

    (waiting,) = look(world, answer)
    before = world.open_tasks()
    look(world, answer, days=31)
    (asked,) = world.open_tasks()
    world.answer(asked)
    (again,) = look(world, answer, days=1)

    assert (waiting.kind, waiting.what) == ("money", "whose the $90.00 in suspense are")
    assert before == []
    assert asked.remit_claim_id == answer.id
    assert again.until_at > waiting.until_at
    assert world.balances() == {"cash:bank": PAID, "liability:suspense": -PAID}


def test_after_a_month_it_is_posted_to_the_claim_that_has_turned_up(world: PayerWorld) -> None:
    answer = unknown(world)
    look(world, answer)
    claim = world.claim(world.encounter([("99213", 15_000)]))
    answer.pcn = world.pcn(claim)

    left = look(world, answer, days=31)

    assert (left, world.open_tasks()) == ([], [])
    assert claim.stage is ClaimStage.ADJUDICATED


def test_nothing_is_awaited_of_money_that_was_sent_back(world: PayerWorld) -> None:
    answer = unknown(world)
    look(world, answer)
    world.biller.role = Role.SUPERVISOR
    payer_refunds.send(
        world.session, world.payer("ALPHA"), PAID, reference="ICN9", because="Not our patient.",
        by=world.biller, now=world.now, taken_from=Account.SUSPENSE,
    )  # fmt: skip

    assert look(world, answer, days=1) == []


def test_it_comes_out_once(world: PayerWorld) -> None:
    answer = unknown(world)
    place(world, answer)

    with pytest.raises(Refused, match="Nothing of this answer is in suspense"):
        place(world, answer)

    assert world.balances() == {"cash:bank": PAID, "clearing:ALPHA": -PAID}


def test_what_was_sent_back_is_not_there_any_more(world: PayerWorld) -> None:
    answer = unknown(world)
    world.biller.role = Role.SUPERVISOR
    payer_refunds.send(
        world.session, world.payer("ALPHA"), 1, reference="ICN9", because="Not our patient.",
        by=world.biller, now=world.now, taken_from=Account.SUSPENSE,
    )  # fmt: skip

    with pytest.raises(Refused, match=r"Only \$89\.99 of this payer is still in suspense"):
        place(world, answer)

    assert world.balances() == {"cash:bank": PAID - 1, "liability:suspense": -PAID + 1}


def test_no_more_than_is_in_suspense_is_sent_back_from_it(world: PayerWorld) -> None:
    unknown(world)
    world.biller.role = Role.SUPERVISOR

    with pytest.raises(Refused, match=r"has \$90\.00 in suspense"):
        payer_refunds.send(
            world.session, world.payer("ALPHA"), PAID + 1, reference="ICN9", because="Too much.",
            by=world.biller, now=world.now, taken_from=Account.SUSPENSE,
        )  # fmt: skip


def test_a_coder_places_no_money(world: PayerWorld) -> None:
    answer = unknown(world)
    world.biller.role = Role.CODER

    with pytest.raises(Forbidden):
        place(world, answer)


USUAL = (("CO", "45", 6_000),)


def taken(world: PayerWorld, claim: Claim, trace: str = "T9") -> RemitClaim:
    """A payer takes back what never came, and a biller has put that into suspense."""
    judged = world.pays(world.back(claim, *USUAL), trace=trace, plbs=[("WO", "ICN1", -PAID)])
    factories.stop_clock(world.session, 6)
    world.post(judged)
    (task,) = world.open_tasks()
    world.answer(task, action="suspense")
    return world.session.scalars(select(RemitClaim).order_by(RemitClaim.id.desc())).first()  # type: ignore[return-value]


def test_what_was_taken_back_of_nothing_is_not_forgotten(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15_000)]))
    answer = taken(world, claim)

    (waiting,) = look(world, answer)
    world.pays(world.answer_of(claim, *USUAL))
    left = look(world, answer, days=31)

    assert (waiting.kind, waiting.what) == ("money", "of what the payer took $90.00 back")
    assert (left, world.open_tasks()) == ([], [])
    assert answer.posting == "posted"
    assert world.owed(world.lines(claim)[0]) == 15_000
    assert "liability:suspense" not in world.balances()


def test_it_is_asked_about_again_where_nothing_came(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15_000)]))
    answer = taken(world, claim)
    look(world, answer)

    look(world, answer, days=31)

    (asked,) = world.open_tasks()
    assert (asked.details["case"], asked.remit_claim_id) == ("early_reversal", answer.id)


def test_what_came_and_went_in_suspense_is_no_question(world: PayerWorld) -> None:
    came = unknown(world)
    went = taken(world, world.claim(world.encounter([("99213", 15_000)])))

    assert (look(world, came), look(world, went)) == ([], [])
    assert "liability:suspense" not in world.balances()


def test_what_went_hides_nothing_of_what_came(world: PayerWorld) -> None:
    went = taken(world, world.claim(world.encounter([("99213", 15_000)])))
    svc = Svc(code="99213", charge=20_000, reasons=[("CO", "45", 6_000)])
    world.pays(Clp(pcn="PT0001", lines=[svc], icn="ICN9"))
    world.answer(world.open_tasks()[0])
    came = world.session.scalars(select(RemitClaim).order_by(RemitClaim.id.desc())).first()
    assert came is not None

    waiting = [*look(world, went), *look(world, came)]

    assert [wait.what for wait in waiting] == [
        "of what the payer took $90.00 back",
        "whose the $140.00 in suspense are",
    ]
