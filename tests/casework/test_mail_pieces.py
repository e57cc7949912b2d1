"""Claims that are printed here: one list to post, marked as mailed once, which is the sending and
the proof."""

import datetime as dt
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from casework import (
    answers,
    claim_edits,
    form_cuts,
    mail_pieces,
    payer_channels,
    proofs,
)
from casework.refusals import Forbidden, Refused, Stale
from db.models import Document, MailPaper, MailPiece, Outbox, Payer, Wait
from domain.encounter import ClaimStage
from domain.filing_proof import ProofKind
from domain.findings import EditRule, Severity
from domain.tasks import Role, TaskKind, TaskStatus
from tests.casework.office import answered, claims, today, visit
from tests.scenarios.play import Play
from tests.scenarios.premises import DEPARTMENT

TRACKING = "9400 1000 0000 0000 0000 00"


def printed_here(office: Play, channel: str = "printed") -> None:
    payer = office.session.scalars(select(Payer).where(Payer.payer_no == "ALPHA")).one()
    payer_channels.choose(office.session, payer, channel, office.people[Role.ADMINISTRATOR])


def to_post(office: Play, name: str = "A1", *, patient: str = "P1") -> MailPiece:
    """A visit whose claim form waits to be posted."""
    printed_here(office)
    visit(office, name, patient=patient, until_sent=False)
    return pieces(office)[-1]


def pieces(office: Play) -> Sequence[MailPiece]:
    office.session.expire_all()
    return office.session.scalars(select(MailPiece).order_by(MailPiece.id)).all()


def mail(
    office: Play,
    *chosen: MailPiece | MailPaper,
    by: Role = Role.BILLER,
    on: dt.date | None = None,
    tracking: str = "",
) -> None:
    now = office.engine.now
    mail_pieces.mark_mailed(
        office.session, [piece.uuid for piece in chosen],
        mailed_on=on or now.today, tracking=tracking, by=office.people[by], now=now,
    )  # fmt: skip
    office.react()


def test_the_form_waits_and_nothing_counts_as_sent(office: Play) -> None:
    piece = to_post(office)

    claim = office.claim("A1")
    assert (claim.stage, piece.submission.sent_at) == (ClaimStage.READY, None)
    assert (piece.form, piece.pages) == ("CMS-1500", 1)
    assert office.session.scalars(select(Outbox.id)).all() == []
    assert proofs.best(office.session, claim, office.engine.now) is None
    wait = office.session.scalars(select(Wait).where(Wait.ended_at.is_(None))).one()
    assert wait.what == "the form for Alpha Health to be printed and posted"


def test_marked_as_mailed_it_is_sent_and_the_date_and_number_are_the_proof(office: Play) -> None:
    piece = to_post(office)
    office.pass_to(today(office) + 1)

    mail(office, piece, on=office.engine.now.today - dt.timedelta(days=1), tracking=TRACKING)

    claim = office.claim("A1")
    (submission,) = office.submissions(claim)
    assert claim.stage is ClaimStage.ACCEPTED
    assert submission.sent_at == office.engine.now.at
    proof = proofs.best(office.session, claim, office.engine.now)
    assert proof is not None
    assert (proof.kind, proof.number) == (ProofKind.MAILED, TRACKING)
    assert proof.on == office.engine.now.today - dt.timedelta(days=1)
    kinds = select(Document.kind).where(Document.claim_id == claim.id)
    assert office.session.scalars(kinds).all() == ["claim form"]


def test_the_second_person_learns_who_was_first_and_changes_nothing(office: Play) -> None:
    piece = to_post(office)
    other = to_post(office, "A2", patient="P2")
    mail(office, piece)

    with pytest.raises(Stale, match=r"Ana.* marked C\d+V1S1 as mailed first"):
        mail(office, piece, other, by=Role.SUPERVISOR)

    assert [one.mailing_id is not None for one in pieces(office)] == [True, False]
    assert office.claim("A2").stage is ClaimStage.READY


@pytest.mark.parametrize("days", [-1, 1])
def test_a_day_on_which_it_cannot_have_been_posted_is_refused(office: Play, days: int) -> None:
    piece = to_post(office)

    with pytest.raises(Refused, match="Give the day on which they were posted"):
        mail(office, piece, on=office.engine.now.today + dt.timedelta(days=days))

    assert pieces(office)[0].mailing_id is None


def test_only_those_who_bill_post_claims(office: Play) -> None:
    piece = to_post(office)

    with pytest.raises(Forbidden):
        mail(office, piece, by=Role.CODER)


