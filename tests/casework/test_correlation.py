"""An answer finds its claim by every key that the world echoes; what none settles is proposed to a
person, and has no effect until somebody agrees."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import answers
from db.models import Ack, Claim, EligibilityCheck, RemitClaim, StatusInquiry, Submission, Task
from domain.encounter import ClaimStage
from tests.casework.payer_files import Clp, Svc, interchange
from tests.casework.payer_world import PayerWorld, originator, payer_world

ICN, TRACE = "ICN7", "CH-0007"


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


def sent(world: PayerWorld) -> Submission:
    claim = world.claim(world.encounter([("99213", 15000)]), stage=ClaimStage.SUBMITTED)
    return world.session.scalars(select(Submission).where(Submission.pcn == world.pcn(claim))).one()


def status_277ca(
    pcn: str,
    *more: str,
    category: str = "A2",
    source: str = "PR",
    member: str = "NOBODY",
    last: str = "STRANGER",
    charge: str = "150",
    isa: int = 8,
) -> bytes:
    """One claim; `more` are segments after its STC."""
    action = "WQ" if category in ("A1", "A2") else "U"
    body = [
        "BHT*0085*08*1*20260106*1200*TH",
        "HL*1**20*1",
        f"NM1*{source}*2*ALPHA*****PI*{originator('ALPHA')}",
        "HL*2*1*21*1",
        "NM1*41*2*CEDAR HOLLOW*****46*CEDARHOLLOW",
        "TRN*2*B1",
        "STC*A1:19:PR*20260106*WQ*150",
        "HL*3*2*PT",
        f"NM1*QC*1*{last}*WILMA****MI*{member}",
        f"TRN*2*{pcn}",
        f"STC*{category}:20*20260106*{action}*{charge}",
        *more,
    ]
    return interchange("HN", "005010X214", "277", [("005010X214", body)], isa=isa)


def _lines(submission: Submission) -> list[str]:
    claim = submission.claim_version.claim
    return [
        segment
        for line in claim.encounter.charge_lines
        for segment in (f"SVC*HC:{line.code}*150", "STC*A2:20*20260106*WQ", f"REF*FJ*L{line.id}")
    ]


def _keys(submission: Submission, key: str) -> list[str]:
    match key:
        case "clearinghouse trace":
            return [f"REF*D9*{TRACE}"]
        case "payer claim number":
            return [f"REF*1K*{ICN}"]
        case _:
            return ["DTP*472*D8*20260105", *_lines(submission)]


@pytest.mark.parametrize("key", ["clearinghouse trace", "payer claim number", "line control"])
def test_without_our_number_an_answer_finds_its_claim_by(world: PayerWorld, key: str) -> None:
    sent(world)
    submission = sent(world)
    submission.payer_claim_number = ICN
    world.take_in(
        status_277ca(submission.pcn, f"REF*D9*{TRACE}", category="A1", source="AY", isa=7)
    )

    world.take_in(status_277ca("0", *_keys(submission, key)))

    assert world.open_tasks() == []
    assert submission.claim_version.claim.stage is ClaimStage.ACCEPTED
    kept = world.session.scalars(select(Ack).order_by(Ack.id)).all()
    assert [ack.submission_id for ack in kept] == [submission.id] * 2
    assert kept[0].clearinghouse_trace == TRACE


def test_keys_that_contradict_each_other_settle_nothing(world: PayerWorld) -> None:
    first, second = sent(world), sent(world)
    first.payer_claim_number = ICN
    world.take_in(status_277ca(second.pcn, f"REF*D9*{TRACE}", category="A1", source="AY", isa=7))

    world.take_in(status_277ca("0", f"REF*D9*{TRACE}", f"REF*1K*{ICN}", category="A7"))

    (task,) = world.open_tasks()
    assert task.details["case"] == "foreign_ack"
    assert {s.claim_version.claim.stage for s in (first, second)} == {ClaimStage.SUBMITTED}


def test_a_line_number_that_looks_like_ours_is_not_enough(world: PayerWorld) -> None:
    submission = sent(world)

    world.take_in(
        status_277ca("0", "DTP*472*D8*20260105", *_lines(submission), charge="77", category="A7")
    )

    assert submission.claim_version.claim.stage is ClaimStage.SUBMITTED
    assert len(world.open_tasks()) == 1


def _member(submission: Submission) -> str:
    return submission.claim_version.claim.coverage.member_id


def _asked(world: PayerWorld, task: Task) -> tuple[list[str], str]:
    """The choices and the recommended one."""
    (field,) = answers.question(world.session, task).fields
    return [option.value for option in field.options], field.values[0]


def test_patient_day_and_charge_are_a_proposal_that_does_nothing_by_itself(
    world: PayerWorld,
) -> None:
    submission = sent(world)
    claim = submission.claim_version.claim

    world.take_in(
        status_277ca("OTHER1", "DTP*472*D8*20260105", "REF*1K*ICN9", member=_member(submission))
    )

    (task,) = world.open_tasks()
    assert task.details["case"] == "unmatched_answer"
    assert _asked(world, task) == ([f"claim:{claim.id}", "not_ours"], f"claim:{claim.id}")
    assert (claim.stage, submission.accepted_at) == (ClaimStage.SUBMITTED, None)

    assert world.answer(task) == f"The answer was given to {claim.encounter.encounter_no}"
    assert (claim.stage, submission.payer_claim_number) == (ClaimStage.ACCEPTED, "ICN9")
    assert world.open_tasks() == []


def test_a_proposed_refusal_is_a_rejection_once_somebody_agrees(world: PayerWorld) -> None:
    submission = sent(world)
    file = status_277ca("OTHER1", "DTP*472*D8*20260105", member=_member(submission), category="A7")
    world.take_in(file)
    (task,) = world.open_tasks()

    world.answer(task)

    assert submission.claim_version.claim.stage is ClaimStage.REJECTED
    assert [one.kind for one in world.open_tasks()] == ["rejection"]


def test_who_says_that_it_is_not_ours_changes_nothing(world: PayerWorld) -> None:
    submission = sent(world)
    world.take_in(
        status_277ca("OTHER1", "DTP*472*D8*20260105", member=_member(submission), category="A7")
    )
    (task,) = world.open_tasks()

    words = world.answer(task, action="not_ours")

    assert words == "The answer is not about a claim of ours"
    assert submission.claim_version.claim.stage is ClaimStage.SUBMITTED
    assert world.open_tasks() == []


def test_two_claims_that_fit_alike_are_both_offered_and_neither_recommended(
    world: PayerWorld,
) -> None:
    submission = sent(world)
    claim = submission.claim_version.claim
    other = world.claim(claim.encounter, stage=ClaimStage.SUBMITTED)

    world.take_in(status_277ca("OTHER1", "DTP*472*D8*20260105", member=_member(submission)))

    (task,) = world.open_tasks()
    options, recommended = _asked(world, task)
    assert sorted(options) == sorted([f"claim:{claim.id}", f"claim:{other.id}", "not_ours"])
    assert recommended == "not_ours"


def test_another_day_or_too_little_is_no_proposal(world: PayerWorld) -> None:
    submission = sent(world)

    world.take_in(status_277ca("OTHER1", "DTP*472*D8*20250105", member=_member(submission)))

    (task,) = world.open_tasks()
    assert task.details["case"] == "foreign_ack"


def status_277(trace: str, *more: str, member: str = "NOBODY", isa: int = 9) -> bytes:
    body = [
        "BHT*0010*08*1*20260106*1200*DG",
        "HL*1**20*1",
        f"NM1*PR*2*ALPHA*****PI*{originator('ALPHA')}",
        "HL*2*1*22*0",
        f"NM1*IL*1*STRANGER*WILMA****MI*{member}",
        *([f"TRN*2*{trace}"] if trace else []),
        "STC*P1:20*20260106**150",
        *more,
    ]
    return interchange("HN", "005010X212", "277", [("005010X212", body)], isa=isa)


def _inquiry(world: PayerWorld, submission: Submission) -> StatusInquiry:
    row = StatusInquiry(submission_id=submission.id, attempt=1, asked_at=world.now.at)
    world.session.add(row)
    world.session.flush()
    return row


def test_a_277_without_our_trace_answers_the_inquiry_about_that_claim(world: PayerWorld) -> None:
    submission = sent(world)
    inquiry = _inquiry(world, submission)

    world.take_in(status_277("", f"REF*EJ*{submission.pcn}", "REF*1K*ICN9"))

    assert (inquiry.category, submission.payer_claim_number) == ("P1", "ICN9")
    assert world.open_tasks() == []


def test_a_277_that_nobody_asked_for_is_told_with_its_claim(world: PayerWorld) -> None:
    submission = sent(world)
    submission.payer_claim_number = ICN

    judged = world.take_in(status_277("UNASKED", f"REF*1K*{ICN}"))

    assert judged.sentences == (
        f"answer.x12: 277 for {submission.pcn}, which nobody asked for: P1.",
    )
    assert world.open_tasks() == []


def test_a_277_that_names_nothing_is_proposed(world: PayerWorld) -> None:
    submission = sent(world)
    inquiry = _inquiry(world, submission)
    world.take_in(status_277("ELSE1", "DTP*472*D8*20260105", member=_member(submission)))
    (task,) = world.open_tasks()
    assert inquiry.answered_at is None

    world.answer(task)

    assert inquiry.category == "P1"


def test_a_271_without_a_trace_is_proposed_for_the_open_question(world: PayerWorld) -> None:
    submission = sent(world)
    claim = submission.claim_version.claim
    check = EligibilityCheck(
        encounter_id=claim.encounter_id,
        coverage_id=claim.coverage_id,
        attempt=1,
        asked_at=world.now.at,
    )
    world.session.add(check)
    world.session.flush()
    body = [
        "BHT*0022*11*1*20260106*1200",
        "HL*1**20*1",
        f"NM1*PR*2*ALPHA*****PI*{originator('ALPHA')}",
        "HL*2*1*22*0",
        "TRN*2*THEIRS*9CLAIMFLOW1",
        f"NM1*IL*1*STRANGER*WILMA****MI*{claim.coverage.member_id}",
        "EB*1**30",
    ]

    world.take_in(interchange("HB", "005010X279A1", "271", [("005010X279A1", body)], isa=6))

    (task,) = world.open_tasks()
    assert check.answered_at is None
    world.answer(task)
    assert check.outcome == "active"


def test_an_835_without_our_number_finds_its_claim_by_lines_day_and_charge(
    world: PayerWorld,
) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    (line,) = world.lines(claim)
    svc = Svc(code="99213", charge=15000, reasons=[("CO", "45", 6000)], control=f"L{line.id}")

    world.pays(Clp(pcn="0", icn="NEW1", lines=[svc]))

    assert world.open_tasks() == []
    assert world.balances()["cash:bank"] == 9000
    assert world.session.scalars(select(RemitClaim)).one().claim_id == claim.id


def test_an_835_whose_line_number_only_looks_like_ours_is_a_proposal(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    (line,) = world.lines(claim)
    svc = Svc(code="99213", charge=7000, reasons=[("CO", "45", 6000)], control=f"L{line.id}")

    world.pays(Clp(pcn="0", icn="NEW1", lines=[svc]))

    (task,) = world.open_tasks()
    assert (task.details["case"], task.details["candidate_ids"]) == ("unmatched", [claim.id])
    assert world.session.get_one(Claim, claim.id).stage is ClaimStage.ACCEPTED
    assert world.owed(line) == 15000
