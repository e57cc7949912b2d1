"""A claim that is answered again, late, or while something else is asked about it."""

from casework import subjects, tasks
from domain.encounter import ClaimStage, Stage
from domain.tasks import TaskKind
from tests.casework.payer_files import Clp, Svc
from tests.casework.payer_world import PayerWorld


def test_a_duplicate_leaves_the_claim_waiting_for_its_own_answer(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 14000)]))
    first = world.pcn(claim)
    world.submit(claim, again=True)
    line = world.lines(claim)[0]

    world.pays(world.answer_of(claim, ("OA", "18", 14000), icn="ICN2"))
    stage_between = claim.stage
    paid = Svc(code=line.code, charge=14000, reasons=[("CO", "45", 5200)], control=f"L{line.id}")
    world.pays(Clp(pcn=first, lines=[paid]))

    assert stage_between is ClaimStage.ACCEPTED
    assert claim.stage is ClaimStage.ADJUDICATED
    assert world.denials() == []
    assert world.balances()["cash:bank"] == 8800


def test_a_duplicate_of_what_was_answered_meanwhile_ends_the_wait(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 14000)]))
    world.pays(world.answer_of(claim, ("CO", "45", 5200)))
    world.submit(claim, again=True)
    claim.stage = ClaimStage.ACCEPTED

    world.pays(world.answer_of(claim, ("OA", "18", 14000), icn="ICN2"))

    assert claim.stage is ClaimStage.ADJUDICATED
    assert (claim.outcome, claim.payer_claim_number) == ("paid", "ICN1")
    assert world.balances()["cash:bank"] == 8800


def test_a_new_answer_without_reversal_ends_the_earlier_denial(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 20000)]))
    world.pays(world.answer_of(claim, ("CO", "16", 20000)))
    world.submit(claim)
    claim.stage = ClaimStage.ACCEPTED

    world.pays(world.answer_of(claim, ("CO", "45", 7000), icn="ICN2"))

    assert world.denials() == [("CO", "16", 20000, "resolved")]
    assert claim.payer_claim_number == "ICN2"


def test_money_that_moves_after_the_end_opens_the_encounter_again(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 20000)]))
    world.pays(world.answer_of(claim, ("CO", "45", 7000)))
    made = claim.encounter
    made.stage, made.ended_at, claim.stage = Stage.CLOSED, world.now.at, ClaimStage.SETTLED
    subject = subjects.lock(world.session, subjects.encounter_key(made))
    subject.is_open = False

    world.pays(world.back(claim, ("CO", "45", 7000)))

    world.session.refresh(made)
    assert (made.stage, made.ended_at is None) == (Stage.CLAIMS, True)
    assert subject.is_open
    assert (claim.stage, claim.outcome) == (ClaimStage.ADJUDICATED, "reversed")


def test_an_answer_ends_a_rejection_that_was_still_asked_about(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 20000)]), stage=ClaimStage.REJECTED)
    tasks.open_task(
        world.session,
        TaskKind.REJECTION,
        subject=subjects.encounter_key(claim.encounter),
        cause="x",
        title="Rejected",
        reason="x",
        now=world.now,
        waits_in_claim=claim.id,
        claim_id=claim.id,
    )

    world.pays(world.answer_of(claim, ("CO", "45", 7000)))

    assert world.open_tasks() == []
    assert claim.stage is ClaimStage.ADJUDICATED
