"""Invented professional claims, one function for each kind that is to be proven."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

from domain.claim_details import (
    Ambulance,
    AmbulancePlaces,
    ClaimDate,
    ConditionCategory,
    ConditionIndicator,
    Contract,
    DateKind,
    Drug,
    DrugUnit,
    Equipment,
    FormAnswer,
    LineProviders,
    MeasuredResult,
    PatientState,
    PurchasedService,
    ReferenceKind,
    ReferenceNumber,
    SpinalManipulation,
    SupportingForm,
    UnitBasis,
)
from domain.claims import (
    Accident,
    AccidentCause,
    Attachment,
    ClaimLine,
    Frequency,
    ProfessionalClaim,
    Responsibility,
)
from tests.edi.claim_world import coordination
from tests.edi.claim_world.coordination import AdjudicatedLine
from tests.edi.claim_world.draw import Draw

Claim = ProfessionalClaim
_WAYS = ("AA", "BM", "EL", "EM", "FT", "FX")
_LINES_MAX = 50


def visit(draw: Draw, *, lines: int | None = None, **facts: Any) -> Claim:
    diagnoses = draw.diagnoses(10)
    on = draw.day()
    count = lines or draw.rng.randint(1, 4)
    claim = Claim(
        pcn=draw.pcn(),
        frequency=Frequency.ORIGINAL,
        billing=draw.billing(),
        subscriber=draw.subscriber(),
        payer=draw.payer(),
        responsibility=Responsibility.PRIMARY,
        filing_code=draw.one("CI", "MB", "MC", "BL", "16"),
        medical_record_number=draw.number("MRN") if draw.chance() else None,
        place_of_service=draw.one("11", "22", "23", "02"),
        rendering=draw.rendering(),
        diagnoses=diagnoses,
        lines=tuple(line(draw, len(diagnoses), on) for _ in range(count)),
    )
    return dataclasses.replace(claim, **facts)


def line(draw: Draw, diagnoses: int, on: dt.date, **facts: Any) -> ClaimLine:
    pointers = draw.rng.sample(range(1, diagnoses + 1), draw.rng.randint(1, min(4, diagnoses)))
    made = ClaimLine(
        line_control=draw.line_control(),
        code=draw.service(),
        modifiers=draw.modifiers(),
        charge_cents=draw.cents(),
        units=draw.units(),
        pointers=tuple(pointers),
        service_on=on,
        service_to_on=on + dt.timedelta(days=1) if draw.chance(0.1) else None,
        description="SERVICE NOT LISTED" if draw.chance(0.1) else None,
        place_of_service="12" if draw.chance(0.1) else None,
        is_emergency=draw.chance(0.1),
        is_epsdt=draw.chance(0.05),
        is_family_planning=draw.chance(0.05),
        is_copay_exempt=draw.chance(0.05),
        note="GIVEN TWICE, 10.30" if draw.chance(0.1) else None,
    )
    return dataclasses.replace(made, **facts)


def each_line(claim: Claim, **facts: Any) -> Claim:
    lines = tuple(dataclasses.replace(line, **facts) for line in claim.lines)
    return dataclasses.replace(claim, lines=lines)


def dependent(draw: Draw) -> Claim:
    claim = visit(draw, patient=draw.patient())
    if draw.chance():
        bare = dataclasses.replace(claim.subscriber, birth_on=None, gender=None, address=None)
        return dataclasses.replace(claim, subscriber=bare)
    return claim


def secondary(draw: Draw) -> Claim:
    claim = visit(draw, responsibility=Responsibility.SECONDARY)
    other = coordination.by_line(draw, 0, adjudicated(claim))
    return dataclasses.replace(claim, insurance_type=second(claim), other_payers=(other,))


def second(claim: Claim) -> str | None:
    """Medicare is told why it is not first."""
    return "12" if claim.filing_code == "MB" else None


def tertiary(draw: Draw) -> Claim:
    claim = visit(draw, responsibility=Responsibility.TERTIARY)
    first = coordination.by_line(draw, 0, adjudicated(claim))
    later = (
        coordination.by_line(draw, 1, adjudicated(claim))
        if draw.chance()
        else coordination.by_claim(draw, 1, claim.charge_cents)
    )
    return dataclasses.replace(claim, insurance_type=second(claim), other_payers=(first, later))


def primary_of_several(draw: Draw) -> Claim:
    return visit(draw, other_payers=(coordination.undecided(draw, 1),))


def adjudicated(claim: Claim) -> list[AdjudicatedLine]:
    return [
        AdjudicatedLine(each.line_control, each.charge_cents, each.code, each.modifiers, each.units)
        for each in claim.lines
    ]


def replacement(draw: Draw) -> Claim:
    return visit(draw, frequency=Frequency.REPLACEMENT, payer_claim_number=draw.number("ICN"))


def void(draw: Draw) -> Claim:
    return visit(draw, frequency=Frequency.VOID, payer_claim_number=draw.number("ICN"))


def attachments(draw: Draw, most: int = 10) -> tuple[Attachment, ...]:
    ways = [draw.one(*_WAYS) for _ in range(draw.rng.randint(1, most))]
    return tuple(
        Attachment(
            report_type=draw.one("OZ", "B4", "EB", "03", "RB"),
            transmission=way,
            control_number=None if way == "AA" else draw.number("ATT"),
        )
        for way in ways
    )


def attached(draw: Draw) -> Claim:
    claim = visit(draw, attachments=attachments(draw))
    return each_line(claim, attachments=attachments(draw, 2)) if draw.chance() else claim


def many_lines(draw: Draw) -> Claim:
    return visit(draw, lines=draw.rng.randint(25, _LINES_MAX))


def providers(draw: Draw) -> Claim:
    claim = visit(
        draw,
        referring=draw.provider(),
        primary_care=draw.provider() if draw.chance() else None,
        supervising=draw.provider() if draw.chance() else None,
        facility=draw.facility() if draw.chance() else None,
        referral=draw.number("REF"),
        prior_auth=draw.number("AUTH"),
    )
    own = LineProviders(
        rendering=draw.provider(taxonomy=draw.chance()) if draw.chance() else None,
        supervising=draw.provider() if draw.chance() else None,
        ordering=(ordering := draw.provider() if draw.chance() else None),
        ordered_from=draw.address() if ordering and draw.chance() else None,
        referring=(referring := draw.provider() if draw.chance() else None),
        primary_care=draw.provider() if referring and draw.chance() else None,
    )
    first = dataclasses.replace(
        claim.lines[0], providers=own, facility=draw.facility() if draw.chance() else None
    )
    return dataclasses.replace(claim, lines=(first, *claim.lines[1:]))


def places(draw: Draw) -> AmbulancePlaces:
    return AmbulancePlaces(
        picked_up_at=draw.address(),
        brought_to=draw.address(),
        brought_to_name="LAKE HOSPITAL" if draw.chance() else None,
    )


def transport(draw: Draw) -> Ambulance:
    return Ambulance(
        reason=draw.one("A", "B", "C", "D", "E"),
        miles=Decimal(draw.one("3", "12.5", "0")),
        weight_pounds=Decimal(180) if draw.chance() else None,
        round_trip_purpose="DIALYSIS AND BACK" if draw.chance() else None,
        stretcher_purpose="CANNOT SIT" if draw.chance() else None,
    )


def _certified(draw: Draw) -> tuple[ConditionIndicator, ...]:
    codes = draw.some(("01", "04", "05", "06", "07", "08", "09", "12"), 5, 1)
    applies = draw.chance(0.8)
    return (ConditionIndicator(category=ConditionCategory.AMBULANCE, applies=applies, codes=codes),)


def ambulance(draw: Draw) -> Claim:
    claim = visit(
        draw,
        place_of_service="41",
        ambulance=transport(draw),
        ambulance_places=places(draw),
        conditions=_certified(draw),
    )
    return each_line(claim, patients_carried=2) if draw.chance(0.3) else claim


def ambulance_by_line(draw: Draw) -> Claim:
    claim = visit(draw, place_of_service="41", lines=2)
    return each_line(
        claim,
        ambulance=transport(draw),
        ambulance_places=places(draw),
        conditions=_certified(draw),
    )


def drugs(draw: Draw) -> Claim:
    claim = visit(draw)
    lines = tuple(dataclasses.replace(each, drug=drug(draw)) for each in claim.lines)
    return dataclasses.replace(claim, lines=lines)


def drug(draw: Draw) -> Drug:
    return Drug(
        ndc=f"{draw.rng.randint(0, 99_999_999_999):011d}",
        quantity=draw.units(),
        unit=draw.rng.choice(list(DrugUnit)),
        order_number=(order := draw.number("RX") if draw.chance() else None),
        is_compound=order is not None and draw.chance(),
    )


def anesthesia(draw: Draw) -> Claim:
    claim = visit(draw, lines=1, anesthesia_for=draw.some(("47562", "59510"), 2, 1))
    minutes = Decimal(draw.rng.randint(15, 300))
    obstetric = draw.rng.randint(1, 5) if draw.chance() else None
    return each_line(
        claim, code="01967", basis=UnitBasis.MINUTES, units=minutes, obstetric_units=obstetric
    )


def equipment(draw: Draw) -> Claim:
    claim = visit(draw, place_of_service="12", lines=draw.rng.randint(1, 2))
    certified = draw.chance()
    owned = Equipment(
        days=Decimal(draw.rng.randint(1, 30)),
        rental_cents=draw.cents(),
        purchase_cents=draw.cents(),
        frequency=draw.one("1", "4", "6"),
        certification=draw.one("I", "R", "S") if certified else None,
        months_needed=Decimal(draw.rng.randint(1, 99)) if certified else None,
    )
    dates = (DateKind.RECERTIFICATION, DateKind.THERAPY_BEGAN, DateKind.LAST_CERTIFICATION)
    state = ConditionIndicator(
        category=ConditionCategory.EQUIPMENT, applies=True, codes=draw.some(("38", "ZV"), 2, 1)
    )
    return each_line(
        claim,
        equipment=owned,
        dates=tuple(ClaimDate(kind=kind, on=draw.day()) for kind in dates) if certified else (),
        conditions=(state,) if draw.chance() else (),
        providers=LineProviders(ordering=draw.provider(), ordered_from=draw.address()),
        forms=(form(draw),) if draw.chance() else (),
    )


def certified_equipment(draw: Draw) -> Claim:
    """Says of the certificate of need how it exists (PWK*CT), which pyx12's map does not know."""
    way = draw.one("AB", "AD", "AF", "AG", "NS")
    certificate = Attachment(report_type="CT", transmission=way)
    return each_line(equipment(draw), attachments=(certificate,))


