"""One table of claims and golden files holds for both directions, and for two foreign readers."""

import dataclasses
import datetime as dt
import io
import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.claims import (
    Accident,
    AccidentCause,
    Attachment,
    ClaimLine,
    Frequency,
    OtherPayer,
    OtherPayerLine,
    PriorAdjustment,
    ProfessionalClaim,
    Responsibility,
)
from domain.parties import (
    Address,
    BillingEntity,
    Gender,
    OtherProvider,
    Patient,
    PayerParty,
    PersonName,
    Relationship,
    RenderingProvider,
    ServiceFacility,
    Subscriber,
)
from domain.remittance import AdjustmentGroup
from edi import x837p
from edi.envelope import Envelope
from edi.errors import OurX12Error
from edi.read import SetKind, read

BILLING = BillingEntity(
    name="CEDAR HOLLOW FAMILY MEDICINE",
    npi="1234567893",
    tax_id="123456789",
    taxonomy="207Q00000X",
    address=Address(line1="2 MAIN ST", city="DALLAS", state="TX", postal_code="752011234"),
    contact_name="ANA ORTIZ",
    contact_phone="5555550101",
)
SECOND_OFFICE = dataclasses.replace(BILLING, name="CEDAR HOLLOW NORTH", npi="1999999984")
ACME = PayerParty(name="ACME HEALTH", payer_id="60101")
FEDERAL = PayerParty(name="FEDERAL CARE", payer_id="60103")
HOME = Address(line1="1 ELM ST", line2="APT 4", city="DALLAS", state="TX", postal_code="75201")
JANE = Subscriber(
    member_id="W0001",
    name=PersonName(last="DOE", first="JANE", middle="Q"),
    birth_on=dt.date(1980, 1, 1),
    gender=Gender.FEMALE,
    address=HOME,
    group_number="G77",
)
LINE = ClaimLine(
    line_control="L123",
    code="99213",
    modifiers=("25",),
    charge_cents=15000,
    units=Decimal(1),
    pointers=(1, 2),
    service_on=dt.date(2026, 1, 5),
)
SECOND_LINE = ClaimLine(
    line_control="L124",
    code="96372",
    charge_cents=2550,
    units=Decimal("1.5"),
    pointers=(2,),
    service_on=dt.date(2026, 1, 5),
    service_to_on=dt.date(2026, 1, 6),
    note="GIVEN TWICE",
)
MINIMAL = ProfessionalClaim(
    pcn="C1V1S1",
    frequency=Frequency.ORIGINAL,
    place_of_service="11",
    billing=BILLING,
    rendering=RenderingProvider(
        npi="1999999984", last="SMITH", first="JOHN", taxonomy="207Q00000X"
    ),
    subscriber=JANE,
    payer=ACME,
    responsibility=Responsibility.PRIMARY,
    filing_code="CI",
    diagnoses=("J069", "R05"),
    lines=(LINE,),
)
EVERYTHING = dataclasses.replace(
    MINIMAL,
    pcn="C2V1S1",
    lines=(LINE, SECOND_LINE),
    referring=OtherProvider(npi="1234567893", last="ROE", first="RITA"),
    facility=ServiceFacility(name="HILL CLINIC", npi="1234567893", address=BILLING.address),
    prior_auth="AUTH1",
    referral="REFER1",
    medical_record_number="MRN778",
    clearinghouse_trace="CH000011",
    onset_on=dt.date(2026, 1, 2),
    accident=Accident(cause=AccidentCause.AUTO, happened_on=dt.date(2026, 1, 2), state="TX"),
    note="SEEN AFTER HOURS",
    patient_paid_cents=2050,
    attachments=(Attachment(report_type="OZ", transmission="EL", control_number="ATT1"),),
)
REPLACEMENT = dataclasses.replace(
    MINIMAL, pcn="C1V2S1", frequency=Frequency.REPLACEMENT, payer_claim_number="ICN111"
)
VOID = dataclasses.replace(
    MINIMAL, pcn="C1V3S1", frequency=Frequency.VOID, payer_claim_number="ICN111"
)
DEPENDENT = dataclasses.replace(
    MINIMAL,
    pcn="C3V1S1",
    subscriber=dataclasses.replace(JANE, address=None, birth_on=None, gender=None),
    patient=Patient(
        name=PersonName(last="DOE", first="KID", suffix="JR"),
        birth_on=dt.date(2015, 1, 1),
        gender=Gender.MALE,
        address=HOME,
        relationship=Relationship.CHILD,
    ),
)
_PAID_ON = dt.date(2026, 1, 20)


