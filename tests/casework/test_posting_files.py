"""A file of answers is posted once, in parts, with the money that belongs to no claim."""

from sqlalchemy import func, select

from casework.posting.steps import post_some
from db.models import Entry, Remittance, Subject
from tests.casework.payer_files import Clp, Era, remittance_file
from tests.casework.payer_world import PayerWorld, originator


def test_every_answer_is_posted_once_in_bounded_batches(world: PayerWorld) -> None:
    claims = [world.claim(world.encounter([("99213", 10000)])) for _ in range(7)]
    answers = [world.answer_of(claim, ("CO", "45", 4000)) for claim in claims]
    judged = world.pays(*answers[:1], trace="FIRST")
    posted = world.session.scalar(select(func.count(Entry.id)))
    era_file = _file(world, answers[1:])
    judged = world.take_in(era_file)

    steps = world.post(judged, limit=2)
    again = world.post(judged, limit=2)

    assert (steps, again) == (4, 1)
    # Six answers and the payment itself.
    assert world.session.scalar(select(func.count(Entry.id))) == (posted or 0) + 7
    assert world.balances()["cash:bank"] == 7 * 6000


def test_a_reversal_stays_with_its_correction_at_the_edge_of_a_batch(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 10000)]))
    world.pays(world.answer_of(claim, ("CO", "45", 4000)))
    back = world.back(claim, ("CO", "45", 4000))
    again = world.answer_of(claim, ("CO", "45", 3000), icn="ICN2")
    other = world.answer_of(world.claim(world.encounter([("99213", 10000)])), ("CO", "45", 4000))

    judged = world.take_in(_file(world, [other, back, again]))
    remittance = world.session.get_one(Remittance, judged.remittance_ids[0])
    post_some(world.session, remittance, world.now, 2)

    assert claim.outcome == "paid"
    assert world.owed(world.lines(claim)[0]) == 0


def _file(world: PayerWorld, answers: list[Clp]) -> bytes:
    era = Era(claims=answers, payer="ALPHA", originator=originator("ALPHA"), trace="MANY")
    return remittance_file(era, isa=900)


def test_interest_and_what_is_kept_back_have_accounts_of_their_own(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("43239", 50000)]))

    world.pays(
        world.answer_of(claim, ("CO", "45", 18000)),
        plbs=[("L6", "ICN1", -473), ("WO", "OLD", 1000), ("CS", "ODD", 200), ("CT", "CAP", -5000)],
    )

    assert world.balances() == {
        "revenue:charges": -50000,
        "adj:contractual": 18000,
        "cash:bank": 32000 + 473 - 1000 - 200 + 5000,
        "income:interest": -473,
        "liability:payer_offset:ALPHA": 1000,
        "liability:suspense": 200,
        "revenue:capitation": -5000,
    }


def test_a_posted_remittance_is_closed_and_says_when(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 20000)]))

    judged = world.pays(world.answer_of(claim, ("CO", "45", 7000)))

    remittance = world.session.get_one(Remittance, judged.remittance_ids[0])
    assert remittance.posted_at == world.now.at
    assert not world.session.get_one(Subject, f"remittance:{remittance.id}").is_open
