from collections.abc import Callable

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework import subjects, waits
from casework.posting.steps import post_some
from db.models import (
    AppealCase,
    AppealCaseDenial,
    Claim,
    Denial,
    Entry,
    RemitClaim,
    Remittance,
    Wake,
)
from db.models import Task as TaskRow
from domain.denials import DenialStatus
from domain.encounter import ClaimStage
from tests.casework import factories
from tests.casework.payer_files import Clp, Svc
from tests.casework.payer_world import PayerWorld, payer_world

USUAL = (("CO", "45", 13000), ("PR", "3", 2000))


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


def test_a_reversal_takes_back_leg_by_leg_what_was_posted(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    claim = world.claim(world.encounter([("99214", 25000)]))
    world.pays(world.answer_of(claim, *USUAL))

    world.pays(world.back(claim, *USUAL), plbs=[("WO", "ICN1", -10000)])

    balanced()
    original, contra = _entries(world, claim)
    assert contra.reverses_id == original.id
    assert [(p.account, p.cents, p.payer_id) for p in contra.postings] == [
        (p.account, -p.cents, p.payer_id) for p in original.postings
    ]
    assert world.owed(world.lines(claim)[0]) == 25000
    assert world.lines(claim)[0].payer_id == claim.payer_id


def test_a_reversal_and_its_correction_leave_only_the_correction(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 25000)]), expected={"99214": 15000})
    world.pays(world.answer_of(claim, *USUAL))
    underpaid = world.denials()

    world.pays(
        world.back(claim, *USUAL),
        world.answer_of(claim, ("CO", "45", 10000), ("PR", "3", 2000), icn="ICN2"),
    )

    assert underpaid == [("CO", "45", 3000, "open")]
    assert world.denials() == [("CO", "45", 3000, "resolved")]
    assert world.balances() == {
        "revenue:charges": -25000,
        "adj:contractual": 10000,
        "ar:patient": 2000,
        "cash:bank": 13000,
    }
    assert (claim.stage, claim.outcome) == (ClaimStage.ADJUDICATED, "paid")


def test_a_reversal_takes_the_share_back_from_the_payer_it_went_to(world: PayerWorld) -> None:
    made = world.encounter([("99214", 25000)], ["ALPHA", "BETA"])
    claim = world.claim(made)
    world.pays(world.answer_of(claim, *USUAL))
    moved = world.owed(made.charge_lines[0], "BETA")

    world.pays(world.back(claim, *USUAL), plbs=[("WO", "ICN1", -10000)])

    assert moved == 2000
    assert world.owed(made.charge_lines[0], "BETA") == 0
    assert world.owed(made.charge_lines[0], "ALPHA") == 25000


def test_a_reversal_that_came_too_early_waits_for_what_it_takes_back(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 25000)]))
    early = world.pays(world.back(claim, *USUAL), plbs=[("WO", "ICN1", -10000)])
    kept = (_answers(world)[0].posting, world.open_tasks())

    world.pays(world.answer_of(claim, *USUAL))
    world.post(early)

    assert kept == ("deferred", [])
    assert [answer.posting for answer in _answers(world)] == ["posted", "posted"]
    assert world.owed(world.lines(claim)[0]) == 25000


def test_a_waiting_reversal_is_asked_about_after_three_business_days(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 25000)]))
    early = world.pays(world.back(claim, *USUAL), plbs=[("WO", "ICN1", -10000)])
    remittance = world.session.get_one(Remittance, early.remittance_ids[0])
    unposted = remittance.posted_at

    factories.stop_clock(world.session, 3)
    world.post(early)
    on_the_third_day = world.open_tasks()
    factories.stop_clock(world.session, 4)
    world.post(early)

    assert unposted is None
    assert on_the_third_day == []
    assert [task.details["case"] for task in world.open_tasks()] == ["early_reversal"]
    assert remittance.posted_at == world.now.at


def test_a_question_is_withdrawn_when_what_was_missing_comes_after_all(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 25000)]))
    early = world.pays(world.back(claim, *USUAL), plbs=[("WO", "ICN1", -10000)])
    factories.stop_clock(world.session, 4)
    world.post(early)
    asked = [task.details["case"] for task in world.open_tasks()]
    world.session.execute(delete(Wake))

    world.pays(world.answer_of(claim, *USUAL))
    woken = list(world.session.scalars(select(Wake.subject)))
    world.post(early)

    assert asked == ["early_reversal"]
    assert f"remittance:{early.remittance_ids[0]}" in woken
    assert world.open_tasks() == []
    assert [answer.posting for answer in _answers(world)] == ["posted", "posted"]
    assert world.owed(world.lines(claim)[0]) == 25000


