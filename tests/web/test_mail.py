"""The page of what is to be posted: read by three roles, marked once, printed with a correction."""

import io

from pypdf import PdfReader
from sqlalchemy import select

from casework import mail_papers, mail_pieces, payer_channels, submissions
from db.models import AuditEvent, Claim, Document, Mailing, MailPiece, Printer
from domain.encounter import ClaimStage
from tests.web.site import Site
from tests.web.test_claims import _claim


def to_post(site: Site) -> tuple[Claim, MailPiece]:
    """A claim whose form waits on the list."""
    payer_channels.choose(site.session, site.payer, "printed", site.users["ada"])
    claim = _claim(site, ClaimStage.EDITS)
    submission = submissions.latest(site.session, claim)
    submission.channel = "paper"
    piece = mail_pieces.queue(site.session, claim, submission, site.now)
    site.session.commit()
    return claim, piece


def test_the_list_shows_numbers_and_pages_and_no_patient(site: Site) -> None:
    _, piece = to_post(site)

    page = site.as_("ana").get("/mail").get_data(as_text=True)

    assert piece.submission.pcn in page
    assert "1 form, 1 page" in page
    assert site.payer.name in page
    assert site.encounter.patient.last_name not in page


def test_a_biller_marks_it_as_mailed_once(site: Site) -> None:
    claim, piece = to_post(site)
    typed = {
        "pieces": str(piece.uuid), "mailed_on": site.now.today.isoformat(), "tracking": "9400 1",
    }  # fmt: skip

    first = site.as_("ana").post("/mail", typed)
    second = site.as_("lee").post("/mail", typed)

    assert (first.status_code, second.status_code) == (303, 409)
    assert "marked" in second.get_data(as_text=True)
    site.session.expire_all()
    (mailing,) = site.session.scalars(select(Mailing)).all()
    assert (mailing.tracking, claim.stage) == ("9400 1", ClaimStage.ACCEPTED)
    page = site.as_("ana").get("/mail").get_data(as_text=True)
    assert "Nothing waits to be posted" in page
    assert "9400 1" in page


def test_nothing_chosen_or_no_day_is_refused_beside_the_field(site: Site) -> None:
    to_post(site)

    answer = site.as_("ana").post("/mail", {"mailed_on": "", "tracking": ""})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Choose what was posted." in page
    assert "Give the day on which they were posted" in page


def test_a_lost_form_goes_on_the_list_again_with_a_reason(site: Site) -> None:
    _, piece = to_post(site)
    ana = site.as_("ana")
    ana.post("/mail", {"pieces": str(piece.uuid), "mailed_on": site.now.today.isoformat()})
    path, reason = f"/mail/pieces/{piece.uuid}/again", f"because-{piece.uuid}"

    without = ana.post(path, {reason: " "})
    again = ana.post(path, {reason: "came back"})

    assert (without.status_code, again.status_code) == (422, 303)
    page = ana.get("/mail").get_data(as_text=True)
    assert "again: came back" in page
    assert page.count(piece.submission.pcn) > 1


def test_the_list_and_its_forms_are_printed_and_the_reading_is_recorded(site: Site) -> None:
    _, piece = to_post(site)
    printer = Printer(name="Front office", right_hundredths=10)
    site.session.add(printer)
    site.session.commit()
    ana = site.as_("ana")

    listed = ana.get("/mail/list.pdf")
    straight = ana.get("/mail/forms-cms-1500.pdf")
    moved = ana.get(f"/mail/forms-cms-1500.pdf?printer={printer.id}")

    assert piece.submission.pcn in _text(listed.data)
    assert piece.submission.pcn in _text(straight.data)
    assert straight.data != moved.data
    assert ana.get("/mail/forms-ub-04.pdf").status_code == 404
    read = select(AuditEvent.patient_id).where(AuditEvent.words == "printed a claim's form")
    assert set(site.session.scalars(read)) == {site.encounter.patient_id}


def test_what_is_cut_is_told_before_it_is_printed_and_no_name_on_the_list(site: Site) -> None:
    site.payer.name = "Acme Health and Accident Mutual of the Upper River"
    site.encounter.patient.last_name = "Featherstonehaugh-Cholmondeley"
    claim, piece = to_post(site)
    ana = site.as_("ana")

    listed = ana.get("/mail").get_data(as_text=True)
    chosen = ana.get(f"/claims/{claim.uuid}/form/{piece.submission_id}").get_data(as_text=True)
    encounter = ana.get(f"/encounters/{site.encounter.uuid}").get_data(as_text=True)

    assert "cut on the form" in listed
    assert "address on top: name; item 2: name" in listed
    assert "Featherstonehaugh" not in listed
    for page in (chosen, encounter):
        assert "FEATHERSTONEHAUGH-CHOLMONDEL<" in page
        assert "ACME HEALTH AND ACCIDENT MUTUAL OF THE<" in page


