"""Two 835s of one name (originator, trace number, day, amount): what says the same is one payment,
what says something else is never taken for it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import answers
from casework.answers.namesake import ANOTHER, SAME
from casework.posting.advice import Reading
from casework.refusals import Refused
from db.models import Claim, RemitClaim, Remittance, Subject, Task
from tests.casework.payer_files import Clp, Era, Reason, remittance_file
from tests.casework.payer_world import PayerWorld, originator, payer_world

PAID = ("CO", "45", 6_000)
DENIED = [("CO", "50", 15_000)]


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


def claims(world: PayerWorld, count: int) -> Sequence[Claim]:
    return [world.claim(world.encounter([("99213", 15_000)])) for _ in range(count)]


def era(*said: Clp) -> Era:
    return Era(claims=said, payer="ALPHA", originator=originator("ALPHA"), trace="T9")


def asked(world: PayerWorld) -> list[Task]:
    return [task for task in world.open_tasks() if task.details.get("case") == "namesake"]


def passes_of(world: PayerWorld, monkeypatch: pytest.MonkeyPatch, content: bytes) -> int:
    """How often the file's claims are gone through once more when it is taken in."""
    walked, again = list[Reading](), Reading.again

    def noted(reading: Reading) -> Iterator[object]:
        walked.append(reading)
        return again(reading)

    with monkeypatch.context() as patch:
        patch.setattr(Reading, "again", noted)
        world.take_in(content)
    return len(walked)


def posted(world: PayerWorld) -> list[tuple[int, str]]:
    rows = world.session.execute(
        select(Remittance.namesake, RemitClaim.pcn)
        .join(RemitClaim, RemitClaim.remittance_id == Remittance.id)
        .order_by(Remittance.namesake, RemitClaim.ordinal)
    )
    return [(namesake, pcn) for namesake, pcn in rows]


def test_a_second_advice_of_no_payment_about_other_claims_is_posted_too(
    world: PayerWorld,
) -> None:
    one, two = claims(world, 2)
    world.post(world.take_in(remittance_file(era(world.answer_of(one, *DENIED)), isa=1)))

    judged = world.take_in(remittance_file(era(world.answer_of(two, *DENIED)), isa=2))
    world.post(judged)

    assert judged.verdict == "taken"
    assert "is about other claims" in judged.sentences[0]
    assert len(world.denials()) == 2
    assert asked(world) == []
    again = world.take_in(remittance_file(era(world.answer_of(two, *DENIED)), isa=3))
    assert again.verdict == "repeated"
    assert posted(world) == [(0, world.pcn(one)), (1, world.pcn(two))]


def test_a_second_payment_of_one_name_in_one_file_is_asked_about_and_posted(
    world: PayerWorld,
) -> None:
    one, two = claims(world, 2)
    sets = [era(world.answer_of(claim, PAID)) for claim in (one, two)]

    judged = world.take_in(remittance_file(*sets))
    world.post(judged)

    (task,) = asked(world)
    assert judged.verdict == "taken"
    assert world.balances()["cash:bank"] == 9_000
    assert f"Claim {world.pcn(two)}: status 1, $90.00 paid of $150.00 in this one" in task.reason
    assert task.amount_cents == 9_000
    assert world.answer(task).startswith("It is another payment: $90.00")
    world.post(replace(judged, remittance_ids=tuple(world.session.scalars(select(Remittance.id)))))
    assert world.balances()["cash:bank"] == 18_000
    assert (one.stage, two.stage) == ("adjudicated", "adjudicated")
    assert not world.session.get_one(Subject, task.subject).is_open


def test_what_changes_an_answer_is_asked_about_with_what_is_the_same_and_what_differs(
    world: PayerWorld,
) -> None:
    one, two = claims(world, 2)
    first = [world.answer_of(one, PAID), world.answer_of(two, PAID)]
    world.post(world.take_in(remittance_file(era(*first), isa=1)))
    changed = [first[0], world.answer_of(two, ("CO", "50", 6_000))]

    judged = world.take_in(remittance_file(era(*changed), isa=2))
    world.post(judged)

    (task,) = asked(world)
    assert task.details["same"][1] == "1 answers that both give alike"
    assert task.details["differences"] == [
        (
            f"Claim {world.pcn(two)}: status 1, $90.00 paid of $150.00 in both; its reasons or its "
            "lines differ."
        ),
        "1 answers of the first are not in this one as they were.",
    ]
    question = answers.question(world.session, task)
    assert [one.title for one in question.sections] == ["What is the same", "What differs"]
    assert world.answer(task, action=SAME).endswith("this one posts nothing")
    world.take_in(remittance_file(era(*changed), isa=3))
    assert asked(world) == []
    assert world.balances()["cash:bank"] == 18_000
    assert {namesake for namesake, _ in posted(world)} == {0}


def test_the_same_answers_in_another_order_are_the_same_payment(world: PayerWorld) -> None:
    said = [world.answer_of(claim, PAID) for claim in claims(world, 3)]
    world.post(world.take_in(remittance_file(era(*said), isa=1)))

    judged = world.take_in(remittance_file(era(*reversed(said)), isa=2))

    assert judged.verdict == "repeated"
    assert asked(world) == []


