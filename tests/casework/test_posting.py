import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import patients, subjects, tasks, waits
from casework.posting.steps import post_some
from casework.waits import WaitKind
from db.models import Claim, Entry, RemitClaim, Remittance, Subject, Wake
from domain.encounter import ClaimStage, Stage
from domain.tasks import TaskKind
from tests.casework.payer_files import Clp, Era, Svc, remittance_file
from tests.casework.payer_world import PayerWorld, originator, payer_world


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


def test_a_paid_line_leaves_nothing_at_the_payer(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    claim = world.claim(world.encounter([("99214", 22000)]), expected={"99214": 13500})

    world.pays(world.answer_of(claim, ("CO", "45", 8500), ("PR", "3", 2500)))

    balanced()
    assert world.balances() == {
        "revenue:charges": -22000,
        "adj:contractual": 8500,
        "cash:bank": 11000,
        "ar:patient": 2500,
    }
    assert (claim.stage, claim.outcome, claim.payer_claim_number) == ("adjudicated", "paid", "ICN1")
    assert world.denials() == []


def test_an_answer_ends_the_claims_waits_and_wakes_its_encounter(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 22000)]))
    key = subjects.encounter_key(claim.encounter)
    waits.begin(
        world.session,
        key,
        WaitKind.MESSAGE,
        "a remittance",
        until_at=world.now.at + dt.timedelta(days=9),
        then_what="we ask",
        now=world.now,
        claim_id=claim.id,
    )

    world.pays(world.answer_of(claim, ("CO", "45", 8500)))

    assert world.waits(claim) == []
    assert world.session.scalar(select(func.count()).where(Wake.subject == key)) == 1
    assert world.session.get_one(Subject, key).rev == 1


def test_the_copay_taken_at_the_desk_is_used_when_the_patients_share_is_known(
    world: PayerWorld,
) -> None:
    claim = world.claim(world.encounter([("99214", 22000)]))
    made = claim.encounter
    patients.receive_payment(
        world.session, made.guarantor, 4000, "cash", world.now.today, "desk:1", world.now,
        encounter=made,
    )  # fmt: skip

    world.pays(world.answer_of(claim, ("CO", "45", 8500), ("PR", "3", 2500)))

    assert "ar:patient" not in world.balances()
    assert world.balances()["liability:unapplied"] == -1500
    key = subjects.patient_balance_key(made.guarantor)
    assert world.session.scalar(select(func.count()).where(Wake.subject == key))