def test_a_form_that_does_not_fit_is_left_out_of_the_run_and_said(site: Site) -> None:
    claim, piece = to_post(site)
    site.payer.name = "Акме"
    site.session.commit()
    ana = site.as_("ana")

    listed = ana.get("/mail").get_data(as_text=True)
    path = f"/claims/{claim.uuid}/form/{piece.submission_id}"
    chosen = ana.get(path).get_data(as_text=True)

    assert "not printed: the payer&#39;s address on top: name: The form has no" in listed
    assert ana.get("/mail/forms-cms-1500.pdf").status_code == 404
    assert "It is not printed" in chosen
    assert "Open the PDF" not in chosen
    assert ana.get(f"{path}.pdf").status_code == 409


def test_an_auditor_reads_and_is_offered_nothing(site: Site) -> None:
    to_post(site)

    page = site.as_("otto").get("/mail").get_data(as_text=True)

    assert "Waits to be posted" in page
    assert "Mark as mailed" not in page
    assert "Print every" not in page


def test_the_page_asks_few_queries(site: Site) -> None:
    to_post(site)
    ana = site.as_("ana")

    with site.counting() as asked:
        ana.get("/mail")

    assert len(asked) <= 20


def _text(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_document_beside_a_claim_is_printed_from_the_list_and_marked_with_the_forms(
    site: Site,
) -> None:
    claim, piece = to_post(site)
    sheet, note = _document(site, "Cover sheet"), _document(site, "Operative note")
    mail_papers.queue(
        site.session, claim, mail_papers.ATTACHMENT, "A00000001", sheet, [note], site.now
    )
    site.session.commit()
    paper = mail_papers.find(site.session, claim, "A00000001")
    assert paper is not None
    ana = site.as_("ana")

    page = ana.get("/mail").get_data(as_text=True)
    listed = PdfReader(io.BytesIO(ana.get("/mail/list.pdf").data)).pages[0].extract_text()
    marked = ana.post(
        "/mail",
        {
            "pieces": [str(piece.uuid), str(paper.uuid)],
            "mailed_on": site.now.today.isoformat(),
        },
    )
    after = ana.get("/mail").get_data(as_text=True)

    assert f"/documents/{sheet.uuid}" in page
    assert f"/documents/{note.uuid}" in page
    assert site.encounter.patient.last_name not in page
    assert "A00000001" in listed
    assert marked.status_code == 303
    assert "1 form and 1 paper, by" in after
    assert "A00000001</a></th>" in after
    mailing = site.session.scalars(select(Mailing)).one()
    assert (len(mailing.pieces), len(mailing.papers)) == (1, 1)
    proof = ana.get(f"/mail/mailings/{mailing.uuid}.pdf").data
    assert "A00000001" in PdfReader(io.BytesIO(proof)).pages[0].extract_text()


def test_a_lost_document_goes_on_the_list_again_with_a_reason(site: Site) -> None:
    claim, piece = to_post(site)
    sheet = _document(site, "Cover sheet")
    mail_papers.queue(site.session, claim, mail_papers.ATTACHMENT, "A00000001", sheet, [], site.now)
    site.session.commit()
    paper = mail_papers.find(site.session, claim, "A00000001")
    assert paper is not None
    ana, both = site.as_("ana"), [str(piece.uuid), str(paper.uuid)]
    ana.post("/mail", {"pieces": both, "mailed_on": site.now.today.isoformat()})
    offered = ana.get("/mail").get_data(as_text=True)
    path, reason = f"/mail/papers/{paper.uuid}/again", f"because-{paper.uuid}"

    without = ana.post(path, {reason: " "})
    again = ana.post(path, {reason: "came back"})
    second = site.as_("lee").post(path, {reason: "came back"})

    assert path in offered
    assert path not in site.as_("otto").get("/mail").get_data(as_text=True)
    assert (without.status_code, again.status_code, second.status_code) == (422, 303, 409)
    assert "<details open>" in without.get_data(as_text=True)
    assert "Not posted again: 1 field" in without.get_data(as_text=True)
    page = ana.get("/mail").get_data(as_text=True)
    assert "again: came back" in page
    assert path not in page
    listed = PdfReader(io.BytesIO(ana.get("/mail/list.pdf").data)).pages[0].extract_text()
    assert "again, after a loss" in listed


def _document(site: Site, title: str) -> Document:
    row = Document(
        encounter_id=site.encounter.id, kind="note", title=title, mime="text/plain",
        sha256="0" * 64, content=b"text", received_at=site.now.at,
    )  # fmt: skip
    site.session.add(row)
    site.session.flush()
    return row