def test_what_is_not_posted_by_the_next_business_day_is_asked_about(office: Play) -> None:
    piece = to_post(office)

    office.pass_to(today(office) + 4)

    (task,) = office.open_tasks(TaskKind.FOLLOW_UP)
    assert task.title == "The claim to Alpha Health is not posted yet"
    assert len(office.submissions(office.claim("A1"))) == 1
    mail(office, piece)
    assert task.status is TaskStatus.WITHDRAWN
    assert office.claim("A1").stage is ClaimStage.ACCEPTED


def test_a_biller_who_says_that_it_will_be_posted_is_asked_again(office: Play) -> None:
    to_post(office)
    office.pass_to(today(office) + 4)

    office.answer(TaskKind.FOLLOW_UP)

    assert office.claim("A1").stage is ClaimStage.READY
    office.pass_to(today(office) + 20)
    assert len(office.open_tasks(TaskKind.FOLLOW_UP)) == 1


def test_an_answer_that_comes_first_takes_the_form_off_the_list(office: Play) -> None:
    piece = to_post(office)

    answered(office, "A1", [("CO", "45", 6_000)])

    assert piece.submission.ack_status == "withdrawn"
    with pytest.raises(Refused, match="not to be posted any more"):
        mail(office, piece)


def test_a_payer_that_takes_files_again_is_sent_the_claim_once(office: Play) -> None:
    to_post(office)
    printed_here(office, "edi")

    office.pass_to(today(office) + 6)

    claim = office.claim("A1")
    assert [(row.channel, row.ack_status) for row in office.submissions(claim)] == [
        ("paper", "withdrawn"),
        ("edi", "accepted"),
    ]


def test_a_facility_claim_to_a_payer_that_takes_paper_goes_on_a_ub04(office: Play) -> None:
    printed_here(office)

    visit(office, place=DEPARTMENT, until_sent=False)

    forms = {piece.claim.form.value: piece.form for piece in pieces(office)}
    assert forms == {"P": "CMS-1500", "I": "UB-04"}
    assert {claim.stage for claim in claims(office)} == {ClaimStage.READY}


def test_a_print_service_gets_a_facility_claim_on_a_ub04(office: Play) -> None:
    printed_here(office, "paper")

    visit(office, place=DEPARTMENT)

    (facility,) = [claim for claim in claims(office) if claim.form.value == "I"]
    (submission,) = office.submissions(facility)
    names = select(Outbox.name, Outbox.content).where(Outbox.name.contains(submission.pcn))
    sent = {row.name: row.content for row in office.session.execute(names)}
    assert b"UB-04" in sent[f"claim-{submission.pcn}.pdf"]
    assert b'"revenue_code": "0510"' in sent[f"claim-{submission.pcn}.json"]
    assert pieces(office) == []


def test_what_does_not_fit_the_form_is_a_finding_and_nothing_is_printed(office: Play) -> None:
    printed_here(office)

    visit(office, member_id="A" * 40, until_sent=False)

    (task,) = office.open_tasks(TaskKind.EDIT_FIX)
    assert "paper_form" in task.details["rules"]
    asked = answers.question(office.session, task)
    words = " ".join(f"{s.title} {s.text} {s.facts} {s.rows}" for s in asked.sections)
    assert "29 characters, 40 are given" in f"{asked.lead} {words}"
    assert pieces(office) == []
    assert "What its paper form does not hold" in words
    assert "item 1a: ID" in words
    assert "A" * 40 not in task.title


def test_a_name_that_is_cut_is_a_warning_and_the_form_waits(office: Play) -> None:
    printed_here(office)
    payer = office.session.scalars(select(Payer).where(Payer.payer_no == "ALPHA")).one()
    payer.name = "Alpha Health and Accident Mutual of the Upper River"

    visit(office, until_sent=False)

    (piece,) = pieces(office)
    found = claim_edits.findings(office.session, office.claim("A1"), office.engine.now)
    warned = {(each.place, each.severity) for each in found if each.rule is EditRule.PAPER_FORM}
    assert warned == {
        ("the payer's address on top: name", Severity.WARN), ("item 11c: plan", Severity.WARN),
    }  # fmt: skip
    lost = form_cuts.of(piece.claim, piece.submission, office.engine.now)
    assert [each.fits for each in lost] == [
        "ALPHA HEALTH AND ACCIDENT MUTUAL OF THE", "ALPHA HEALTH AND ACCIDENT MUT",
    ]  # fmt: skip


def test_a_form_that_can_no_longer_be_printed_is_not_marked_as_mailed(office: Play) -> None:
    """The payer was renamed, in letters that a form has not, after the form was queued."""
    piece = to_post(office)
    payer = office.session.scalars(select(Payer).where(Payer.payer_no == "ALPHA")).one()
    payer.name = "Альфа"

    with pytest.raises(Refused, match="cannot have been printed: the payer"):
        mail(office, piece)