def test_nobody_is_asked_while_an_answer_about_it_is_here_and_not_posted(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 25000)]))
    early = world.pays(world.back(claim, *USUAL), plbs=[("WO", "ICN1", -10000)])
    factories.stop_clock(world.session, 4)
    late = world.sends(world.answer_of(claim, *USUAL))

    world.post(early)
    while_unposted = (_answers(world)[0].posting, world.open_tasks())
    world.post(late)
    world.post(early)

    assert while_unposted == ("deferred", [])
    assert [answer.posting for answer in _answers(world)] == ["posted", "posted"]
    assert world.open_tasks() == []


def test_a_correction_that_overtook_its_reversal_waits_for_it(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 25000)]))
    world.pays(world.answer_of(claim, *USUAL))
    early = world.pays(world.answer_of(claim, ("CO", "45", 10000), icn="ICN2"))
    kept = world.balances()["cash:bank"], world.balances()["clearing:ALPHA"]

    world.pays(world.back(claim, *USUAL), plbs=[("WO", "ICN1", -10000)])
    world.post(early)

    assert kept == (25000, -15000)
    assert "clearing:ALPHA" not in world.balances()
    assert world.owed(world.lines(claim)[0]) == 0
    assert world.open_tasks() == []


def test_a_reversal_of_other_amounts_is_asked_about_and_changes_nothing(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 25000)]))
    world.pays(world.answer_of(claim, *USUAL))

    world.pays(world.back(claim, ("CO", "45", 12000), ("PR", "3", 2000)))

    (task,) = world.open_tasks()
    assert task.details["case"] == "reversal_differs"
    assert world.owed(world.lines(claim)[0]) == 0
    assert claim.outcome == "paid"


def test_an_answer_is_taken_back_once(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 25000)]))
    world.pays(world.answer_of(claim, *USUAL))
    world.pays(world.back(claim, *USUAL), plbs=[("WO", "ICN1", -10000)])

    world.pays(world.back(claim, *USUAL), plbs=[("WO", "ICN1", -10000)])

    assert [answer.posting for answer in _answers(world)] == ["posted", "posted", "deferred"]
    assert world.owed(world.lines(claim)[0]) == 25000


def test_a_payer_may_take_back_under_the_same_number_again_and_again(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 25000)]))
    world.pays(world.answer_of(claim, *USUAL))
    world.pays(world.back(claim, *USUAL), world.answer_of(claim, ("CO", "45", 11000)))

    world.pays(world.back(claim, ("CO", "45", 11000)), world.answer_of(claim, ("CO", "45", 9000)))

    assert world.balances()["adj:contractual"] == 9000
    assert world.balances()["cash:bank"] == 16000
    assert world.open_tasks() == []


def test_a_reversal_of_a_refusal_posts_nothing_and_ends_the_denial(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 20000)]))
    world.pays(world.answer_of(claim, ("CO", "16", 20000)))
    before = world.balances()

    world.pays(world.back(claim, ("CO", "16", 20000)))

    assert world.balances() == before
    assert world.denials() == [("CO", "16", 20000, "resolved")]


def test_a_lone_reversal_leaves_a_claim_that_waits_for_its_answer(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 20000)]))
    world.pays(world.answer_of(claim, ("CO", "16", 20000)))
    world.submit(claim)
    claim.stage = ClaimStage.ACCEPTED

    world.pays(world.back(claim, ("CO", "16", 20000)))

    assert claim.stage is ClaimStage.ACCEPTED


def test_equal_lines_are_each_taken_back_once(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    made = world.encounter([("99213", 10000), ("99213", 10000)])
    claim = world.claim(made)
    forward = [Svc(charge=10000, reasons=[("CO", "45", 4000)]) for _ in range(2)]
    backward = [Svc(charge=-10000, reasons=[("CO", "45", -4000)]) for _ in range(2)]
    world.pays(Clp(pcn=world.pcn(claim), lines=forward))

    world.pays(
        Clp(pcn=world.pcn(claim), status="22", lines=backward), plbs=[("WO", "ICN1", -12000)]
    )

    balanced()
    assert [world.owed(line) for line in made.charge_lines] == [10000, 10000]


def test_a_reversal_of_an_answer_without_lines_is_exact_too(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    made = world.encounter([("99213", 10000), ("87880", 5000)])
    claim = world.claim(made)
    world.pays(Clp(pcn=world.pcn(claim), charge=15000, reasons=[("CO", "45", 9000)]))

    world.pays(
        Clp(pcn=world.pcn(claim), status="22", charge=-15000, reasons=[("CO", "45", -9000)]),
        plbs=[("WO", "ICN1", -6000)],
    )

    balanced()
    assert [world.owed(line) for line in made.charge_lines] == [10000, 5000]


def test_a_won_appeal_is_known_by_its_remittance(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 20000)]))
    world.pays(world.answer_of(claim, ("CO", "29", 20000)))
    case = _appeal(world, claim)

    world.pays(
        world.back(claim, ("CO", "29", 20000)),
        world.answer_of(claim, ("CO", "45", 7500), ("PR", "2", 2500), icn="ICN2"),
    )

    assert (case.status, case.decided_at) == ("won", world.now.at)
    assert (claim.stage, claim.outcome) == (ClaimStage.ADJUDICATED, "paid")


