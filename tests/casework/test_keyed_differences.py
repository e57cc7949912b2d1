"""A paper EOB that was keyed, and the 835 of the same check: a biller is told where they differ."""

from dataclasses import replace

import pytest

from casework import answers
from db.models import Claim
from domain.keyed_eob import TypedProviderAdjustment, TypedReason
from tests.casework.payer_files import Clp, Svc
from tests.casework.payer_world import PayerWorld
from tests.casework.promises import breaches
from tests.casework.test_keyed_eobs import claim_of, keyed, typed

PAPER = (("CO", "45", "85.00"), ("PR", "3", "25.00"))
SAME = (("CO", "45", 8500), ("PR", "3", 2500))


@pytest.fixture
def claim(world: PayerWorld) -> Claim:
    """Answered on paper, and keyed."""
    made = claim_of(world)
    keyed(world, typed(world, made, *PAPER, paid="110.00"))
    return made


def test_the_same_figures_say_nothing(world: PayerWorld, claim: Claim) -> None:
    judged = world.pays(world.answer_of(claim, *SAME), trace="T1")

    assert judged.verdict == "repeated"
    assert "says the same; it posts nothing" in judged.sentences[0]
    assert world.open_tasks() == []


def test_the_same_figures_in_another_order_and_without_line_numbers_say_nothing(
    world: PayerWorld, claim: Claim
) -> None:
    svc = Svc(code="99214", charge=22000, reasons=SAME[::-1])

    world.pays(Clp(pcn=world.pcn(claim), lines=[svc]), trace="T1")

    assert world.open_tasks() == []


def test_other_reasons_are_one_task_that_names_claim_and_line(
    world: PayerWorld, claim: Claim
) -> None:
    before = world.balances()

    judged = world.pays(world.answer_of(claim, ("CO", "45", 9000), ("PR", "3", 2000)), trace="T1")

    (task,) = world.open_tasks()
    told = (
        f"Claim {world.pcn(claim)}, line 1 (99214): CO-45 $85.00 on paper, $90.00 in the file; "
        "PR-3 $25.00 on paper, $20.00 in the file."
    )
    assert (task.kind, task.details["case"]) == ("posting_exception", "keyed_differs")
    assert task.details["differences"] == [told]
    assert told in task.reason
    assert told in judged.sentences[0]
    assert world.balances() == before
    assert breaches(world.session) == []


def test_another_share_of_the_check_is_told_claim_by_claim(world: PayerWorld) -> None:
    one, other = claim_of(world), claim_of(world)
    first = typed(world, one, *PAPER, paid="110.00")
    second = typed(world, other, ("CO", "45", "120.00"), paid="100.00")
    keyed(world, replace(first, amount="210.00", claims=(*first.claims, *second.claims)))

    world.pays(
        world.answer_of(one, ("CO", "45", 9500), ("PR", "3", 2500)),
        world.answer_of(other, ("CO", "45", 11000)),
        trace="T1",
    )

    (task,) = world.open_tasks()
    assert task.details["differences"] == [
        f"Claim {world.pcn(one)}: paid $110.00 on paper, $100.00 in the file.",
        (
            f"Claim {world.pcn(one)}, line 1 (99214): paid $110.00 on paper, $100.00 in the file; "
            "CO-45 $85.00 on paper, $95.00 in the file."
        ),
        f"Claim {world.pcn(other)}: paid $100.00 on paper, $110.00 in the file.",
        (
            f"Claim {world.pcn(other)}, line 1 (99214): paid $100.00 on paper, $110.00 "
            "in the file; CO-45 $120.00 on paper, $110.00 in the file."
        ),
    ]


def test_a_claim_of_one_of_them_alone_is_told(world: PayerWorld, claim: Claim) -> None:
    other = claim_of(world)

    world.pays(world.answer_of(other, *SAME), trace="T1")

    (task,) = world.open_tasks()
    assert task.details["differences"] == [
        f"Claim {world.pcn(claim)}: on paper alone, paid $110.00.",
        f"Claim {world.pcn(other)}: in the file alone, paid $110.00.",
    ]


def test_a_reason_told_of_the_claim_as_a_whole_is_told_as_such(
    world: PayerWorld, claim: Claim
) -> None:
    line = world.lines(claim)[0]
    svc = Svc(code="99214", charge=22000, reasons=[("CO", "45", 8500)], control=f"L{line.id}")

    world.pays(Clp(pcn=world.pcn(claim), lines=[svc], reasons=[("PR", "3", 2500)]), trace="T1")

    (task,) = world.open_tasks()
    name = f"Claim {world.pcn(claim)}"
    assert task.details["differences"] == [
        (
            f"{name}, line 1 (99214): paid $110.00 on paper, $135.00 in the file; "
            "PR-3 $25.00 on paper, $0.00 in the file."
        ),
        (
            f"{name} as a whole: paid $0.00 on paper, −$25.00 in the file; "
            "PR-3 $0.00 on paper, $25.00 in the file."
        ),
    ]


def test_what_stands_beside_the_claims_is_compared(world: PayerWorld) -> None:
    claim = claim_of(world)
    interest = TypedProviderAdjustment(code="L6", reference="ICN1", effect="raises", amount="5.00")
    eob = typed(world, claim, *PAPER, paid="110.00")
    keyed(world, replace(eob, amount="115.00", provider=(interest,)))

    world.pays(world.answer_of(claim, *SAME), trace="T1", plbs=[("72", "ICN1", -500)])

    (task,) = world.open_tasks()
    assert task.details["differences"] == [
        (
            "Beside the claims: L6 −$5.00 on paper, $0.00 in the file; 72 $0.00 on paper, −$5.00 "
            "in the file."
        )
    ]


def test_the_same_file_under_other_numbers_asks_no_second_time(
    world: PayerWorld, claim: Claim
) -> None:
    said = world.answer_of(claim, ("CO", "45", 9000), ("PR", "3", 2000))
    world.pays(said, trace="T1")
    (task,) = world.open_tasks()
    world.answer(task)

    world.pays(said, trace="T1")

    assert world.open_tasks() == []


@pytest.mark.parametrize("action", ["asked_again", "stands"])
def test_the_answer_moves_nothing(world: PayerWorld, claim: Claim, action: str) -> None:
    world.pays(world.answer_of(claim, ("CO", "45", 9000), ("PR", "3", 2000)), trace="T1")
    (task,) = world.open_tasks()
    before = world.balances()

    asked = answers.question(world.session, task)
    words = world.answer(task, action=action)

    assert asked.sections[0].title == "What differs"
    assert "what was keyed" in words.lower()
    assert world.balances() == before
    assert world.open_tasks() == []


def test_a_reason_keyed_under_another_group_is_told(world: PayerWorld) -> None:
    claim = claim_of(world)
    eob = typed(world, claim, *PAPER, paid="110.00")
    (answer,) = eob.claims
    (line,) = answer.lines
    mistyped = replace(
        line, reasons=(*line.reasons[:1], TypedReason(group="OA", carc="3", amount="25.00"))
    )
    keyed(world, replace(eob, claims=(replace(answer, lines=(mistyped,)),)))

    world.pays(world.answer_of(claim, *SAME), trace="T1")

    differing = [t for t in world.open_tasks() if t.details.get("case") == "keyed_differs"]
    assert len(differing) == 1
    assert "OA-3 $25.00 on paper, $0.00 in the file" in differing[0].reason
