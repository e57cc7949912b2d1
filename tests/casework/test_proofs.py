"""Proof of timely filing: kept with the claim, printed with its own segments, enclosed by us."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from casework import answers, proofs
from db.models import Ack, AppealCase, Claim, Document, Task
from domain.denials import DenialRoute
from domain.filing_proof import ProofKind
from domain.tasks import TaskKind
from forms.proof import proof_pdf
from tests.casework.office import CHARGE, answered, visit
from tests.casework.payer_files import ack_277ca
from tests.scenarios.play import Play

LATE = [("CO", "29", CHARGE)]


def test_the_payers_acceptance_is_kept_with_its_number_its_day_and_its_place(office: Play) -> None:
    visit(office)
    claim = office.claim("A1")
    (submission,) = office.submissions(claim)

    payers, clearinghouse = proofs.of_claim(office.session, claim, office.engine.now)

    assert payers.kind is ProofKind.ACCEPTED
    assert (payers.number, payers.pcn) == (f"P{submission.pcn}", submission.pcn)
    assert payers.on.isoformat() == "2026-01-06"
    assert f"TRN*2*{submission.pcn}~" in [text for _, text in payers.segments]
    assert payers.place.startswith("segments ")
    assert (clearinghouse.kind, clearinghouse.number) == (ProofKind.RECEIVED, "")


def test_it_prints_number_date_and_the_submissions_own_segments_only(office: Play) -> None:
    visit(office, "A1", chart={"middle": "Ann", "suffix": "Jr"})
    visit(office, "A2", patient="P2")
    one, other = (office.submissions(office.claim(name))[0] for name in ("A1", "A2"))

    text = printed(office, office.claim("A1"))

    assert f"as its claim P{one.pcn}" in text
    assert "Wilma Ann Tarrow Jr" in text
    assert "January 6, 2026" in text
    assert f"TRN*2*{one.pcn}~ " in text
    assert f"REF*1K*P{one.pcn}~" in text
    assert other.pcn not in text


def test_the_first_acceptance_proves_the_filing_of_a_claim_that_was_sent_again(
    office: Play,
) -> None:
    visit(office)
    claim = office.claim("A1")
    first = proofs.best(office.session, claim, office.engine.now)
    assert first is not None
    again = ack_277ca([(first.pcn, "A2", "OTHER")], isa=950).replace(b"20260106*WQ", b"20260301*WQ")
    office.take_in(again)

    best = proofs.best(office.session, claim, office.engine.now)

    assert best == first


def _wrapped(data: bytes) -> bytes:
    return b"\r\n".join(data[at : at + 80] for at in range(0, len(data), 80))


CLOTHES: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "after a line end": lambda data: b"\r\n" + data,
    "with a mark of byte order": lambda data: b"\xef\xbb\xbf" + data,
    "wrapped": _wrapped,
    "second, under other separators": lambda data: (
        ack_277ca([], isa=949) + data.translate(bytes.maketrans(b"*:~", b"|>!"))
    ),
}


@pytest.mark.parametrize("clothes", CLOTHES)
def test_an_acceptance_is_dated_by_its_own_status_however_its_file_is_dressed(
    office: Play, clothes: str
) -> None:
    office.acknowledges = False
    visit(office)
    claim = office.claim("A1")
    (submission,) = office.submissions(claim)
    answer = ack_277ca([(submission.pcn, "A2", "ICN1")], isa=950)
    answer = answer.replace(b"20260106*WQ", b"20260107*WQ")

    office.take_in(CLOTHES[clothes](answer))

    (proof,) = proofs.of_claim(office.session, claim, office.engine.now)
    assert (proof.kind, proof.number) == (ProofKind.ACCEPTED, "ICN1")
    assert proof.on.isoformat() == "2026-01-07"
    tags = [text[:3].strip("*|") for _, text in proof.segments]
    assert tags == ["HL", "NM1", "TRN", "STC", "REF"]


@pytest.mark.parametrize("are_days_kept", [True, False], ids=["kept", "read again"])
def test_the_payers_acceptance_has_its_own_day_beside_the_clearinghouses_in_one_file(
    office: Play, *, are_days_kept: bool
) -> None:
    office.acknowledges = False
    visit(office)
    claim = office.claim("A1")
    (submission,) = office.submissions(claim)
    received = ack_277ca([(submission.pcn, "A1", "CH9")], source="AY", isa=950)
    accepted = ack_277ca([(submission.pcn, "A2", "ICN1")], isa=951)
    office.take_in(
        received.replace(b"20260106*WQ", b"20260102*WQ")
        + accepted.replace(b"20260106*WQ", b"20260107*WQ")
    )
    if not are_days_kept:
        office.session.execute(update(Ack).values(said_on=None))

    payers, clearinghouses = proofs.of_claim(office.session, claim, office.engine.now)

    assert (payers.on.isoformat(), payers.number) == ("2026-01-07", "ICN1")
    assert (clearinghouses.on.isoformat(), clearinghouses.number) == ("2026-01-02", "CH9")
    assert [text for _, text in payers.segments if text[:3] == "STC"] == [
        "STC*A2:20*20260107*WQ*100~"
    ]
    assert [text for _, text in clearinghouses.segments if text[:3] == "STC"] == [
        "STC*A1:20*20260102*WQ*100~"
    ]


def test_nobody_said_that_it_arrived(office: Play) -> None:
    office.acknowledges = False
    visit(office)

    assert proofs.sheet(office.session, office.claim("A1"), office.engine.now) is None


def test_late_filing_with_proof_is_appealed_and_the_proof_goes_with_the_letter(
    office: Play,
) -> None:
    visit(office)
    answered(office, "A1", LATE)
    (task,) = office.open_tasks(TaskKind.DENIAL)
    assert recommended(office, task) == DenialRoute.APPEAL

    office.answer(TaskKind.DENIAL)
    office.answer(TaskKind.APPEAL_REVIEW)

    (case,) = office.letters()
    (submission,) = office.submissions(office.claim("A1"))
    letter = letter_of(office, case)
    said = f"277CA of the payer of January 6, 2026, number P{submission.pcn}"
    assert f"Proof of filing: {said}" in letter
    assert "Enclosed: proof of timely filing" in letter
    assert f"REF*1K*P{submission.pcn}~" in letter


def test_late_filing_without_proof_is_written_off_and_an_appeal_stays_open(office: Play) -> None:
    office.acknowledges = False
    visit(office)
    answered(office, "A1", LATE)
    (task,) = office.open_tasks(TaskKind.DENIAL)

    asked = answers.question(office.session, task)

    assert recommended(office, task) == DenialRoute.WRITE_OFF
    assert [s.text for s in asked.sections if s.title == "Proof of filing"] == [
        "Nobody has said that it arrived: there is no proof that it was filed."
    ]
    assert DenialRoute.APPEAL in [option.value for option in asked.fields[0].options]


def test_an_acceptance_after_the_limit_proves_the_payer_right(office: Play) -> None:
    visit(office)
    claim = office.claim("A1")
    claim.file_by_on = dt.date(2026, 1, 5)
    office.session.flush()
    answered(office, "A1", LATE)
    (task,) = office.open_tasks(TaskKind.DENIAL)

    assert recommended(office, task) == DenialRoute.WRITE_OFF


def test_another_reason_encloses_no_proof(office: Play) -> None:
    visit(office, chart={"middle": "Ann", "suffix": "Jr"})
    answered(office, "A1", [("CO", "50", CHARGE)])

    office.answer(TaskKind.DENIAL)
    office.answer(TaskKind.APPEAL_REVIEW)

    (case,) = office.letters()
    letter = letter_of(office, case)
    assert "proof of timely filing" not in letter
    assert "Wilma Ann Tarrow Jr" in letter


def recommended(office: Play, task: Task) -> str:
    (route,) = answers.question(office.session, task).fields[0].values
    return route


def printed(office: Play, claim: Claim) -> str:
    sheet = proofs.sheet(office.session, claim, office.engine.now)
    assert sheet is not None
    return text_of(proof_pdf(sheet))


def letter_of(office: Play, case: AppealCase) -> str:
    kept = select(Document.content).where(Document.id == case.document_id)
    return text_of(office.session.scalars(kept).one())


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