def form(draw: Draw) -> SupportingForm:
    answers = (
        FormAnswer(question="1A", words="0563"),
        FormAnswer(question="1B", percent=Decimal("87.5")),
        FormAnswer(question="1C", on=draw.day()),
        FormAnswer(question="4", yes=draw.chance()),
    )
    return SupportingForm(list_code=draw.one("UT", "AS"), form="484.03", answers=answers)


def accident(draw: Draw) -> Claim:
    cause = draw.rng.choice(list(AccidentCause))
    on = draw.day()
    also = AccidentCause.EMPLOYMENT if cause is AccidentCause.AUTO and draw.chance() else None
    told = Accident(
        cause=cause,
        also=also,
        happened_on=on,
        state="TX" if cause is AccidentCause.AUTO else None,
    )
    kinds = (
        DateKind.INITIAL_TREATMENT, DateKind.LAST_SEEN, DateKind.ACUTE_MANIFESTATION,
        DateKind.LAST_XRAY, DateKind.LAST_WORKED, DateKind.RETURN_TO_WORK,
        DateKind.ASSUMED_CARE, DateKind.RELINQUISHED_CARE, DateKind.FIRST_CONTACT,
    )  # fmt: skip
    dates = [ClaimDate(kind=kind, on=draw.day()) for kind in kinds if draw.chance(0.3)]
    if draw.chance():
        away = ClaimDate(kind=DateKind.DISABILITY, on=on, to_on=on + dt.timedelta(days=30))
        dates.insert(sum(each.kind in kinds[:4] for each in dates), away)
    return visit(
        draw,
        accident=told,
        onset_on=on,
        dates=tuple(dates),
        casualty_claim_number=draw.number("PC") if draw.chance() else None,
        delay_reason=draw.one("1", "11", "15") if draw.chance() else None,
    )


