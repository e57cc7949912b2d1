import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.base import Base
from db.models import Entry, PayerAlias, RawFile, Remittance, Subject
from domain.encounter import ClaimStage
from tests.casework.payer_files import Clp, Era, Svc, ack_999, interchange, remittance_file
from tests.casework.payer_world import PayerWorld, originator, payer_world


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


def era(world: PayerWorld, *claims: Clp, **said: object) -> Era:
    usual = {"payer": "ALPHA", "originator": originator("ALPHA"), "trace": "T9"}
    return Era(claims=claims, **{**usual, **said})  # type: ignore[arg-type]


def test_the_same_file_twice_changes_nothing_the_second_time(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    content = remittance_file(era(world, world.answer_of(claim, ("CO", "45", 6000))))
    world.post(world.take_in(content))
    before = _counts(world.session)

    judged = world.take_in(content, "again.x12")

    assert judged.verdict == "repeated"
    (sentence,) = judged.sentences
    assert sentence == (
        "again.x12: the same file was taken in on 2026-01-05 as answer.x12; nothing was changed, "
        "and nothing needs to be done."
    )
    assert _counts(world.session) == before


def test_the_same_remittance_in_a_new_envelope_posts_nothing_and_says_so(
    world: PayerWorld,
) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    same = era(world, world.answer_of(claim, ("CO", "45", 6000)))
    world.post(world.take_in(remittance_file(same, isa=1)))
    before = world.session.scalar(select(func.count(Entry.id)))

    judged = world.take_in(remittance_file(same, isa=2))
    world.post(judged)

    assert judged.verdict == "repeated"
    assert "was taken in before; it posts nothing" in judged.sentences[0]
    assert world.session.scalar(select(func.count(Entry.id))) == before
    assert world.session.scalar(select(func.count(Remittance.id))) == 1


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 not a claim", b"\x00\xff" * 200])
def test_what_is_not_x12_is_one_task_and_nothing_else(world: PayerWorld, content: bytes) -> None:
    judged = world.take_in(content, "letter.pdf")

    (task,) = world.open_tasks()
    assert judged.verdict == "quarantined"
    assert judged.sentences == (
        "letter.pdf: segment 1 (ISA): this is not an X12 file. Ask the sender for it again.",
    )
    assert (task.kind, task.queue) == ("quarantined_file", "administrator")


def test_a_truncated_835_posts_nothing_and_registers_no_key(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    content = remittance_file(era(world, world.answer_of(claim, ("CO", "45", 6000))))

    judged = world.take_in(content[: len(content) * 2 // 3])
    whole = world.take_in(content)
    world.post(whole)

    (task,) = world.open_tasks()
    assert (judged.verdict, task.kind) == ("quarantined", "quarantined_file")
    assert whole.verdict == "taken"
    assert world.balances()["cash:bank"] == 9000


def test_an_835_off_by_a_cent_is_one_task_that_shows_the_arithmetic(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    bad = era(world, world.answer_of(claim, ("CO", "45", 6000)), paid=9001)

    judged = world.take_in(remittance_file(bad), "era.x12")

    (task,) = world.open_tasks()
    assert judged.verdict == "quarantined"
    assert judged.sentences == (
        (
            "era.x12: remittance T9 (interchange 000000001, set 0001): Payment (BPR, segment 2): "
            "claims pay $90.00, less provider adjustments $0.00 makes $90.00, but BPR02 says "
            "$90.01. Nothing of it was posted; ask the payer for a corrected file."
        ),
    )
    assert task.kind == "posting_exception"
    assert task.details["rows"] == [
        ["claim 1, line 1 (segment 10)", "$150.00", "$60.00", "$90.00", "$0.00"],
        ["payment (segment 2)", "$90.00", "$0.00", "$90.01", "−$0.01"],
    ]
    assert world.session.scalar(select(func.count(Remittance.id))) == 0
    assert claim.stage is ClaimStage.ACCEPTED


def test_the_corrected_file_posts_and_withdraws_the_question(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    answer = world.answer_of(claim, ("CO", "45", 6000))
    world.take_in(remittance_file(era(world, answer, paid=9001)))

    world.post(world.take_in(remittance_file(era(world, answer), isa=2)))

    assert world.open_tasks() == []
    assert world.balances()["cash:bank"] == 9000
    files = world.session.scalars(select(Subject).where(Subject.key.startswith("file:"))).all()
    assert [subject.is_open for subject in files] == [False]


def test_a_bad_interchange_does_not_hold_up_a_good_one(world: PayerWorld) -> None:
    one, two = (world.claim(world.encounter([("99213", 15000)])) for _ in range(2))
    bad = era(world, world.answer_of(one, ("CO", "45", 6000)), paid=9001)
    good = era(world, world.answer_of(two, ("CO", "45", 5000)), trace="T10")

    judged = world.take_in(remittance_file(bad, isa=1) + remittance_file(good, isa=2))
    world.post(judged)

    assert judged.verdict == "quarantined"
    assert [task.kind for task in world.open_tasks()] == ["posting_exception"]
    assert (one.stage, two.stage) == ("accepted", "adjudicated")


@pytest.mark.parametrize(
    ("set_id", "guide"), [("837", "005010X223A2"), ("837", "004010X096A1"), ("997", "005010X230")]
)
def test_a_set_that_nobody_should_send_us_is_quarantined_and_named(
    world: PayerWorld, set_id: str, guide: str
) -> None:
    content = interchange("HC", guide, set_id, [(guide, [])], isa=1)

    judged = world.take_in(content)

    assert judged.verdict == "quarantined"
    (task,) = world.open_tasks()
    assert task.kind == "quarantined_file"
    assert f"a set {set_id} ({guide})" in judged.sentences[0]


def test_a_payer_nobody_knows_is_asked_about_and_then_taken_in(world: PayerWorld) -> None:
    world.payer("ALPHA")
    answer = Clp(pcn="NOT-OURS", lines=[Svc(charge=9000)])
    unknown = Era(claims=[answer], payer="OMEGA", originator="1777777777", trace="T1")
    judged = world.take_in(remittance_file(unknown))
    (task,) = world.open_tasks()
    world.session.add(PayerAlias(alias="777777777", payer_id=world.payer("ALPHA").id))
    world.session.flush()

    words = world.answer(task, action="take_in")

    assert judged.verdict == "quarantined"
    assert words == "The file was taken in after all"
    assert world.session.scalars(select(Remittance.trace_number)).all() == ["T1"]


def test_a_payer_is_known_by_the_claims_it_answers(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    unnamed = Era(
        claims=[world.answer_of(claim, ("CO", "45", 6000))],
        payer="A L P H A",
        originator="1888888888",
    )

    judged = world.take_in(remittance_file(unnamed))

    assert judged.verdict == "taken"


def test_an_acknowledgment_of_nothing_of_ours_is_one_question(world: PayerWorld) -> None:
    judged = world.take_in(ack_999(77))

    (task,) = world.open_tasks()
    assert judged.verdict == "taken"
    assert judged.sentences == (
        "answer.x12: 999 77: nothing of ours has that number; asked a biller.",
    )
    assert (task.kind, task.details["case"]) == ("posting_exception", "foreign_ack")
    assert (task.details["kinds"], task.details["pcns"]) == (["999"], ["77"])


def test_what_was_judged_is_kept_with_the_file(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    judged = world.take_in(remittance_file(era(world, world.answer_of(claim, ("CO", "45", 6000)))))

    file = world.session.get_one(RawFile, judged.raw_file_id)
    assert (file.kinds, file.judgement, file.words) == ("835", "taken", judged.sentences[0])
    assert file.received_at == dt.datetime(2026, 1, 5, 15, tzinfo=dt.UTC)


def _counts(session: Session) -> dict[str, int]:
    return {
        table.name: int(session.scalar(select(func.count()).select_from(table)) or 0)
        for table in Base.metadata.sorted_tables
    }
