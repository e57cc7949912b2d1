"""Questions to payers are written as reviewed, and a foreign reader understands them."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.claim_status import StatusRequest
from domain.eligibility import EligibilityRequest
from domain.parties import (
    Address,
    BillingEntity,
    Gender,
    Patient,
    PayerParty,
    PersonName,
    Relationship,
    Subscriber,
)
from edi import x270, x276
from edi.envelope import Envelope
from edi.errors import OurX12Error
from edi.read import SetKind, read

HOME = Address(line1="1 ELM ST", city="DALLAS", state="TX", postal_code="75201")
BILLING = BillingEntity(
    name="Cedar Hollow Family Medicine",
    npi="1234567893",
    tax_id="123456789",
    taxonomy="207Q00000X",
    address=HOME,
    contact_name="Ana Ortiz",
    contact_phone="5555550101",
)
JANE = Subscriber(
    member_id="W0001",
    name=PersonName(last="Doe", first="Jane"),
    birth_on=dt.date(1980, 1, 1),
    gender=Gender.FEMALE,
)
KID = Patient(
    name=PersonName(last="Doe", first="Kid"),
    birth_on=dt.date(2015, 1, 1),
    gender=Gender.MALE,
    address=HOME,
    relationship=Relationship.CHILD,
)
ELIGIBILITY = EligibilityRequest(
    trace="E1",
    originator="9CEDARHOLL",
    billing=BILLING,
    payer=PayerParty(name="Acme Health", payer_id="60101"),
    subscriber=JANE,
    dependent=None,
    service_on=dt.date(2026, 1, 5),
)
STATUS = StatusRequest(
    trace="I1",
    billing=BILLING,
    payer=ELIGIBILITY.payer,
    subscriber=JANE,
    patient=None,
    pcn="C1V1S1",
    payer_claim_number="ICN111",
    charge_cents=15000,
    service_from_on=dt.date(2026, 1, 5),
    service_to_on=dt.date(2026, 1, 6),
)


def _270(envelope: Envelope) -> bytes:
    dependent = dataclasses.replace(ELIGIBILITY, trace="E2", dependent=KID)
    return x270.encode((ELIGIBILITY, dependent), envelope=envelope, batch_reference="Q1")


def _276(envelope: Envelope) -> bytes:
    dependent = dataclasses.replace(STATUS, trace="I2", patient=KID, payer_claim_number=None)
    return x276.encode((STATUS, dependent), envelope=envelope, batch_reference="Q2")


CASES = {"270": _270, "276": _276}
every_case = pytest.mark.parametrize("name", CASES)


@every_case
def test_questions_are_written_as_the_reviewed_file_says(
    name: str, envelope: Envelope, golden: Path
) -> None:
    assert CASES[name](envelope) == (golden / f"{name}.x12").read_bytes()


@every_case
def test_questions_stand_in_a_sound_envelope(name: str, envelope: Envelope) -> None:
    file = read(CASES[name](envelope))

    kinds = {"270": SetKind.ELIGIBILITY_REQUEST, "276": SetKind.CLAIM_STATUS_REQUEST}
    assert file.findings == ()
    assert [one.kind for one in file.sets] == [kinds[name]]


@every_case
@pytest.mark.filterwarnings("ignore")
def test_a_foreign_reader_takes_the_questions(name: str, envelope: Envelope) -> None:
    from x12sdk.io import X12ModelReader

    with X12ModelReader(CASES[name](envelope).decode().replace("\n", "")) as reader:
        models = list(reader.models())

    assert len(models) == 1
    text = models[0].model_dump_json()
    assert '"W0001"' in text
    assert all(f'"{trace}"' in text for trace in (f"{_LETTER[name]}1", f"{_LETTER[name]}2"))


_LETTER = {"270": "E", "276": "I"}


@pytest.mark.parametrize("encode", [x270.encode, x276.encode])
def test_no_question_is_no_file(encode: Callable[..., bytes], envelope: Envelope) -> None:
    with pytest.raises(OurX12Error):
        encode((), envelope=envelope, batch_reference="Q1")
