"""What a payer says of a line goes to the accounts, and what it refuses stays owed."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import func, select

from casework import patients, subjects, waits
from casework.waits import WaitKind
from db.models import Subject, Wake
from tests.casework.payer_files import Clp, Svc
from tests.casework.payer_world import PayerWorld


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


def test_an_unexpected_bundled_line_is_denied_and_an_expected_one_is_not(
    world: PayerWorld,
) -> None:
    expected = world.claim(world.encounter([("94760", 2500)]), expected={"94760": 0})
    unexpected = world.claim(world.encounter([("94760", 2500)]), expected={"94760": 900})

    world.pays(world.answer_of(expected, ("CO", "97", 2500)))
    world.pays(world.answer_of(unexpected, ("CO", "97", 2500)))

    assert world.balances()["adj:bundled"] == 2500
    assert world.denials() == [("CO", "97", 2500, "open")]