def laboratory(draw: Draw) -> Claim:
    lab = ReferenceNumber(kind=ReferenceKind.CLIA, number="05D1234567")
    claim = visit(draw, place_of_service="81", references=(lab,))
    own = (
        ReferenceNumber(kind=ReferenceKind.CLIA, number="45D0000001"),
        ReferenceNumber(kind=ReferenceKind.REFERRING_CLIA, number="46D0000002"),
    )
    measured = (
        MeasuredResult(about="TR", measure="R1", value=Decimal("11.2")),
        MeasuredResult(about="OG", measure="HT", value=Decimal(70)),
    )
    tests = (DateKind.HEMOGLOBIN_TEST, DateKind.CREATININE_TEST)
    bought = PurchasedService(provider_npi=draw.npi(), cents=draw.cents())
    first = dataclasses.replace(
        claim.lines[0],
        references=own if draw.chance() else (),
        measured=measured if draw.chance() else (),
        dates=tuple(ClaimDate(kind=kind, on=draw.day()) for kind in tests),
        purchased=bought if draw.chance() else None,
    )
    return dataclasses.replace(claim, lines=(first, *claim.lines[1:]))


def in_hospital(draw: Draw) -> Claim:
    on = draw.day()
    left = on + dt.timedelta(days=4) if draw.chance() else None
    return visit(
        draw, place_of_service="21", admitted_on=on, discharged_on=left, facility=draw.facility()
    )


