"""What a first payer leaves is the next one's to pay, whether we bill it or it is forwarded."""

import datetime as dt

from sqlalchemy import func, select

from db.models import Claim, RemitClaim, Wake
from domain.encounter import ClaimStage
from tests.casework.payer_files import Clp, Svc
from tests.casework.payer_world import PayerWorld


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
