"""A paper EOB that a person keys takes the way of an 835, and is the same payment as one."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from casework import keyed_eobs
from casework.posting.steps import post_some
from casework.refusals import Refused, Stale
from db.models import BankLine, Claim, KeyedEob, Remittance
from domain.encounter import ClaimStage
from domain.keyed_eob import TypedEob, TypedLine, TypedProviderAdjustment, TypedReason
from domain.tasks import TaskKind
from tests.casework.payer_files import Clp, Svc
from tests.casework.payer_world import PayerWorld

CHARGE = 22_000
PAID_ON = dt.date(2026, 1, 26)


def claim_of(world: PayerWorld, *payers: str) -> Claim:
    made = world.encounter([("99214", CHARGE)], payers=payers or ("ALPHA",))
    return world.claim(made, expected={"99214": 13_500})


def typed(world: PayerWorld, claim: Claim, *reasons: tuple[str, str, str], paid: str) -> TypedEob:
    """The paper of a check that answers one claim."""
    entry = keyed_eobs.entry_of(world.session, claim)
    (line,) = entry.lines
    said = tuple(TypedReason(group=g, carc=c, amount=a) for g, c, a in reasons)
    return TypedEob(
        payer_no=claim.payer.payer_no,
        trace="T1",
        paid_on=PAID_ON.isoformat(),
        amount=paid,
        claims=(
            replace(
                entry, payer_claim_number="ICN1", lines=(replace(line, paid=paid, reasons=said),)
            ),
        ),
    )


def keyed(world: PayerWorld, eob: TypedEob) -> Remittance:
    """Typed, posted, and stepped as its workflow does."""
    row = keyed_eobs.begin(world.session, world.biller, world.now)
    posted = keyed_eobs.post(world.session, row, eob, world.biller, world.now)
    while not post_some(world.session, posted, world.now):
        pass
    return posted


def test_it_posts_what_the_same_835_posts(world: PayerWorld, balanced: Callable[[], None]) -> None:
    claim = claim_of(world)

    keyed(world, typed(world, claim, ("CO", "45", "85.00"), ("PR", "3", "25.00"), paid="110.00"))

    balanced()
    assert world.balances() == {
        "revenue:charges": -22000,
        "adj:contractual": 8500,
        "cash:bank": 11000,
        "ar:patient": 2500,
    }
    assert (claim.stage, claim.outcome, claim.payer_claim_number) == ("adjudicated", "paid", "ICN1")


def test_a_refusal_on_paper_is_a_denial(world: PayerWorld) -> None:
    claim = claim_of(world)

    eob = typed(world, claim, ("CO", "50", "220.00"), paid="0.00")
    keyed(world, replace(eob, method="NON"))

    assert world.denials() == [("CO", "50", 22_000, "open")]
    assert claim.stage is ClaimStage.ADJUDICATED


def test_what_it_leaves_goes_to_the_next_payer(world: PayerWorld) -> None:
    claim = claim_of(world, "ALPHA", "BETA")

    keyed(world, typed(world, claim, ("CO", "45", "85.00"), ("PR", "2", "25.00"), paid="110.00"))

    (line,) = claim.encounter.charge_lines
    assert (world.owed(line, "ALPHA"), world.owed(line, "BETA")) == (0, 2_500)


def test_the_835_of_the_same_check_posts_nothing_more(world: PayerWorld) -> None:
    claim = claim_of(world)
    keyed(world, typed(world, claim, ("CO", "45", "85.00"), ("PR", "3", "25.00"), paid="110.00"))
    before = world.balances()

    judged = world.pays(world.answer_of(claim, ("CO", "45", 8500), ("PR", "3", 2500)), trace="T1")

    assert judged.verdict == "repeated"
    assert "keyed from paper before" in judged.sentences[0]
    assert world.balances() == before
    assert len(world.session.scalars(select(Remittance)).all()) == 1


@pytest.mark.parametrize("number", ["T1", "000T1"])
def test_the_paper_of_a_check_that_came_as_a_file_is_refused(
    world: PayerWorld, number: str
) -> None:
    claim = claim_of(world)
    world.pays(world.answer_of(claim, ("CO", "45", 8500), ("PR", "3", 2500)), trace="T1")
    eob = typed(world, claim, ("CO", "45", "85.00"), ("PR", "3", "25.00"), paid="110.00")

    with pytest.raises(Refused, match=r"came as a file on 2026-.* already and posts once"):
        keyed(world, replace(eob, trace=number))


def test_the_same_paper_is_keyed_once(world: PayerWorld) -> None:
    claim = claim_of(world)
    eob = typed(world, claim, ("CO", "45", "85.00"), ("PR", "3", "25.00"), paid="110.00")
    keyed(world, eob)

    with pytest.raises(Refused, match="was keyed on"):
        keyed(world, eob)


def test_another_check_of_that_payer_is_another_payment(world: PayerWorld) -> None:
    claim, other = claim_of(world), claim_of(world)
    keyed(world, typed(world, claim, ("CO", "45", "110.00"), paid="110.00"))

    judged = world.pays(world.answer_of(other, ("CO", "45", 11_000)), trace="T2")

    assert judged.verdict == "taken"
    assert other.outcome is not None


def test_a_claim_that_is_not_ours_is_a_question_and_its_money_is_kept_apart(
    world: PayerWorld,
) -> None:
    claim = claim_of(world)
    eob = typed(world, claim, ("CO", "45", "85.00"), ("PR", "3", "25.00"), paid="110.00")
    stranger = replace(
        eob.claims[0],
        pcn="NOBODYS",
        payer_claim_number="",
        lines=(TypedLine(code="99213", charge="50.00", paid="50.00"),),
    )

    keyed(world, replace(eob, amount="160.00", claims=(*eob.claims, stranger)))

    assert [task.kind for task in world.open_tasks()] == [TaskKind.POSTING_EXCEPTION]
    assert claim.outcome == "paid"


def test_interest_and_what_the_payer_takes_back_are_provider_level(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    claim = claim_of(world)
    eob = typed(world, claim, ("CO", "45", "85.00"), ("PR", "3", "25.00"), paid="110.00")
    provider = (
        TypedProviderAdjustment(code="L6", effect="raises", amount="1.50"),
        TypedProviderAdjustment(code="WO", effect="lowers", amount="20.00", reference="ICN0"),
    )

    keyed(world, replace(eob, amount="91.50", provider=provider))

    balanced()
    assert world.balances()["cash:bank"] == 9_150
    assert world.balances()["income:interest"] == -150
    assert world.balances()["liability:payer_offset:ALPHA"] == 2_000


def test_an_answer_taken_back_on_paper_is_reversed(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    claim = claim_of(world)
    keyed(world, typed(world, claim, ("CO", "45", "85.00"), ("PR", "3", "25.00"), paid="110.00"))
    back = typed(world, claim, ("CO", "45", "-85.00"), ("PR", "3", "-25.00"), paid="-110.00")
    (entry,) = back.claims
    line = replace(entry.lines[0], charge="-220.00")
    provider = (TypedProviderAdjustment(code="WO", effect="raises", amount="110.00"),)

    keyed(
        world,
        replace(
            back, trace="T2", amount="0", method="NON", provider=provider,
            claims=(replace(entry, status="22", lines=(line,)),),
        ),
    )  # fmt: skip

    balanced()
    (charge_line,) = claim.encounter.charge_lines
    assert world.owed(charge_line) == CHARGE


def test_the_banks_line_meets_it(world: PayerWorld) -> None:
    claim = claim_of(world)
    line = BankLine(
        booked_on=PAID_ON, trace="T1", payer_tin="", amount_cents=11_000,
        words="check", source_key="1",
    )  # fmt: skip
    world.session.add(line)
    world.session.flush()

    posted = keyed(world, typed(world, claim, ("CO", "45", "110.00"), paid="110.00"))

    assert line.remittance_id == posted.id


def test_a_draft_that_was_posted_takes_no_more(world: PayerWorld) -> None:
    claim = claim_of(world)
    row = keyed_eobs.begin(world.session, world.biller, world.now, claim=claim)
    eob = typed(world, claim, ("CO", "45", "110.00"), paid="110.00")
    keyed_eobs.post(world.session, row, eob, world.biller, world.now)

    with pytest.raises(Stale, match="Ana posted this EOB"):
        keyed_eobs.lock(world.session, row)

    assert keyed_eobs.drafts(world.session) == []
    assert world.session.get_one(KeyedEob, row.id).remittance_id is not None


def test_an_835_of_another_payer_under_the_same_number_is_another_payment(
    world: PayerWorld,
) -> None:
    claim = claim_of(world)
    keyed(world, typed(world, claim, ("CO", "45", "110.00"), paid="110.00"))
    world.payer("BETA")

    judged = world.sends(Clp(pcn="X1", lines=[Svc(charge=11_000)]), payer="BETA", trace="T1")

    assert judged.verdict == "taken"
