"""One appeal, one statement and one paper claim; tests change what they are about by `replace`."""

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from pypdf import PdfReader

from domain.correspondence import (
    Aging,
    AppealLetter,
    AppealLine,
    Letterhead,
    LetterKind,
    MailingAddress,
    PatientStatement,
    StatementKind,
    StatementLine,
    StatementPayment,
    StatementVisit,
)
from forms.cms1500_claim import (
    Cms1500,
    CoverageBox,
    FormLine,
    FormPerson,
    PageTotals,
    Relationship,
)

PRACTICE = MailingAddress(
    name="Cedar Hollow Medical Group",
    street="400 Orchard Road",
    street_2="Suite 2",
    city="Fairmont",
    state="ST",
    zip_code="00210",
)
PAYER = MailingAddress(
    name="Granite Life", street="PO Box 77", city="Fairmont", state="ST", zip_code="00210"
)
WILMA = MailingAddress(
    name="Wilma Tarrow", street="118 Sample Lane", city="Fairmont", state="ST", zip_code="00210"
)


@pytest.fixture
def letter() -> AppealLetter:
    return AppealLetter(
        reference="M00000012",
        kind=LetterKind.APPEAL,
        level=1,
        payer=PAYER,
        practice=Letterhead(
            address=PRACTICE, phone="555-0140", npi="1234567893", tax_id="12-3456789"
        ),
        patient_name="Zoë Łukasiewicz",
        member_id="GL77120044",
        payer_claim_number="GL26-0099341",
        pcn="C20417V1S1",
        service_on=dt.date(2026, 8, 24),
        lines=(
            AppealLine(
                code="73721",
                words="Knee MRI, no contrast",
                charge_cents=114000,
                denied_cents=114000,
                reason_code="CO-197, M62",
                reason_words="no approval before the service",
            ),
            AppealLine(
                code="99213",
                words="Follow-up visit",
                charge_cents=16500,
                denied_cents=9840,
                reason_code="CO-50",
                reason_words="not seen as needed",
            ),
        ),
        argument="You approved it on August 17.\n\nIt was in force on the day of service.",
        enclosures=("Approval notice", "Radiology report"),
        signed_by="Ana Ruiz, billing",
        sent_on=dt.date(2026, 11, 23),
        answer_due_on=dt.date(2027, 1, 22),
    )


def _line(words: str, charge: int, adjusted: int, paid: int, you_paid: int) -> StatementLine:
    return StatementLine(
        words=words,
        charge_cents=charge,
        plan_adjusted_cents=adjusted,
        plan_paid_cents=paid,
        you_paid_cents=you_paid,
        you_owe_cents=charge - adjusted - paid - you_paid,
    )


@pytest.fixture
def statement() -> PatientStatement:
    return PatientStatement(
        statement_no="S00000031",
        account_no="G00000007",
        kind=StatementKind.STATEMENT,
        cycle=1,
        addressee=WILMA,
        practice=PRACTICE,
        remit_to=PRACTICE,
        phone="555-0140",
        issued_on=dt.date(2026, 12, 1),
        due_on=dt.date(2026, 12, 22),
        visits=(
            StatementVisit(
                service_on=dt.date(2026, 10, 22),
                provider="Dr. Voss",
                plan="Harbor Mutual",
                lines=(_line("Office visit", 23600, 8420, 12180, 0),),
            ),
            StatementVisit(
                service_on=dt.date(2026, 10, 29),
                provider="Dr. Voss",
                plan="Harbor Mutual",
                lines=(
                    _line("Office visit", 23600, 8420, 7974, 2000),
                    _line("Blood tests, 3", 14100, 8100, 0, 0),
                ),
            ),
        ),
        payments=(
            StatementPayment(
                received_on=dt.date(2026, 11, 3), words="check 1204", amount_cents=2000
            ),
        ),
        aging=Aging(days_0_30_cents=11206, days_31_60_cents=3000),
        message="Your yearly deductible is not used up yet.",
        total_cents=14206,
        installment_cents=None,
        hardship_text="Ask for a plan or for financial assistance: 555-0142.",
        dispute_text="Call 555-0140; the part in question can wait.",
    )


def form_line(number: int) -> FormLine:
    return FormLine(
        from_on=dt.date(2026, 8, 24),
        to_on=dt.date(2026, 8, 25),
        place="11",
        code="99213",
        modifiers=("25",),
        pointers="AB",
        charge_cents=10000 + number,
        units=Decimal(number),
        rendering_npi="1234567893",
    )


def _person(first: str) -> FormPerson:
    return FormPerson(
        last="O'Ñeill-Łuk",
        first=first,
        middle="Q",
        born_on=dt.date(1972, 3, 9),
        sex="F",
        street="118 Sample Lane, Apt. #4",
        city="Fairmont",
        state="ST",
        zip_code="00210",
        phone="(555) 555-0140",
    )


@pytest.fixture
def claim() -> Cms1500:
    return Cms1500(
        payer=PAYER,
        coverage=CoverageBox.GROUP,
        insured_id="GL77120044",
        patient=_person("Zoë"),
        relationship=Relationship.SPOUSE,
        insured=_person("Bram"),
        diagnoses=("M17.11", "I10"),
        frequency="1",
        lines=tuple(form_line(number) for number in range(1, 4)),
        page_totals=PageTotals.EACH_PAGE,
        tax_id="12-3456789",
        pcn="C20417V1S1",
        accepts_assignment=True,
        paid_cents=2000,
        signed_by="Dr. Ina Voss",
        signed_on=dt.date(2026, 8, 26),
        billing=PRACTICE,
        billing_phone="555-555-0140",
        billing_npi="1234567893",
    )


@pytest.fixture
def service_line() -> Callable[[int], FormLine]:
    return form_line


@pytest.fixture
def text_of() -> Callable[[bytes], str]:
    """What a reader finds on all pages, with runs of blanks made one."""

    def read(pdf: bytes) -> str:
        pages = PdfReader(io.BytesIO(pdf)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    return read


@pytest.fixture
def placed_in_inches() -> Callable[[bytes, int], list[tuple[str, float, float]]]:
    """Each piece of text with its left edge and its baseline, inches from the upper left."""

    def read(pdf: bytes, page: int) -> list[tuple[str, float, float]]:
        found: list[tuple[str, float, float]] = []

        def note(text: str, cm: list[float], tm: list[float], *_: object) -> None:
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            if text.strip():
                found.append((text.strip(), x / 72, 11 - y / 72))

        PdfReader(io.BytesIO(pdf)).pages[page].extract_text(visitor_text=note)
        return found

    return read
