"""An 835 with a code that nobody knows: one answer waits for a person, the others are posted."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import answers
from casework.inbox import Verdict
from casework.posting import suspended
from casework.refusals import Refused
from db.models import Claim, RemitAdjustment, RemitClaim, Remittance, Task
from domain.encounter import ClaimStage
from tests.casework.payer_files import Clp, Svc
from tests.casework.payer_world import PayerWorld, payer_world
from tests.casework.promises import breaches

HELD = {
    "revenue:charges": -30000,
    "ar:insurance:ALPHA": 15000,
    "adj:contractual": 6000,
    "cash:bank": 18000,
    "clearing:ALPHA": -9000,
}
POSTED = {"revenue:charges": -30000, "adj:contractual": 12000, "cash:bank": 18000}


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


def only_task(world: PayerWorld) -> Task:
    (task,) = world.open_tasks()
    return task


def answer_of(world: PayerWorld, claim: Claim) -> RemitClaim:
    return world.session.scalars(select(RemitClaim).where(RemitClaim.claim_id == claim.id)).one()


def two(world: PayerWorld) -> tuple[Claim, Claim]:
    odd, other = (world.claim(world.encounter([("99213", 15000)])) for _ in range(2))
    return odd, other


def test_an_unknown_status_holds_its_own_claim_alone(world: PayerWorld) -> None:
    odd, other = two(world)

    judged = world.pays(
        world.answer_of(odd, ("CO", "45", 6000), status="77"),
        world.answer_of(other, ("CO", "45", 6000)),
    )

    task, answer = only_task(world), answer_of(world, odd)
    remittance = world.session.get_one(Remittance, judged.remittance_ids[0])
    assert judged.verdict is Verdict.TAKEN
    assert (task.kind, task.details["case"]) == ("posting_exception", "unknown_code")
    assert "CLP02 says '77' (segment 9), a code that nobody here knows." in task.reason
    assert (task.claim_id, task.amount_cents) == (odd.id, 9000)
    assert (answer.status, answer.posting) == ("77", "exception")
    assert (odd.stage, other.stage) == (ClaimStage.ACCEPTED, ClaimStage.ADJUDICATED)
    assert remittance.posted_at is not None
    assert world.balances() == HELD
    assert breaches(world.session) == []


def test_an_unknown_group_holds_its_own_claim_alone(world: PayerWorld) -> None:
    odd, other = two(world)

    world.pays(world.answer_of(odd, ("XX", "45", 6000)), world.answer_of(other, ("CO", "45", 6000)))

    assert "CAS01 says 'XX' (segment 12), a code that nobody here knows." in only_task(world).reason
    assert [row.group_code for row in answer_of(world, odd).lines[0].adjustments] == ["XX"]
    assert other.stage is ClaimStage.ADJUDICATED
    assert world.balances() == HELD
    assert breaches(world.session) == []


def test_the_same_payment_again_posts_nothing_and_asks_nothing(world: PayerWorld) -> None:
    odd, other = two(world)
    said = (
        world.answer_of(odd, ("CO", "45", 6000), status="77"),
        world.answer_of(other, ("CO", "45", 6000)),
    )
    world.pays(*said, trace="SAME")
    task = only_task(world)

    judged = world.pays(*said, trace="SAME")

    assert judged.verdict is Verdict.REPEATED
    assert only_task(world) is task
    assert world.balances() == HELD


def test_a_person_says_what_both_codes_mean_and_it_is_posted(world: PayerWorld) -> None:
    odd, other = two(world)
    world.pays(
        world.answer_of(odd, ("XX", "45", 6000), status="77"),
        world.answer_of(other, ("CO", "45", 6000)),
    )

    words = world.answer(only_task(world), action="post", status="1", group_XX="CO")

    answer = answer_of(world, odd)
    (reason,) = world.session.scalars(
        select(RemitAdjustment).where(RemitAdjustment.group_sent.is_not(None))
    )
    assert words == "ALPHA answered: $90.00 paid of $150.00"
    assert (answer.status, answer.status_sent, answer.posting) == ("1", "77", "posted")
    assert (reason.group_code, reason.group_sent) == ("CO", "XX")
    assert odd.stage is ClaimStage.ADJUDICATED
    assert world.balances() == POSTED
    assert breaches(world.session) == []


def test_what_nobody_said_the_meaning_of_is_not_posted(world: PayerWorld) -> None:
    odd, _ = two(world)
    world.pays(world.answer_of(odd, ("XX", "45", 6000), status="77"))

    with pytest.raises(Refused) as refused:
        world.answer(only_task(world), action="post", status="1")

    assert list(refused.value.problems) == ["group_XX"]


def test_set_aside_its_money_is_in_suspense_and_its_codes_stay_as_sent(world: PayerWorld) -> None:
    odd, other = two(world)
    world.pays(world.answer_of(odd, ("XX", "45", 6000)), world.answer_of(other, ("CO", "45", 6000)))

    words = world.answer(only_task(world))

    answer = answer_of(world, odd)
    assert words == "$90.00 put into suspense; no claim changed"
    assert answer.posting == "dismissed"
    assert [row.group_code for row in answer.lines[0].adjustments] == ["XX"]
    held = {name: cents for name, cents in HELD.items() if name != "clearing:ALPHA"}
    assert world.balances() == {**held, "liability:suspense": -9000}
    assert breaches(world.session) == []


def test_out_of_suspense_it_is_asked_about_again(world: PayerWorld) -> None:
    odd, _ = two(world)
    world.pays(world.answer_of(odd, ("XX", "45", 6000)))
    world.answer(only_task(world))

    suspended.place_again(world.session, answer_of(world, odd), by=world.biller, now=world.now)
    world.answer(only_task(world), action="post", group_XX="CO")

    assert world.open_tasks() == []
    assert answer_of(world, odd).posting == "posted"
    assert "liability:suspense" not in world.balances()
    assert breaches(world.session) == []


def test_read_as_a_person_said_it_may_fit_nowhere_which_is_the_next_question(
    world: PayerWorld,
) -> None:
    odd, _ = two(world)
    svc = Svc(code="99213", charge=15000, reasons=[("XX", "45", 6000)])
    world.pays(Clp(pcn="PT0001", lines=[svc], icn="NONE"))
    answer = world.session.scalars(select(RemitClaim)).one()

    world.answer(only_task(world), action="post", group_XX="CO")
    asked = only_task(world)
    world.answer(asked, action=f"claim:{odd.id}")

    assert asked.details["case"] == "unmatched"
    assert (answer.claim_id, answer.posting) == (odd.id, "posted")
    assert world.open_tasks() == []
    assert breaches(world.session) == []


def test_an_unknown_status_may_be_the_reversal_of_what_was_posted(world: PayerWorld) -> None:
    odd, _ = two(world)
    world.pays(world.answer_of(odd, ("CO", "45", 6000)))
    world.pays(world.back(odd, ("CO", "45", 6000), status="Z9"))

    world.answer(only_task(world), action="post", status="22")

    assert world.owed(world.lines(odd)[0]) == 15000
    assert odd.outcome == "reversed"
    assert breaches(world.session) == []


def test_the_page_asks_for_each_code_once_with_its_meanings(world: PayerWorld) -> None:
    odd, _ = two(world)
    world.pays(world.answer_of(odd, ("XX", "45", 5000), ("XX", "253", 1000), status="77"))

    _, status, group = answers.question(world.session, only_task(world)).fields

    assert (status.label, group.label) == (
        "The claim status 77 means",
        "The adjustment group XX means",
    )
    assert [option.value for option in group.options] == ["CO", "PR", "OA", "PI"]
    assert (status.values, group.values) == ((), ())
