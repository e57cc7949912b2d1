"""Letters and documents to a payer whose mail is posted here: on the list, marked once, and proven
by the mailing; no file of them goes anywhere."""

import datetime as dt
import io
from collections.abc import Sequence

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from casework import mail_lists, mail_papers, sending, withdrawals
from casework.refusals import Stale
from db.models import AppealCase, Document, MailPaper, Outbox, Wait
from domain.denials import DenialRoute
from domain.encounter import ClaimStage
from domain.tasks import Role, TaskKind, TaskStatus
from forms.mail_list import list_pdf
from tests.casework.office import CHARGE, answered, today, visit
from tests.casework.test_attachments import chart, choose
from tests.casework.test_mail_pieces import TRACKING, mail, pieces, printed_here
from tests.scenarios.play import Play


def signed(office: Play) -> AppealCase:
    """An appeal to a payer whose mail is posted here."""
    visit(office)
    answered(office, "A1", [("CO", "50", CHARGE)])
    printed_here(office)
    office.answer(TaskKind.DENIAL, route=DenialRoute.APPEAL)
    office.answer(TaskKind.APPEAL_REVIEW)
    (case,) = office.letters()
    return case


def papers(office: Play) -> Sequence[MailPaper]:
    office.session.expire_all()
    return mail_papers.waiting(office.session, office.engine.now)


def waits_for(office: Play) -> str:
    return office.session.scalars(select(Wait.what).where(Wait.ended_at.is_(None))).one()


def files(office: Play) -> Sequence[str]:
    return office.session.scalars(select(Outbox.name).where(Outbox.route == "mail")).all()


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_letter_waits_on_the_list_and_no_file_goes(office: Play) -> None:
    case = signed(office)

    (paper,) = papers(office)
    assert (paper.kind, paper.reference) == ("letter", case.reference)
    assert paper.document_id == case.document_id
    assert files(office) == []
    assert waits_for(office) == "the appeal to Alpha Health to be printed and posted"


def test_marked_as_mailed_the_payers_days_begin_and_the_mailing_is_the_proof(
    office: Play,
) -> None:
    case = signed(office)
    (paper,) = papers(office)
    office.pass_to(today(office) + 1)
    posted_on = office.engine.now.today - dt.timedelta(days=1)

    mail(office, paper, on=posted_on, tracking=TRACKING)

    assert papers(office) == []
    assert case.sent_at == office.engine.now.at
    assert case.answer_due_on == posted_on + dt.timedelta(days=case.claim.payer.decision_days)
    assert waits_for(office) == "the decision of Alpha Health on our appeal"
    (mailing,) = mail_lists.mailed(office.session)
    assert (mailing.tracking, mailing.papers) == (TRACKING, [paper])
    printed = mail_lists.sheet(office.session, mailing.papers, office.engine.now, mailing)
    text = text_of(list_pdf(printed))
    assert str(case.reference) in text
    assert TRACKING in text


def test_a_letter_that_is_not_posted_by_the_next_business_day_is_asked_about(
    office: Play,
) -> None:
    signed(office)
    office.pass_to(today(office) + 4)

    (task,) = office.open_tasks(TaskKind.FOLLOW_UP)
    (paper,) = papers(office)
    mail(office, paper)

    assert task.title == "The appeal to Alpha Health is not posted yet"
    assert task.status is TaskStatus.WITHDRAWN
    assert office.claim("A1").stage is ClaimStage.APPEALED


def test_the_second_person_learns_who_posted_the_letter(office: Play) -> None:
    signed(office)
    (paper,) = papers(office)
    mail(office, paper)

    with pytest.raises(Stale, match=r"Ana.* marked M\d+ as mailed first"):
        mail(office, paper, by=Role.SUPERVISOR)


def test_a_letter_whose_claim_was_decided_meanwhile_leaves_the_list(office: Play) -> None:
    case = signed(office)

    case.status = "won"
    office.session.flush()

    assert papers(office) == []


def test_records_go_with_what_the_payer_asked_for(office: Play) -> None:
    made = visit(office)
    note = chart(office, made)
    answered(office, "A1", [("CO", "252", CHARGE)], status="4", rarcs=["N706"])
    printed_here(office)

    office.answer(TaskKind.DENIAL, route="send_records")
    office.answer(TaskKind.APPEAL_REVIEW)

    (paper,) = papers(office)
    assert mail_papers.named(paper) == "Letter, 1 enclosed"
    assert paper.enclosed_ids == [note.id]
    assert files(office) == []


def test_a_document_beside_a_claim_waits_with_its_form_under_its_cover_sheet(
    office: Play,
) -> None:
    made = visit(office)
    answered(office, "A1", [("CO", "16", CHARGE)], status="4")
    printed_here(office)
    number = choose(office, made)
    office.answer(TaskKind.DENIAL, route="correct")
    office.pass_to(4)

    (paper,), (piece,) = papers(office), pieces(office)
    again = sending.send(office.session, office.claim("A1"), office.engine.now)
    (same,) = papers(office)
    newer = pieces(office)[-1]
    mail(office, newer, same)
    sending.send(office.session, office.claim("A1"), office.engine.now)

    sheet = office.session.get_one(Document, same.document_id)
    assert (paper.id, paper.reference, paper.kind) == (same.id, number, "attachment")
    assert again == "To be printed and posted to Alpha Health"
    assert newer.id != piece.id
    assert newer.submission.pcn in text_of(sheet.content)
    assert papers(office) == []
    assert files(office) == []


def test_a_document_of_a_claim_that_stays_here_is_not_posted(office: Play) -> None:
    made = visit(office)
    answered(office, "A1", [("CO", "16", CHARGE)], status="4")
    printed_here(office)
    choose(office, made)
    office.answer(TaskKind.DENIAL, route="correct")
    office.pass_to(4)
    waited = len(papers(office))

    withdrawals.withdraw(office.session, office.claim("A1"), "overtaken", office.engine.now)

    assert (waited, papers(office)) == (1, [])


def test_the_list_names_a_letter_by_its_number_and_no_patient(office: Play) -> None:
    case = signed(office)

    text = text_of(list_pdf(mail_lists.sheet(office.session, papers(office), office.engine.now)))

    assert "1 letter or document" in text
    assert str(case.reference) in text
    assert case.claim.encounter.patient.last_name not in text