def test_all_deductible_is_processed_and_not_denied(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99203", 18000)]), expected={"99203": 12150})

    world.pays(world.answer_of(claim, ("CO", "45", 5850), ("PR", "1", 12150)))

    assert claim.outcome == "paid"
    assert world.denials() == []
    assert world.balances()["ar:patient"] == 12150


def test_one_refused_line_of_three_is_seen_and_posts_nothing(world: PayerWorld) -> None:
    made = world.encounter([("99213-25", 15000), ("87880-QW", 4000), ("J1100", 3000)])
    claim = world.claim(made)
    first, second, third = made.charge_lines
    answer = Clp(
        pcn=world.pcn(claim),
        lines=[
            Svc(
                code="99213-25",
                charge=15000,
                reasons=[("CO", "45", 5800)],
                control=f"L{first.id}",
            ),
            Svc(code="87880-QW", charge=4000, reasons=[("CO", "45", 2400)]),
            Svc(code="J1100", charge=3000, reasons=[("CO", "50", 3000)], rarcs=["N115"]),
        ],
    )

    world.pays(answer)

    assert [world.owed(line) for line in (first, second, third)] == [0, 0, 3000]
    assert world.denials() == [("CO", "50", 3000, "open")]
    assert claim.outcome == "partly_paid"
    assert (first.payer_id, third.payer_id) == (None, world.payer("ALPHA").id)


def test_a_claim_answered_without_lines_is_spread_over_its_lines(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    made = world.encounter([("99213", 10000), ("87880", 5000)])
    claim = world.claim(made)

    world.pays(
        Clp(
            pcn=world.pcn(claim),
            charge=15000,
            reasons=[("CO", "45", 9000), ("CO", "16", 4000)],
        )
    )

    balanced()
    assert [world.owed(line) for line in made.charge_lines] == [1000, 3000]
    assert world.denials() == [("CO", "16", 1000, "open"), ("CO", "16", 3000, "open")]
    assert world.balances()["cash:bank"] == 2000


def test_a_claim_level_adjustment_beside_lines_lowers_them_in_order(world: PayerWorld) -> None:
    made = world.encounter([("99213", 10000), ("87880", 5000)])
    claim = world.claim(made)
    lines = [
        Svc(code=line.code, charge=line.charge_cents or 0, control=f"L{line.id}")
        for line in made.charge_lines
    ]

    world.pays(Clp(pcn=world.pcn(claim), lines=lines, reasons=[("PR", "1", 12000)]))

    assert world.balances() == {
        "revenue:charges": -15000,
        "ar:patient": 12000,
        "cash:bank": 3000,
    }


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


def test_an_unexpected_bundled_line_is_denied_and_an_expected_one_is_not(
    world: PayerWorld,
) -> None:
    expected = world.claim(world.encounter([("94760", 2500)]), expected={"94760": 0})
    unexpected = world.claim(world.encounter([("94760", 2500)]), expected={"94760": 900})

    world.pays(world.answer_of(expected, ("CO", "97", 2500)))
    world.pays(world.answer_of(unexpected, ("CO", "97", 2500)))

    assert world.balances()["adj:bundled"] == 2500
    assert world.denials() == [("CO", "97", 2500, "open")]


def test_a_second_payers_contract_is_not_held_against_what_was_left(world: PayerWorld) -> None:
    made = world.encounter([("99215", 30000)], ["ALPHA", "BETA"])
    first = world.claim(made, "ALPHA")
    world.pays(world.answer_of(first, ("CO", "45", 10000), ("PR", "1", 8000)))
    second = world.claim(made, "BETA", expected={"99215": 20000}, follows=first)

    world.pays(
        world.answer_of(second, ("OA", "23", 22000), ("PR", "3", 1500), status="2"), payer="BETA"
    )

    assert world.denials() == []
    assert world.balances() == {
        "revenue:charges": -30000,
        "adj:contractual": 10000,
        "cash:bank": 18500,
        "ar:patient": 1500,
    }


def test_what_a_second_payer_leaves_unexplained_stays_with_it(world: PayerWorld) -> None:
    made = world.encounter([("99215", 30000)], ["ALPHA", "BETA"])
    first = world.claim(made, "ALPHA")
    world.pays(world.answer_of(first, ("CO", "45", 10000), ("PR", "1", 8000)))
    second = world.claim(made, "BETA", follows=first)

    world.pays(world.answer_of(second, ("OA", "23", 25000), status="2"), payer="BETA")

    assert world.owed(made.charge_lines[0], "BETA") == 3000
    assert second.stage is ClaimStage.ADJUDICATED


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


def test_a_posted_remittance_is_closed_and_says_when(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 20000)]))

    judged = world.pays(world.answer_of(claim, ("CO", "45", 7000)))

    remittance = world.session.get_one(Remittance, judged.remittance_ids[0])
    assert remittance.posted_at == world.now.at
    assert not world.session.get_one(Subject, f"remittance:{remittance.id}").is_open


def test_a_forwarded_claim_is_awaited_and_not_sent(world: PayerWorld) -> None:
    made = world.encounter([("99214", 25000)], ["MEDICARE", "MEDIGAP"])
    first = world.claim(made, "MEDICARE")

    world.pays(
        world.answer_of(
            first, ("CO", "45", 12000), ("PR", "2", 2600), ("CO", "253", 208), status="19",
            remarks=["MA18"],
        ),
        payer="MEDICARE",
    )  # fmt: skip

    second = world.session.scalars(select(Claim).where(Claim.follows_id == first.id)).one()
    (wait,) = world.waits(second)
    assert (second.stage, second.responsibility, second.versions) == ("crossed_over", "S", [])
    assert wait.until_at == world.now.end_of(world.now.today + dt.timedelta(days=30))
    assert wait.then_what == "we bill MEDIGAP ourselves"


def test_the_next_payer_answers_a_forwarded_claim_by_the_first_ones_number(
    world: PayerWorld,
) -> None:
    made = world.encounter([("99214", 25000)], ["MEDICARE", "MEDIGAP"])
    first = world.claim(made, "MEDICARE")
    shares = (("CO", "45", 12000), ("PR", "2", 2600))
    world.pays(world.answer_of(first, *shares, status="19"), payer="MEDICARE")

    world.pays(world.answer_of(first, ("OA", "23", 22400), status="2", icn="ICN2"), payer="MEDIGAP")

    second = world.session.scalars(select(Claim).where(Claim.follows_id == first.id)).one()
    assert (second.stage, second.outcome) == (ClaimStage.ADJUDICATED, "paid")
    assert world.waits(second) == []
    assert "ar:insurance:MEDIGAP" not in world.balances()


