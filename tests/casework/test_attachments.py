"""Documents that go with a claim: one number on the claim, on the cover sheet and in the mail."""

import hashlib
import io
import json
from typing import Any

from pypdf import PdfReader
from sqlalchemy import select

from casework import attachments, sending, submissions
from db.models import Attachment, Document, Encounter, Outbox
from domain import control_numbers
from domain.tasks import Role, TaskKind
from tests.casework.office import CHARGE, answered, sent, visit
from tests.scenarios.play import Play

TEXT = b"Operative note: the finding was removed."


def chart(office: Play, made: Encounter, kind: str = "note") -> Document:
    document = Document(
        encounter_id=made.id, kind=kind, title="Operative note", mime="text/plain",
        sha256=hashlib.sha256(TEXT).hexdigest(), content=TEXT, received_at=office.engine.now.at,
    )  # fmt: skip
    office.session.add(document)
    office.session.flush()
    return document


def choose(office: Play, made: Encounter) -> str:
    row = attachments.choose(
        office.session, made, chart(office, made), "OB",
        by=office.people[Role.BILLER], now=office.engine.now,
    )  # fmt: skip
    return control_numbers.attachment(row.id)


def mailed(office: Play) -> dict[str, bytes]:
    found = select(Outbox.name, Outbox.content).where(Outbox.route == "mail").order_by(Outbox.id)
    return {row.name: row.content for row in office.session.execute(found)}


def manifest(files: dict[str, bytes]) -> dict[str, Any]:
    (name,) = [name for name in files if name.endswith(".json")]
    found: dict[str, Any] = json.loads(files[name])
    return found


def replaced(office: Play) -> str:
    """A document chosen after the claim was sent goes with what corrects it."""
    made = visit(office, chart={"middle": "Ann", "suffix": "Jr"})
    answered(office, "A1", [("CO", "16", CHARGE)], status="4")
    number = choose(office, made)
    office.answer(TaskKind.DENIAL, route="correct")
    office.pass_to(4)
    return number


def test_the_claim_and_the_mail_bear_the_same_number(office: Play) -> None:
    number = replaced(office)

    first, second = sent(office)
    files = mailed(office)
    told = manifest(files)
    assert b"PWK" not in first
    assert f"PWK*OB*BM***AC*{number}".encode() in second
    assert sorted(files) == [
        f"attachment-{number}-ALPHA-document.txt",
        f"attachment-{number}-ALPHA.json",
        f"attachment-{number}-ALPHA.pdf",
    ]
    assert files[f"attachment-{number}-ALPHA-document.txt"] == TEXT
    cover = PdfReader(io.BytesIO(files[f"attachment-{number}-ALPHA.pdf"])).pages[0].extract_text()
    assert "Wilma Ann Tarrow Jr" in cover
    assert (told["reference"], told["report_type"]) == (number, "OB")
    assert told["pcn"] == submissions.latest(office.session, office.claim("A1")).pcn
    assert told["sha256"] == hashlib.sha256(TEXT).hexdigest()


def test_a_second_sending_of_the_claim_mails_nothing_again(office: Play) -> None:
    replaced(office)
    before = mailed(office)

    sending.send(office.session, office.claim("A1"), office.engine.now)

    assert mailed(office) == before


def test_what_was_taken_off_is_not_named_by_the_next_version(office: Play) -> None:
    made = visit(office)
    choose(office, made)
    row = office.session.scalars(select(Attachment)).one()

    attachments.remove(
        office.session, made, row, by=office.people[Role.BILLER], now=office.engine.now
    )

    assert attachments.of_claim(office.session, office.claim("A1")) == ()


def test_records_that_a_payer_asked_for_are_named_and_enclosed_by_number(office: Play) -> None:
    made = visit(office)
    chart(office, made)
    answered(office, "A1", [("CO", "252", CHARGE)], status="4", rarcs=["N706"])

    office.answer(TaskKind.DENIAL, route="send_records")
    office.answer(TaskKind.APPEAL_REVIEW)

    files = mailed(office)
    told = manifest(files)
    row = office.session.scalars(select(Attachment)).one()
    number = control_numbers.attachment(row.id)
    assert told["kind"] == "records"
    assert told["attachments"] == [
        {"control_number": number, "sha256": hashlib.sha256(TEXT).hexdigest()}
    ]
    assert files[f"records-{told['reference']}-{number}-document.txt"] == TEXT
