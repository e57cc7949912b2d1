"""What was lost in the mail is posted again, form or letter, and sends nothing twice."""

import pytest
from sqlalchemy import select

from casework import mail_lists, mail_papers, mail_reprints, proofs, withdrawals
from casework.mail_reprints import Posted
from casework.refusals import Forbidden, Refused, Stale
from db.models import AuditEvent, Journal, MailPaper, MailPiece
from domain.denials import DenialRoute
from domain.encounter import ClaimStage
from domain.tasks import Role, TaskKind
from forms.mail_list import list_pdf
from tests.casework.office import CHARGE, answered, today, visit
from tests.casework.test_attachments import choose
from tests.casework.test_mail_papers import files, papers, signed, text_of, waits_for
from tests.casework.test_mail_pieces import TRACKING, mail, printed_here, to_post
from tests.scenarios.play import Play


def again(office: Play, lost: Posted, because: str = "lost", by: Role = Role.BILLER) -> Posted:
    return mail_reprints.print_again(
        office.session, lost, because, office.people[by], office.engine.now
    )


def posted_letter(office: Play) -> MailPaper:
    signed(office)
    (paper,) = papers(office)
    mail(office, paper)
    return paper


def test_a_lost_form_is_posted_again_and_is_no_second_sending(office: Play) -> None:
    piece = to_post(office)
    mail(office, piece)
    sent_at = piece.submission.sent_at
    office.pass_to(today(office) + 3)

    made = again(office, piece, "returned as undeliverable")
    assert isinstance(made, MailPiece)
    mail(office, made, tracking=TRACKING)

    claim = office.claim("A1")
    (submission,) = office.submissions(claim)
    assert (submission.sent_at, claim.stage) == (sent_at, ClaimStage.ACCEPTED)
    assert made.submission.pcn == submission.pcn
    first, second = proofs.of_claim(office.session, claim, office.engine.now)
    assert (first.words, second.number) == ("Posted on paper.", TRACKING)
    assert second.words.startswith("Posted on paper again")
    with pytest.raises(Stale, match="printed again first"):
        again(office, piece, by=Role.SUPERVISOR)


def test_a_lost_letter_is_posted_again_and_the_payers_days_stay(office: Play) -> None:
    paper = posted_letter(office)
    (case,) = office.letters()
    due_on, sent_at = case.answer_due_on, case.sent_at
    office.pass_to(today(office) + 5)

    made = again(office, paper, " came back ")

    assert papers(office) == [made]
    assert isinstance(made, MailPaper)
    assert (made.reference, made.document_id) == (paper.reference, paper.document_id)
    assert made.because == "came back"
    listed = mail_lists.sheet(office.session, [made], office.engine.now)
    assert "again, after a loss" in text_of(list_pdf(listed))
    mail(office, made, tracking=TRACKING)
    assert papers(office) == []
    assert files(office) == []
    assert (case.answer_due_on, case.sent_at, case.status) == (due_on, sent_at, "sent")
    assert waits_for(office) == "the decision of Alpha Health on our appeal"
    told = office.session.scalars(select(Journal.words).where(Journal.step == "mailed")).all()
    assert any(f"to Alpha Health again on {office.engine.now.today}" in words for words in told)


def test_whoever_is_second_learns_who_had_the_letter_posted_again(office: Play) -> None:
    paper = posted_letter(office)
    again(office, paper)

    with pytest.raises(Stale, match=r"Ana.* had M\d+ printed again first"):
        again(office, paper, by=Role.SUPERVISOR)

    assert len(papers(office)) == 1
    events = select(AuditEvent.object_key).where(AuditEvent.action == "printed again")
    assert office.session.scalars(events).all() == [str(paper.uuid)]


def test_what_was_posted_again_may_be_lost_again(office: Play) -> None:
    made = again(office, posted_letter(office))
    assert isinstance(made, MailPaper)
    mail(office, made)

    third = again(office, made)

    assert papers(office) == [third]
    assert mail_papers.find(office.session, third.claim, made.reference) != third


@pytest.mark.parametrize(
    ("because", "by", "error"),
    [(" ", Role.BILLER, Refused), ("lost", Role.CODER, Forbidden)],
)
def test_a_letter_is_posted_again_for_a_reason_and_by_those_who_post(
    office: Play, because: str, by: Role, error: type[Exception]
) -> None:
    paper = posted_letter(office)

    with pytest.raises(error):
        again(office, paper, because, by)

    assert papers(office) == []


def test_a_letter_that_still_waits_is_printed_as_it_is(office: Play) -> None:
    signed(office)
    (paper,) = papers(office)

    with pytest.raises(Refused, match="not mailed yet"):
        again(office, paper)


def test_a_letter_that_was_decided_is_not_posted_again(office: Play) -> None:
    paper = posted_letter(office)
    (case,) = office.letters()
    case.status = "won"
    office.session.flush()

    assert mail_papers.wanted(office.session, [paper]) == set()
    with pytest.raises(Refused, match="not to be posted any more"):
        again(office, paper)


def test_a_lost_document_is_posted_again_under_its_number_while_its_claim_goes(
    office: Play,
) -> None:
    made = visit(office)
    answered(office, "A1", [("CO", "16", CHARGE)], status="4")
    printed_here(office)
    number = choose(office, made)
    office.answer(TaskKind.DENIAL, route=DenialRoute.CORRECT)
    office.pass_to(4)
    (paper,) = papers(office)
    mail(office, paper)

    once_more = again(office, paper)

    assert isinstance(once_more, MailPaper)
    assert (once_more.reference, once_more.enclosed_ids) == (number, paper.enclosed_ids)
    withdrawals.withdraw(office.session, office.claim("A1"), "overtaken", office.engine.now)
    assert papers(office) == []