def conditions(draw: Draw) -> Claim:
    told = (
        ConditionIndicator(
            category=ConditionCategory.SPECTACLE_LENSES, applies=True, codes=("L1", "L3")
        ),
        ConditionIndicator(category=ConditionCategory.HOMEBOUND, applies=True, codes=("IH",)),
        ConditionIndicator(category=ConditionCategory.EPSDT, applies=False, codes=("NU",)),
    )
    spinal = SpinalManipulation(
        nature=draw.one("A", "C", "M"),
        description="LOW BACK PAIN" if draw.chance() else None,
        more="FOR TWO WEEKS" if draw.chance() else None,
    )
    hospice = ConditionIndicator(
        category=ConditionCategory.HOSPICE, applies=draw.chance(), codes=("65",)
    )
    claim = visit(
        draw,
        conditions=told[draw.rng.randint(0, 2) :],
        spinal=spinal if draw.chance() else None,
        condition_codes=draw.some(("AA", "AB", "AD", "W2"), 4),
        special_program=draw.one("02", "03", "05", "09") if draw.chance() else None,
    )
    return each_line(claim, conditions=(hospice,)) if draw.chance() else claim


def patient_states(draw: Draw) -> Claim:
    state = PatientState(
        died_on=draw.day() if draw.chance(0.3) else None,
        weight_pounds=Decimal("154.5") if draw.chance() else None,
        is_pregnant=True,
    )
    patient = draw.patient() if draw.chance() else None
    return visit(draw, patient_state=state, patient=patient)


def numbers_and_notes(draw: Draw) -> Claim:
    kinds = (
        ReferenceKind.AUTHORIZATION_EXCEPTION, ReferenceKind.MAMMOGRAPHY_CERTIFICATION,
        ReferenceKind.DEVICE_EXEMPTION, ReferenceKind.DEMONSTRATION_PROJECT,
        ReferenceKind.CARE_PLAN_OVERSIGHT,
    )  # fmt: skip
    numbers = tuple(
        ReferenceNumber(kind=kind, number="3" if kind == "4N" else draw.number())
        for kind in kinds
        if draw.chance()
    )
    claim = visit(
        draw,
        references=numbers,
        contract=contract(draw) if draw.chance() else None,
        clearinghouse_trace=draw.number("CH") if draw.chance() else None,
        patient_paid_cents=draw.cents(5000) if draw.chance() else None,
        file_information=("STATE CODE 7",) * draw.rng.randint(0, 3),
        note="SEEN AFTER HOURS",
        note_about=draw.one("ADD", "CER", "DCP", "DGN", "TPO"),
    )
    tax = 1 if draw.chance() else None
    return each_line(
        claim,
        contract=contract(draw) if draw.chance() else None,
        sales_tax_cents=tax,
        file_information=("LINE CODE",) if draw.chance() else (),
        note="PLAN OF CARE",
        note_about=draw.one("ADD", "DCP"),
        organization_note="REPRICED" if draw.chance() else None,
        references=(ReferenceNumber(kind=ReferenceKind.IMMUNIZATION_BATCH, number="B77"),),
    )


def contract(draw: Draw) -> Contract:
    return Contract(
        kind=draw.one("01", "02", "03", "04", "05", "06", "09"),
        cents=draw.cents() if draw.chance() else None,
        percent=Decimal("12.5") if draw.chance() else None,
        code="C7" if draw.chance() else None,
        discount_percent=Decimal(2) if draw.chance() else None,
        version="V1" if draw.chance() else None,
    )


KINDS = {
    "P visit": visit,
    "P dependent": dependent,
    "P secondary": secondary,
    "P tertiary": tertiary,
    "P first of several": primary_of_several,
    "P replacement": replacement,
    "P void": void,
    "P attachments": attached,
    "P many lines": many_lines,
    "P other providers": providers,
    "P ambulance": ambulance,
    "P ambulance by line": ambulance_by_line,
    "P drugs": drugs,
    "P anaesthesia": anesthesia,
    "P equipment": equipment,
    "P equipment with a certificate": certified_equipment,
    "P accident": accident,
    "P laboratory": laboratory,
    "P in hospital": in_hospital,
    "P conditions": conditions,
    "P state of the patient": patient_states,
    "P numbers and notes": numbers_and_notes,
}
