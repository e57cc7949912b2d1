"""Invented institutional claims, one function for each kind that is to be proven."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

from domain.claim_details import (
    ConditionCategory,
    ConditionIndicator,
    LineProviders,
    ReferenceKind,
    ReferenceNumber,
    UnitBasis,
)
from domain.claims import Frequency, OtherPayer, Responsibility
from domain.institutional import (
    Admission,
    InstitutionalClaim,
    Occurrence,
    OccurrenceSpan,
    PresentOnAdmission,
    RevenueLine,
    StayDiagnosis,
    StayProcedure,
    TypedNote,
    ValueCode,
)
from tests.edi.claim_world import coordination, professional
from tests.edi.claim_world.coordination import AdjudicatedLine
from tests.edi.claim_world.draw import Draw

Claim = InstitutionalClaim
_ROOMS = ("0120", "0110", "0206")
_ANCILLARIES = ("0250", "0270", "0300", "0320", "0360", "0450", "0636")


def _claim(draw: Draw, *, type_of_bill: str, days: int, **facts: Any) -> Claim:
    from_on = draw.day()
    base: dict[str, Any] = {
        "pcn": draw.pcn(),
        "frequency": Frequency.ORIGINAL,
        "billing": draw.billing(),
        "subscriber": draw.subscriber(),
        "payer": draw.payer(),
        "responsibility": Responsibility.PRIMARY,
        "filing_code": draw.one("CI", "MA", "MC", "BL"),
        "medical_record_number": draw.number("MRN") if draw.chance() else None,
        "prior_auth": draw.number("AUTH") if draw.chance(0.3) else None,
        "type_of_bill": type_of_bill,
        "from_on": from_on,
        "to_on": from_on + dt.timedelta(days=days),
        "admission": Admission(patient_status="01"),
        "principal": StayDiagnosis(code=draw.diagnoses(1)[0]),
        "attending": draw.provider(taxonomy=draw.chance()),
        "lines": (),
    }
    return Claim(**{**base, **facts})


def line(draw: Draw, revenue_code: str, **facts: Any) -> RevenueLine:
    made = RevenueLine(
        line_control=draw.line_control(),
        revenue_code=revenue_code,
        charge_cents=draw.cents(900_000),
        units=draw.units(),
    )
    return dataclasses.replace(made, **facts)


def stay(draw: Draw, *, services: int | None = None, **facts: Any) -> Claim:
    days = draw.rng.randint(1, 9)
    claim = _claim(draw, type_of_bill=draw.one("11", "11", "11", "41", "18"), days=days)
    came_at = draw.clock() if draw.chance(0.8) else None
    admission = Admission(
        admitted_on=claim.from_on,
        admitted_time=came_at,
        discharged_time=draw.clock() if draw.chance(0.8) else None,
        priority=draw.one("1", "2", "3", "9"),
        source=draw.one("1", "2", "4", "8"),
        patient_status=draw.one("01", "03", "20", "62"),
    )
    room = line(
        draw,
        draw.one(*_ROOMS),
        units=Decimal(days),
        basis=UnitBasis.DAYS,
        noncovered_cents=0 if draw.chance(0.2) else None,
    )
    rest = [line(draw, draw.one(*_ANCILLARIES)) for _ in range(services or draw.rng.randint(0, 5))]
    told = dataclasses.replace(
        claim,
        admission=admission,
        principal=_present(draw, claim.principal.code),
        admitting_diagnosis=draw.diagnoses(1)[0],
        other_diagnoses=tuple(_present(draw, code) for code in draw.diagnoses(10)),
        drg=draw.one("291", "470", "003") if draw.chance(0.8) else None,
        lines=(room, *rest),
        **_operations(draw, claim),
        **_codes(draw, claim),
    )
    return dataclasses.replace(told, **facts)


def _present(draw: Draw, code: str) -> StayDiagnosis:
    told = draw.rng.choice([*PresentOnAdmission, None])
    return StayDiagnosis(code=code, on_admission=told)


def _operations(draw: Draw, claim: Claim) -> dict[str, Any]:
    if draw.chance(0.4):
        return {}
    done = [StayProcedure(code=draw.procedure(), on=claim.from_on) for _ in range(15)]
    return {
        "principal_procedure": done[0],
        "other_procedures": tuple(done[1 : draw.rng.randint(1, 15)]),
        "operating": draw.provider(),
        "other_operating": draw.provider() if draw.chance(0.3) else None,
    }


def _codes(draw: Draw, claim: Claim) -> dict[str, Any]:
    count = draw.rng.randint(0, 14)
    return {
        "occurrences": tuple(
            Occurrence(code=f"{number:02d}", on=claim.from_on) for number in range(11, 11 + count)
        ),
        "spans": tuple(
            OccurrenceSpan(code=code, from_on=claim.from_on, to_on=claim.to_on)
            for code in draw.some(("70", "74", "M1"), 3)
        ),
        "values": tuple(
            ValueCode(code=code, hundredths=draw.cents())
            for code in draw.some(("80", "01", "A1", "50", "FC"), 5)
        ),
        "condition_codes": draw.some(("02", "09", "C1", "44", "D0"), 5),
    }


def outpatient(draw: Draw, *, lines: int | None = None, **facts: Any) -> Claim:
    claim = _claim(draw, type_of_bill=draw.one("13", "13", "85", "73"), days=0)
    count = lines or draw.rng.randint(1, 6)
    told = dataclasses.replace(
        claim,
        admission=Admission(
            priority=draw.one("1", "3"),
            source=draw.one("1", "2") if draw.chance() else None,
            patient_status="01",
        ),
        other_diagnoses=tuple(StayDiagnosis(code=code) for code in draw.diagnoses(10)),
        lines=tuple(_service(draw, claim) for _ in range(count)),
    )
    return dataclasses.replace(told, **facts)


def _service(draw: Draw, claim: Claim) -> RevenueLine:
    code = draw.service() if draw.chance(0.8) else None
    return line(
        draw,
        draw.one(*_ANCILLARIES),
        code=code,
        modifiers=draw.modifiers() if code else (),
        description="SERVICE NOT LISTED" if code and draw.chance(0.2) else None,
        service_on=claim.from_on,
        noncovered_cents=1 if draw.chance(0.1) else None,
        service_tax_cents=1 if draw.chance(0.05) else None,
        facility_tax_cents=0 if draw.chance(0.05) else None,
    )


def emergency(draw: Draw) -> Claim:
    claim = outpatient(draw, type_of_bill="13")
    causes = tuple(StayDiagnosis(code=code) for code in draw.some(("W19XXXA", "Y92009"), 2, 1))
    accident = (Occurrence(code="01", on=claim.from_on),)
    state = ReferenceNumber(kind=ReferenceKind.ACCIDENT_STATE, number="TX")
    return dataclasses.replace(
        claim,
        visit_reasons=draw.diagnoses(3),
        external_causes=causes,
        occurrences=accident,
        references=(state,) if draw.chance() else (),
    )


def dependent(draw: Draw) -> Claim:
    claim = stay(draw) if draw.chance() else outpatient(draw)
    return dataclasses.replace(
        claim,
        patient=draw.patient(),
        casualty_claim_number=draw.number("PC") if draw.chance(0.3) else None,
    )


def secondary(draw: Draw) -> Claim:
    claim = stay(draw, responsibility=Responsibility.SECONDARY)
    other = coordination.by_claim(draw, 0, claim.charge_cents)
    # The guides have zero written there, whatever was covered.
    return _after(claim, dataclasses.replace(other, covered_days=0))


def tertiary(draw: Draw) -> Claim:
    claim = outpatient(draw, responsibility=Responsibility.TERTIARY)
    first = coordination.by_line(draw, 0, adjudicated(claim))
    if draw.chance():
        return _after(claim, first, coordination.by_line(draw, 1, adjudicated(claim)))
    return _after(claim, first, coordination.by_claim(draw, 1, claim.charge_cents))


def _after(claim: Claim, *others: OtherPayer) -> Claim:
    return dataclasses.replace(claim, other_payers=others)


def adjudicated(claim: Claim) -> list[AdjudicatedLine]:
    return [
        AdjudicatedLine(
            each.line_control,
            each.charge_cents,
            each.code or "",
            each.modifiers,
            each.units,
            each.revenue_code,
        )
        for each in claim.lines
    ]


def replacement(draw: Draw) -> Claim:
    return stay(draw, frequency=Frequency.REPLACEMENT, payer_claim_number=draw.number("ICN"))


def void(draw: Draw) -> Claim:
    return outpatient(draw, frequency=Frequency.VOID, payer_claim_number=draw.number("ICN"))


def in_parts(draw: Draw) -> Claim:
    """Interim bills of a long stay, and charges that came late."""
    parts = (Frequency.INTERIM_FIRST, Frequency.INTERIM_NEXT, Frequency.INTERIM_LAST)
    frequency = draw.rng.choice([*parts, Frequency.LATE_CHARGES])
    return stay(draw, frequency=frequency)


def many_lines(draw: Draw) -> Claim:
    return outpatient(draw, lines=draw.rng.randint(100, 300))


def home_health(draw: Draw) -> Claim:
    claim = _claim(draw, type_of_bill="32", days=29)
    rate = line(draw, "0023", code="1AA11", units=Decimal(1), service_on=claim.from_on)
    visits = [
        line(draw, draw.one("0551", "0421"), code="G0299", service_on=claim.from_on + _days(draw))
        for _ in range(draw.rng.randint(1, 9))
    ]
    return dataclasses.replace(
        claim,
        admission=Admission(
            admitted_on=claim.from_on, priority="3", source="1", patient_status="30"
        ),
        treatment_codes=draw.some(("A01", "B02", "C03"), 3, 1),
        values=(ValueCode(code="61", hundredths=1234500),),
        lines=(rate, *visits),
        rendering=draw.provider() if draw.chance() else None,
    )


def _days(draw: Draw) -> dt.timedelta:
    return dt.timedelta(days=draw.rng.randint(0, 29))


def hospice(draw: Draw) -> Claim:
    claim = _claim(draw, type_of_bill="81", days=29)
    care = [
        line(draw, code, code="Q5001", service_on=claim.from_on, service_to_on=claim.to_on)
        for code in ("0651", "0652")
    ]
    return dataclasses.replace(
        claim,
        admission=Admission(
            admitted_on=claim.from_on, priority="3", source="1", patient_status="30"
        ),
        occurrences=(Occurrence(code="27", on=claim.from_on),),
        spans=(OccurrenceSpan(code="M2", from_on=claim.from_on, to_on=claim.to_on),),
        lines=tuple(care),
    )


def providers(draw: Draw) -> Claim:
    claim = outpatient(
        draw,
        operating=draw.provider(),
        other_operating=draw.provider() if draw.chance() else None,
        rendering=draw.provider() if draw.chance() else None,
        referring=draw.provider() if draw.chance() else None,
        facility=draw.facility(),
        referral=draw.number("REF"),
    )
    own = LineProviders(
        operating=(operating := draw.provider() if draw.chance() else None),
        other_operating=draw.provider() if operating and draw.chance() else None,
        rendering=draw.provider() if draw.chance() else None,
        referring=draw.provider() if draw.chance() else None,
    )
    first = dataclasses.replace(claim.lines[0], providers=own)
    return dataclasses.replace(claim, lines=(first, *claim.lines[1:]))


def attached(draw: Draw) -> Claim:
    kinds = (ReferenceKind.AUTHORIZATION_EXCEPTION, ReferenceKind.DEVICE_EXEMPTION)
    screened = ConditionIndicator(
        category=ConditionCategory.EPSDT, applies=True, codes=("ST", "AV")
    )
    claim = outpatient(
        draw,
        attachments=professional.attachments(draw),
        contract=professional.contract(draw) if draw.chance() else None,
        estimated_due_cents=draw.cents() if draw.chance() else None,
        references=tuple(ReferenceNumber(kind=kind, number="3") for kind in kinds),
        file_information=("STATE CODE 7",),
        notes=tuple(
            TypedNote(about=about, words="AS TOLD") for about in draw.some(("DGN", "MED"), 2)
        ),
        note="BILLED LATE" if draw.chance() else None,
        delay_reason=draw.one("1", "11") if draw.chance() else None,
        clearinghouse_trace=draw.number("CH"),
        conditions=(screened,) if draw.chance() else (),
    )
    lines = tuple(
        dataclasses.replace(
            each,
            attachments=professional.attachments(draw, 2) if draw.chance() else (),
            organization_note="REPRICED" if draw.chance() else None,
        )
        for each in claim.lines
    )
    return dataclasses.replace(claim, lines=lines)


def drugs(draw: Draw) -> Claim:
    claim = outpatient(draw)
    lines = tuple(
        dataclasses.replace(each, drug=professional.drug(draw), revenue_code="0636")
        for each in claim.lines
    )
    return dataclasses.replace(claim, lines=lines)


KINDS = {
    "I stay": stay,
    "I outpatient": outpatient,
    "I emergency": emergency,
    "I dependent": dependent,
    "I secondary": secondary,
    "I tertiary": tertiary,
    "I replacement": replacement,
    "I void": void,
    "I in parts": in_parts,
    "I many lines": many_lines,
    "I home health": home_health,
    "I hospice": hospice,
    "I other providers": providers,
    "I attachments": attached,
    "I drugs": drugs,
}
