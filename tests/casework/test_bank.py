import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import bank
from db.models import BankLine, Entry, Remittance
from tests.casework.payer_world import PayerWorld, originator, payer_world

HEADER = "booked_on,trace,payer_tin,amount_cents,text\n"


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


def line(trace: str = "T1", cents: int = 9000, tin: str | None = None) -> str:
    return f"2026-01-27,{trace},{tin or originator('ALPHA')[1:]},{cents},ACH CREDIT\n"


def pay(world: PayerWorld) -> Remittance:
    claim = world.claim(world.encounter([("99213", 15000)]))
    judged = world.pays(world.answer_of(claim, ("CO", "45", 6000)), trace="T1")
    return world.session.get_one(Remittance, judged.remittance_ids[0])


def take_in(world: PayerWorld, *lines: str, name: str = "bank.csv") -> str:
    content = (HEADER + "".join(lines)).encode()
    return bank.take_in_bank(world.session, name, content, world.now).sentences[0]


def test_a_line_is_matched_by_trace_and_amount_and_moves_no_money(world: PayerWorld) -> None:
    remittance = pay(world)
    before = world.session.scalar(select(func.count(Entry.id)))

    words = take_in(world, line(), line(cents=9001), line(trace="T2"))

    assert words == "bank.csv: 3 new lines of 3, 1 matched."
    assert remittance.bank_matched_at == world.now.at
    assert world.session.scalar(select(func.count(Entry.id))) == before


def test_the_bank_may_be_first(world: PayerWorld) -> None:
    take_in(world, line())

    remittance = pay(world)

    (stored,) = world.session.scalars(select(BankLine))
    assert stored.remittance_id == remittance.id


def test_the_same_lines_in_another_file_are_stored_once(world: PayerWorld) -> None:
    take_in(world, line())

    words = take_in(world, line(), line(trace="T2"), name="next.csv")

    assert words == "next.csv: 1 new lines of 2, 0 matched."


def test_equal_lines_of_one_file_are_two_payments(world: PayerWorld) -> None:
    words = take_in(world, line(), line())

    assert words == "bank.csv: 2 new lines of 2, 0 matched."


def test_two_payers_with_one_trace_are_told_apart_by_their_number(world: PayerWorld) -> None:
    pay(world)
    claim = world.claim(world.encounter([("99213", 15000)], ["BETA"]), "BETA")
    world.pays(world.answer_of(claim, ("CO", "45", 6000)), payer="BETA", trace="T1")

    take_in(world, line(tin=originator("BETA")[1:]))

    matched = world.session.scalars(
        select(Remittance.originator).where(Remittance.bank_matched_at.is_not(None))
    ).all()
    assert matched == [originator("BETA")]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("when,what\n", "line 1"),
        (HEADER + "2026-01-27,T1,1,ninety,x\n", "line 2"),
        (HEADER + line() + "someday,T1,1,9000,x\n", "line 3"),
        (HEADER + "2026-01-27,T1\n", "line 2"),
    ],
)
def test_a_file_that_is_not_the_banks_stores_nothing(
    world: PayerWorld, content: str, place: str
) -> None:
    judged = bank.take_in_bank(world.session, "bank.csv", content.encode(), world.now)

    (task,) = world.open_tasks()
    assert judged.verdict == "quarantined"
    assert judged.sentences[0].startswith(f"bank.csv: {place}: ")
    assert task.kind == "quarantined_file"
    assert world.session.scalar(select(func.count(BankLine.id))) == 0