def test_the_next_payers_answer_waits_for_the_first_ones(world: PayerWorld) -> None:
    made = world.encounter([("99214", 25000)], ["MEDICARE", "MEDIGAP"])
    first = world.claim(made, "MEDICARE")

    early = world.pays(
        world.answer_of(first, ("OA", "23", 22400), status="2", icn="ICN2"), payer="MEDIGAP"
    )
    answer = world.session.scalars(select(RemitClaim)).one()
    before = (answer.posting, world.open_tasks())
    world.pays(
        world.answer_of(first, ("CO", "45", 12000), ("PR", "2", 2600), status="19"),
        payer="MEDICARE",
    )
    woken = world.session.scalar(
        select(func.count()).where(Wake.subject == f"remittance:{early.remittance_ids[0]}")
    )
    world.post(early)

    assert before == ("deferred", [])
    assert woken == 2
    assert answer.posting == "posted"
    assert world.open_tasks() == []


def test_nothing_left_over_makes_a_forwarded_claim_that_awaits_nothing(world: PayerWorld) -> None:
    made = world.encounter([("99214", 25000)], ["MEDICARE", "MEDIGAP"])
    first = world.claim(made, "MEDICARE")

    world.pays(world.answer_of(first, ("CO", "45", 12000), status="19"), payer="MEDICARE")
    world.pays(world.answer_of(first, ("OA", "23", 25000), status="2", icn="ICN2"), payer="MEDIGAP")

    second = world.session.scalars(select(Claim).where(Claim.follows_id == first.id)).one()
    assert second.stage is ClaimStage.SETTLED
    assert world.open_tasks() == []


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


def _file(world: PayerWorld, answers: list[Clp]) -> bytes:
    era = Era(claims=answers, payer="ALPHA", originator=originator("ALPHA"), trace="MANY")
    return remittance_file(era, isa=900)


def test_a_next_payer_that_owes_again_after_a_correction_is_asked_again(world: PayerWorld) -> None:
    made = world.encounter([("99214", 25000)], ["ALPHA", "BETA"])
    first = world.claim(made, "ALPHA")
    world.pays(world.answer_of(first, ("CO", "45", 10000), ("PR", "1", 1000)))
    second = world.claim(made, "BETA", follows=first)
    world.pays(world.answer_of(second, ("OA", "23", 24000), status="2"), payer="BETA")
    second.stage = ClaimStage.SETTLED

    world.pays(
        world.back(first, ("CO", "45", 10000), ("PR", "1", 1000)),
        world.answer_of(first, ("CO", "45", 10000), ("PR", "1", 4000), icn="ICN2"),
        plbs=[("WO", "ICN1", -3000)],
    )

    (wait,) = world.waits(second)
    assert world.owed(made.charge_lines[0], "BETA") == 3000
    assert second.stage is ClaimStage.CROSSED_OVER
    assert wait.then_what == "we bill BETA ourselves"
    assert wait.until_at - world.now.at == dt.timedelta(minutes=1)


def test_a_forwarded_claim_may_be_answered_for_some_of_its_lines(world: PayerWorld) -> None:
    made = world.encounter([("99214", 25000), ("87880", 4000)], ["MEDICARE", "MEDIGAP"])
    first = world.claim(made, "MEDICARE")
    one, two = made.charge_lines
    world.pays(
        Clp(
            pcn=world.pcn(first),
            status="19",
            lines=[
                Svc(code="99214", charge=25000, reasons=[("PR", "2", 2600)], control=f"L{one.id}"),
                Svc(code="87880", charge=4000, reasons=[("CO", "50", 4000)], control=f"L{two.id}"),
            ],
        ),
        payer="MEDICARE",
    )

    world.pays(
        Clp(
            pcn=world.pcn(first),
            status="2",
            icn="ICN2",
            lines=[
                Svc(code="99214", charge=25000, reasons=[("OA", "23", 22400)], control=f"L{one.id}")
            ],
        ),
        payer="MEDIGAP",
    )

    assert world.balances()["ar:insurance:MEDICARE"] == 4000
    assert "ar:insurance:MEDIGAP" not in world.balances()
    assert world.open_tasks() == []