def test_an_appeal_answered_by_the_same_refusal_is_lost(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 20000)]))
    world.pays(world.answer_of(claim, ("CO", "50", 20000)))
    case = _appeal(world, claim)

    world.pays(
        world.back(claim, ("CO", "50", 20000)),
        world.answer_of(claim, ("CO", "50", 20000), icn="ICN2"),
    )

    assert case.status == "lost"
    assert [status for *_, status in world.denials()] == ["resolved", "open"]


def test_a_letter_not_yet_signed_is_withdrawn_when_the_payer_answers_anew(
    world: PayerWorld,
) -> None:
    claim = world.claim(world.encounter([("99214", 20000)]))
    world.pays(world.answer_of(claim, ("CO", "50", 20000)))
    case = _appeal(world, claim, status="drafted")

    world.pays(
        world.back(claim, ("CO", "50", 20000)),
        world.answer_of(claim, ("CO", "45", 7500), icn="ICN2"),
    )

    assert case.status == "withdrawn"


def test_a_denial_task_ends_with_its_denials(world: PayerWorld) -> None:

    from casework.steps import denials

    claim = world.claim(world.encounter([("99214", 20000)]))
    world.pays(world.answer_of(claim, ("CO", "50", 20000)))
    subjects.lock(world.session, subjects.encounter_key(claim.encounter))
    denials.judge(world.session, claim, world.now)
    asked = [task.kind for task in world.open_tasks()]

    world.pays(
        world.back(claim, ("CO", "50", 20000)),
        world.answer_of(claim, ("CO", "45", 7500), icn="ICN2"),
    )

    assert asked == ["denial"]
    assert world.open_tasks() == []
    assert world.session.scalars(select(TaskRow.status)).all() == ["withdrawn"]


def test_an_interrupted_posting_goes_on_where_it_was(world: PayerWorld) -> None:
    claims = [world.claim(world.encounter([("99213", 10000)])) for _ in range(3)]
    judged = world.take_in(_file(world, [world.answer_of(c, ("CO", "45", 4000)) for c in claims]))
    remittance = world.session.get_one(Remittance, judged.remittance_ids[0])

    first = post_some(world.session, remittance, world.now, 2)
    half = dict(world.balances())
    second = post_some(world.session, remittance, world.now, 2)

    assert (first, second) == (False, True)
    assert half["clearing:ALPHA"] == 12000
    assert "clearing:ALPHA" not in world.balances()


def _file(world: PayerWorld, answers: list[Clp]) -> bytes:
    from tests.casework.payer_files import Era, remittance_file
    from tests.casework.payer_world import originator

    return remittance_file(Era(claims=answers, payer="ALPHA", originator=originator("ALPHA")))


def _entries(world: PayerWorld, claim: Claim) -> list[Entry]:
    rows = world.session.scalars(
        select(Entry).where(Entry.remit_line_id.is_not(None)).order_by(Entry.id)
    )
    return list(rows)


def _answers(world: PayerWorld) -> list[RemitClaim]:
    return list(world.session.scalars(select(RemitClaim).order_by(RemitClaim.id)))


def _appeal(world: PayerWorld, claim: Claim, status: str = "sent") -> AppealCase:
    denial = world.session.scalars(select(Denial).where(Denial.claim_id == claim.id)).one()
    denial.status = DenialStatus.DECIDED
    case = AppealCase(
        reference="M00000001",
        claim_id=claim.id,
        kind="appeal",
        level=1,
        round=1,
        status=status,
        argument="x",
        basis_on=world.now.today,
        due_on=world.now.today,
        sent_at=world.now.at if status == "sent" else None,
        denials=[AppealCaseDenial(denial_id=denial.id)],
    )
    world.session.add(case)
    claim.stage = ClaimStage.APPEALED
    world.session.flush()
    return case


def test_an_overdue_exception_escalates_and_does_not_poll(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 25000)]))
    world.pays(world.answer_of(claim, *USUAL))
    judged = world.pays(world.back(claim, ("CO", "45", 12000), ("PR", "3", 2000)))
    (task,) = world.open_tasks()

    factories.stop_clock(world.session, 10)
    world.post(judged)

    key = f"remittance:{judged.remittance_ids[0]}"
    assert task.is_escalated
    assert [wait.until_at > world.now.at for wait in waits.open_waits(world.session, key)] == [True]


def test_a_look_at_a_waiting_reversal_changes_nothing(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 25000)]))
    early = world.pays(world.back(claim, *USUAL), plbs=[("WO", "ICN1", -10000)])
    key = f"remittance:{early.remittance_ids[0]}"
    before = [(wait.id, wait.until_at) for wait in waits.open_waits(world.session, key)]

    world.post(early)

    assert [(w.id, w.until_at) for w in waits.open_waits(world.session, key)] == before
    assert len(before) == 1