def test_an_advice_of_no_payment_that_changes_a_claim_is_not_posted_by_itself(
    world: PayerWorld,
) -> None:
    (claim,) = claims(world, 1)
    world.post(world.take_in(remittance_file(era(world.answer_of(claim, *DENIED)), isa=1)))
    other = era(world.answer_of(claim, ("PR", "1", 15_000)))

    world.post(world.take_in(remittance_file(other, isa=2)))

    (task,) = asked(world)
    assert not task.details["is_apart"]
    assert posted(world) == [(0, world.pcn(claim))]


def test_what_differs_beside_the_claims_alone_is_asked_about(world: PayerWorld) -> None:
    (claim,) = claims(world, 1)
    said = era(world.answer_of(claim, PAID))
    plbs = [("WO", "A", 500), ("FB", "B", -500)]
    world.post(world.take_in(remittance_file(replace(said, plbs=plbs), isa=1)))
    plbs = [("WO", "A", 700), ("FB", "B", -700)]

    world.take_in(remittance_file(replace(said, plbs=plbs), isa=2))

    (task,) = asked(world)
    assert "beside the claims (PLB)" in task.reason


def test_what_was_posted_as_another_payment_is_not_posted_twice(world: PayerWorld) -> None:
    """Two files bring it; a biller has posted the one by the time the other's task is answered."""
    one, two = claims(world, 2)
    world.post(world.take_in(remittance_file(era(world.answer_of(one, PAID)), isa=1)))
    world.take_in(remittance_file(era(world.answer_of(two, PAID)), isa=2))
    (task,) = asked(world)
    first, count = task.details["remittance_id"], len(posted(world))
    task.details = {**task.details, "remittance_id": 0}
    world.take_in(remittance_file(era(world.answer_of(two, PAID)), isa=3))
    task.details = {**task.details, "remittance_id": first}
    one_task, other_task = asked(world)

    world.answer(one_task, action=ANOTHER)
    with pytest.raises(Refused, match="posted since"), world.session.begin_nested():
        world.answer(other_task, action=ANOTHER)

    assert len(posted(world)) == count + 1


def test_sets_of_one_file_are_held_against_each_other_too(world: PayerWorld) -> None:
    one, two, three, four = claims(world, 4)
    denied = [world.answer_of(claim, *DENIED) for claim in (one, two, three, four)]
    changed = replace(denied[1], lines=[replace(denied[1].lines[0], reasons=[("PR", "1", 15_000)])])
    world.take_in(remittance_file(era(denied[0]), isa=1))

    judged = world.take_in(
        remittance_file(
            era(denied[1]),
            era(denied[1]),
            era(changed, denied[2]),
            era(denied[2]),
            era(denied[3], denied[0]),
            isa=2,
        )
    )

    told = ["about other claims", "be posted", "taken in before", "says something else"]
    told += ["about other claims", "be posted", "says something else"]
    assert len(judged.sentences) == len(told)
    assert [words in line for words, line in zip(told, judged.sentences, strict=True)] == [True] * 7
    assert posted(world) == [(0, world.pcn(one)), (1, world.pcn(two)), (2, world.pcn(three))]
    assert len(set(judged.remittance_ids)) == 2
    assert len(asked(world)) == 2


@pytest.mark.parametrize("sets", [3, 12])
@pytest.mark.parametrize(
    ("first", "second", "is_one_name", "passes"),
    [
        # For what they say; for the claims of those that say something else; to store.
        (PAID, PAID, False, 1),
        (PAID, ("CO", "50", 6_000), False, 2),
        (PAID, ("CO", "50", 6_000), True, 2),
        (DENIED[0], ("PR", "1", 15_000), False, 2),
        (DENIED[0], None, False, 3),
        (DENIED[0], None, True, 3),
    ],
    ids=["the same", "changed", "changed, one name", "no money", "others", "others, one name"],
)
def test_a_file_is_gone_through_as_often_however_many_of_its_sets_have_a_taken_name(
    world: PayerWorld,
    monkeypatch: pytest.MonkeyPatch,
    sets: int,
    first: Reason,
    second: Reason | None,
    is_one_name: bool,
    passes: int,
) -> None:
    """`second` None: what the first said, of other claims."""
    (claim,) = claims(world, 1)

    def file(pcn: str, reason: Reason, isa: int) -> bytes:
        every = range(sets)
        eras = [era(world.answer_of(claim, reason, pcn=f"{pcn}{each}")) for each in every]
        traces = ["T9" if is_one_name else f"T{each}" for each in every]
        of_traces = zip(eras, traces, strict=True)
        return remittance_file(*(replace(one, trace=trace) for one, trace in of_traces), isa=isa)

    world.take_in(file("A", first, 1))
    again = file("A" if second else "B", second or first, 2)

    assert passes_of(world, monkeypatch, again) == passes