def _adjusted(group: AdjustmentGroup, carc: str, cents: int) -> PriorAdjustment:
    return PriorAdjustment(group=group, carc=carc, cents=cents)


SECONDARY = dataclasses.replace(
    MINIMAL,
    pcn="C4V1S2",
    lines=(LINE, SECOND_LINE),
    responsibility=Responsibility.SECONDARY,
    other_payers=(
        OtherPayer(
            responsibility=Responsibility.PRIMARY,
            payer=FEDERAL,
            subscriber=dataclasses.replace(
                JANE, member_id="1EG4TE5MK73", birth_on=None, gender=None, group_number=None
            ),
            relationship=Relationship.SELF,
            filing_code="MB",
            paid_cents=8050,
            payer_claim_number="ICN500",
            remarks=("MA18",),
            lines=(
                OtherPayerLine(
                    line_control="L123",
                    paid_cents=8000,
                    code="99213",
                    modifiers=("25",),
                    units=Decimal(1),
                    adjustments=(
                        _adjusted(AdjustmentGroup.CONTRACTUAL, "45", 4900),
                        _adjusted(AdjustmentGroup.CONTRACTUAL, "253", 100),
                        _adjusted(AdjustmentGroup.PATIENT, "2", 2000),
                    ),
                    adjudicated_on=_PAID_ON,
                    remaining_patient_liability_cents=2000,
                ),
                OtherPayerLine(
                    line_control="L124",
                    paid_cents=50,
                    code="96372",
                    units=Decimal("1.5"),
                    adjustments=(_adjusted(AdjustmentGroup.CONTRACTUAL, "45", 2500),),
                    adjudicated_on=_PAID_ON,
                ),
            ),
        ),
    ),
)
TERTIARY = dataclasses.replace(
    MINIMAL,
    pcn="C5V1S3",
    responsibility=Responsibility.TERTIARY,
    other_payers=(
        OtherPayer(
            responsibility=Responsibility.PRIMARY,
            payer=FEDERAL,
            subscriber=dataclasses.replace(JANE, birth_on=None, gender=None),
            relationship=Relationship.SELF,
            filing_code="MB",
            paid_cents=10000,
            remaining_patient_liability_cents=2000,
            adjustments=(_adjusted(AdjustmentGroup.CONTRACTUAL, "45", 5000),),
            adjudicated_on=_PAID_ON,
        ),
        OtherPayer(
            responsibility=Responsibility.SECONDARY,
            payer=PayerParty(name="BOREAL MUTUAL", payer_id="60102"),
            subscriber=dataclasses.replace(JANE, birth_on=None, gender=None),
            relationship=Relationship.SPOUSE,
            filing_code="CI",
            paid_cents=0,
            adjustments=(
                PriorAdjustment(
                    group=AdjustmentGroup.OTHER, carc="23", cents=15000, quantity=Decimal(1)
                ),
            ),
            adjudicated_on=_PAID_ON,
            noncovered_cents=500,
        ),
    ),
)
SEVEN_REASONS = dataclasses.replace(
    TERTIARY,
    pcn="C7V1S2",
    responsibility=Responsibility.SECONDARY,
    other_payers=(
        dataclasses.replace(
            TERTIARY.other_payers[0],
            paid_cents=12200,
            adjustments=tuple(
                _adjusted(AdjustmentGroup.CONTRACTUAL, str(carc), 400) for carc in range(50, 57)
            ),
        ),
    ),
)
TWELVE_DIAGNOSES = dataclasses.replace(
    MINIMAL,
    pcn="C6V1S1",
    diagnoses=tuple(f"M25{place:02d}" for place in range(12)),
    lines=(dataclasses.replace(LINE, pointers=(12, 1, 2, 3)),),
)

CASES = {
    "minimal": (MINIMAL,),
    "everything": (EVERYTHING,),
    "replacement_and_void": (REPLACEMENT, VOID),
    "dependent": (DEPENDENT,),
    "secondary_after_line_payment": (SECONDARY,),
    "tertiary_after_claim_payment": (TERTIARY,),
    "seven_reasons_of_one_group": (SEVEN_REASONS,),
    "twelve_diagnoses": (TWELVE_DIAGNOSES,),
    "two_offices": (
        MINIMAL,
        EVERYTHING,
        dataclasses.replace(DEPENDENT, billing=SECOND_OFFICE),
    ),
}
every_case = pytest.mark.parametrize("name", CASES)


