import pytest
from sqlalchemy.orm import Session

from casework import answers
from casework.refusals import Refused
from db.models import Subject
from tests.casework.payer_files import Era, remittance_file
from tests.casework.payer_world import PayerWorld, originator, payer_world


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


def test_the_proposed_answer_closes_the_question_and_its_subject(world: PayerWorld) -> None:
    world.take_in(b"not X12", "letter.pdf")
    (task,) = world.open_tasks()

    words = world.answer(task)

    assert words == "The sender was asked for the file again"
    assert world.open_tasks() == []
    assert not world.session.get_one(Subject, task.subject).is_open


def test_a_damaged_file_is_never_taken_in(world: PayerWorld) -> None:
    world.take_in(b"not X12", "letter.pdf")
    (task,) = world.open_tasks()

    with pytest.raises(Refused):
        world.answer(task, action="take_in")


def test_a_payer_still_unknown_is_refused_with_the_reason(world: PayerWorld) -> None:
    unknown = Era(claims=[], payer="OMEGA", originator="1777777777", paid=0)
    world.take_in(remittance_file(unknown))
    (task,) = world.open_tasks()

    with pytest.raises(Refused) as refused:
        world.answer(task, action="take_in")

    assert "is not one of ours" in refused.value.problems["action"].words


def test_the_page_of_an_unbalanced_835_shows_each_sum(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    bad = Era(
        claims=[world.answer_of(claim, ("CO", "45", 6000))],
        payer="ALPHA",
        originator=originator("ALPHA"),
        paid=9001,
    )
    world.take_in(remittance_file(bad))
    (task,) = world.open_tasks()

    asked = answers.question(world.session, task)
    words = world.answer(task)

    assert asked.sections[1].rows[-1] == (
        "payment (segment 2)",
        "$90.00",
        "$0.00",
        "$90.01",
        "−$0.01",
    )
    assert words == "The file is not used; a corrected one is taken in when it comes"


def test_a_corrected_835_posts_after_its_question_was_answered(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    answer = world.answer_of(claim, ("CO", "45", 6000))
    said = {"payer": "ALPHA", "originator": originator("ALPHA")}
    world.take_in(remittance_file(Era(claims=[answer], paid=9001, **said)))  # type: ignore[arg-type]
    (task,) = world.open_tasks()
    world.answer(task)

    world.post(world.take_in(remittance_file(Era(claims=[answer], **said), isa=2)))  # type: ignore[arg-type]

    assert world.balances()["cash:bank"] == 9000