def _encoded(name: str, envelope: Envelope) -> bytes:
    return x837p.encode(CASES[name], envelope=envelope, batch_reference="B7")


@every_case
def test_claims_are_written_as_the_reviewed_file_says(
    name: str, envelope: Envelope, golden: Path
) -> None:
    assert _encoded(name, envelope) == (golden / f"837p_{name}.x12").read_bytes()


@every_case
def test_the_reviewed_file_reads_back_as_the_same_claims(name: str, golden: Path) -> None:
    file = read((golden / f"837p_{name}.x12").read_bytes())

    assert file.findings == ()
    assert file.items == CASES[name]
    assert file.sets[0].kind is SetKind.PROFESSIONAL_CLAIM


@every_case
@pytest.mark.filterwarnings("ignore")
def test_a_foreign_validator_accepts_what_is_written(name: str, envelope: Envelope) -> None:
    import pyx12.params
    import pyx12.x12n_document

    ack, report = io.StringIO(), io.StringIO()
    accepted = pyx12.x12n_document.x12n_document(
        pyx12.params.params(),
        io.StringIO(_encoded(name, envelope).decode()),
        ack,
        None,
        fd_json=report,
    )

    assert accepted, [
        error
        for interchange in json.loads(report.getvalue())["interchanges"]
        for group in interchange["groups"]
        for one in group["transactions"]
        for segment in one["segments"]
        for error in segment.get("errors", [])
    ]


@every_case
@pytest.mark.filterwarnings("ignore")
def test_a_foreign_reader_finds_the_same_claims(name: str, envelope: Envelope) -> None:
    from x12sdk.io import X12ModelReader

    text = _encoded(name, envelope).decode().replace("\n", "")

    with X12ModelReader(text) as reader:
        claims = [claim for model in reader.models() for claim in _claims_of(model)]

    told = [(c.patient_control_number, round(c.charge * 100), c.is_dependent) for c in claims]
    expected = [(c.pcn, c.charge_cents, c.patient is not None) for c in CASES[name]]
    assert told == expected


def _claims_of(model: Any) -> Iterable[Any]:
    """The foreign reader's types do not tell which model it made."""
    claims: Iterable[Any] = model.claims()
    return claims


def test_the_same_claims_make_the_same_bytes(envelope: Envelope) -> None:
    assert _encoded("two_offices", envelope) == _encoded("two_offices", envelope)


def test_claims_of_one_office_are_grouped_under_one_billing_level(envelope: Envelope) -> None:
    other = dataclasses.replace(DEPENDENT, billing=SECOND_OFFICE)

    data = x837p.encode((MINIMAL, other, EVERYTHING), envelope=envelope, batch_reference="B7")

    assert data.count(b"NM1*85*") == 2
    assert read(data).items == (MINIMAL, EVERYTHING, other)


def test_names_are_written_in_letters_that_x12_carries(envelope: Envelope) -> None:
    subscriber = dataclasses.replace(JANE, name=PersonName(last="Müller~Weiß", first="Zoë*"))
    claim = dataclasses.replace(MINIMAL, subscriber=subscriber)

    data = x837p.encode((claim,), envelope=envelope, batch_reference="B7")

    assert b"NM1*IL*1*MULLER WEISS*ZOE****MI*W0001~" in data


def test_an_identifier_with_a_separator_is_refused_not_altered(envelope: Envelope) -> None:
    claim = dataclasses.replace(MINIMAL, subscriber=dataclasses.replace(JANE, member_id="W*1"))

    with pytest.raises(OurX12Error) as caught:
        x837p.encode((claim,), envelope=envelope, batch_reference="B7")

    assert [found.where for found in caught.value.findings] == ["NM109"]
    assert caught.value.findings[0].reference == "C1V1S1"


def test_an_empty_identifier_is_refused(envelope: Envelope) -> None:
    claim = dataclasses.replace(
        MINIMAL,
        subscriber=dataclasses.replace(JANE, member_id=""),
        payer=dataclasses.replace(ACME, payer_id=" "),
        lines=(dataclasses.replace(LINE, code=""),),
        filing_code="",
    )

    with pytest.raises(OurX12Error) as caught:
        x837p.encode((claim,), envelope=envelope, batch_reference="B7")

    assert [found.where for found in caught.value.findings] == [
        "SBR09",
        "NM1*IL NM109",
        "NM1*PR NM109",
        "SV101-2",
    ]


def test_a_name_without_a_latin_letter_is_refused(envelope: Envelope) -> None:
    subscriber = dataclasses.replace(JANE, name=PersonName(last="李", first="NA"))
    claim = dataclasses.replace(MINIMAL, subscriber=subscriber)

    with pytest.raises(OurX12Error) as caught:
        x837p.encode((claim,), envelope=envelope, batch_reference="B7")

    (found,) = caught.value.findings
    assert found.where == "NM1*IL NM103"
    assert found.words == (
        "The subscriber's last name has a letter that X12 cannot carry; give a Latin spelling."
    )


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"subscriber": dataclasses.replace(JANE, name=PersonName(last="L" * 61))}, "NM103"),
        ({"note": "N" * 81}, "NTE02"),
        (
            {
                "subscriber": dataclasses.replace(
                    JANE, address=dataclasses.replace(HOME, line1="STREET " * 20)
                )
            },
            "N301",
        ),
    ],
)
def test_what_is_too_long_is_refused_and_never_cut(
    envelope: Envelope, change: dict[str, Any], where: str
) -> None:
    with pytest.raises(OurX12Error, match=where):
        x837p.encode(
            (dataclasses.replace(MINIMAL, **change),), envelope=envelope, batch_reference="B7"
        )


@pytest.mark.parametrize(("npi", "is_cut"), [("1234567893", True), (None, False)])
def test_a_long_facility_name_is_cut_only_where_a_number_tells_who_it_is(
    envelope: Envelope, npi: str | None, is_cut: bool
) -> None:
    facility = ServiceFacility(name="CEDAR " * 11, npi=npi, address=MINIMAL.billing.address)
    claim = dataclasses.replace(MINIMAL, facility=facility)

    if is_cut:
        data = x837p.encode((claim,), envelope=envelope, batch_reference="B7")
        assert f"NM1*77*2*{('CEDAR ' * 10).strip()}*****XX*1234567893~".encode() in data
        return
    with pytest.raises(OurX12Error, match=r"NM1\*77 NM103.*longer than"):
        x837p.encode((claim,), envelope=envelope, batch_reference="B7")


def test_an_apartment_that_does_not_fit_stands_in_the_second_line(envelope: Envelope) -> None:
    home = dataclasses.replace(
        HOME, line1="12345 North Martin Luther King Junior Boulevard Apt #1204", line2=None
    )
    claim = dataclasses.replace(MINIMAL, subscriber=dataclasses.replace(JANE, address=home))

    data = x837p.encode((claim,), envelope=envelope, batch_reference="B7")

    assert b"N3*12345 NORTH MARTIN LUTHER KING JUNIOR BOULEVARD*APT 1204~" in data


def test_every_finding_of_every_claim_is_told_at_once(envelope: Envelope) -> None:
    bad = dataclasses.replace(MINIMAL, pcn="C9-1", diagnoses=("J06.9",))

    with pytest.raises(OurX12Error) as caught:
        x837p.encode((bad, MINIMAL, MINIMAL), envelope=envelope, batch_reference="B7")

    told = {(found.reference, found.where) for found in caught.value.findings}
    assert told == {
        ("C9-1", "CLM01"),
        ("C9-1", "HI01"),
        ("C9-1", "line 1 SV107"),
        ("C1V1S1", "CLM01"),
    }


def test_a_sender_id_that_would_shift_the_header_is_refused(envelope: Envelope) -> None:
    wide = dataclasses.replace(envelope, sender_id="SIXTEEN-LETTERS!")

    with pytest.raises(OurX12Error, match="ISA06"):
        x837p.encode((MINIMAL,), envelope=wide, batch_reference="B7")


def test_a_file_without_claims_is_refused(envelope: Envelope) -> None:
    with pytest.raises(OurX12Error, match="1 to 5000"):
        x837p.encode((), envelope=envelope, batch_reference="B7")


def test_a_set_holds_five_thousand_claims_and_not_one_more(envelope: Envelope) -> None:
    claims = [dataclasses.replace(MINIMAL, pcn=f"C{n}V1S1") for n in range(5_001)]

    data = x837p.encode(claims[:5_000], envelope=envelope, batch_reference="B7")
    with pytest.raises(OurX12Error) as caught:
        x837p.encode(claims, envelope=envelope, batch_reference="B7")

    assert (data.count(b"ST*837*"), data.count(b"CLM*")) == (1, 5_000)
    assert [(each.where, each.reference) for each in caught.value.findings] == [("ST", "")]
