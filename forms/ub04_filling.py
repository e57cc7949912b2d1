"""From an institutional claim to what its paper form says: each fact of the claim that has a
locator. What finds no room in its own goes to locator 81, or is counted in the remarks.
"""

import datetime as dt
from collections.abc import Iterator

from domain.claim_details import ReferenceKind
from domain.correspondence import MailingAddress
from domain.institutional import InstitutionalClaim, StayDiagnosis
from domain.parties import OtherProvider, Patient, Subscriber
from forms import form_parties
from forms.form_text import Misfit
from forms.ub04_claim import (
    CodeCode,
    CodeDate,
    CodedDiagnosis,
    CodeSpan,
    CodeValue,
    FormAdmission,
    FormDoctor,
    FormPatient,
    Ub04,
)
from forms.ub04_insured import payer_rows
from forms.ub04_lines import revenue_lines

_CONDITIONS_MAX, _OCCURRENCES_MAX, _SPANS_MAX, _VALUES_MAX = 11, 8, 4, 12
_OTHERS_MAX, _CAUSES_MAX, _PROCEDURES_MAX = 17, 3, 6
_TAXONOMY = "B3"
_MORE_CONDITIONS, _MORE_OCCURRENCES, _MORE_SPANS, _MORE_VALUES = "A1", "A2", "A3", "A4"
# Values that count days, visits, pints, grams or places: whole, and left of the cents.
_COUNTS = frozenset(
    {"37", "38", "39", "45", "46", "50", "51", "52", "53", "54", "56", "57", "58", "59"}
    | {"61", "67", "68", "80", "81", "82", "83", "85", "A0"}
)


def form_of(claim: InstitutionalClaim, *, payer: MailingAddress, created_on: dt.date) -> Ub04:
    billing = claim.billing
    return Ub04(
        billing=form_parties.envelope(billing.name, billing.address),
        billing_phone=billing.contact_phone,
        billing_npi=billing.npi,
        pay_to=form_parties.envelope(billing.name, billing.pay_to) if billing.pay_to else None,
        pcn=claim.pcn,
        medical_record_number=claim.medical_record_number or "",
        type_of_bill=f"{claim.type_of_bill}{claim.frequency}",
        tax_id=billing.tax_id,
        from_on=claim.from_on,
        to_on=claim.to_on,
        patient=_patient(claim.patient or claim.subscriber),
        admission=_admission(claim),
        conditions=claim.condition_codes[:_CONDITIONS_MAX],
        accident_state=_accident_state(claim),
        occurrences=tuple(
            CodeDate(code=found.code, on=found.on) for found in claim.occurrences[:_OCCURRENCES_MAX]
        ),
        spans=tuple(
            CodeSpan(code=span.code, from_on=span.from_on, to_on=span.to_on)
            for span in claim.spans[:_SPANS_MAX]
        ),
        addressee=_window(payer),
        values=tuple(_values(claim)),
        lines=revenue_lines(claim),
        created_on=created_on,
        payers=payer_rows(claim),
        principal=_coded(claim.principal),
        others=tuple(_coded(found) for found in claim.other_diagnoses[:_OTHERS_MAX]),
        admitting=claim.admitting_diagnosis or "",
        visit_reasons=claim.visit_reasons,
        drg=claim.drg or "",
        external_causes=tuple(_coded(found) for found in claim.external_causes[:_CAUSES_MAX]),
        procedures=_procedures(claim)[:_PROCEDURES_MAX],
        attending=_doctor("", claim.attending),
        operating=_doctor("", claim.operating),
        other_doctors=tuple(_other_doctors(claim)),
        remarks=" ".join(_remarks(claim)),
        codes=tuple(_codes(claim)),
    )


def left_out(claim: InstitutionalClaim) -> Iterator[Misfit]:
    """Codes for which the paper has no place; the remarks say how many there are."""
    diagnoses = [found.code for found in claim.other_diagnoses]
    procedures = [found.code for found in _procedures(claim)]
    causes = [found.code for found in claim.external_causes]
    for where, codes, most in (
        ("locator 67: other diagnoses", diagnoses, _OTHERS_MAX),
        ("locator 72: external causes", causes, _CAUSES_MAX),
        ("locator 74: procedures", procedures, _PROCEDURES_MAX),
    ):
        if len(codes) > most:
            words = f"{where} holds {most}, {len(codes)} are given: the others are only counted."
            yield Misfit(
                where=where,
                words=words,
                written=", ".join(codes),
                fits=", ".join(codes[:most]),
                is_refused=False,
            )


def _window(payer: MailingAddress) -> tuple[str, ...]:
    """The last line as the other boxes say a place, so that its ZIP code stays whole."""
    return (*payer.lines[:-1], form_parties.place(payer))


def _patient(person: Patient | Subscriber) -> FormPatient:
    address = person.address
    return FormPatient(
        last=form_parties.last_name(person.name),
        first=person.name.first or "",
        middle=person.name.middle or "",
        born_on=person.birth_on,
        sex=person.gender or "U",
        street=form_parties.street(address) if address else "",
        city=address.city if address else "",
        state=address.state if address else "",
        zip_code=address.postal_code if address else "",
    )


def _admission(claim: InstitutionalClaim) -> FormAdmission:
    stay = claim.admission
    return FormAdmission(
        admitted_on=stay.admitted_on,
        hour=_hour(stay.admitted_time),
        priority=stay.priority or "",
        source=stay.source or "",
        discharge_hour=_hour(stay.discharged_time),
        status=stay.patient_status,
    )


def _hour(time: dt.time | None) -> str:
    """The paper has the hour alone."""
    return f"{time:%H}" if time else ""


def _accident_state(claim: InstitutionalClaim) -> str:
    states = (r.number for r in claim.references if r.kind is ReferenceKind.ACCIDENT_STATE)
    return next(states, "")


def _values(claim: InstitutionalClaim) -> Iterator[CodeValue]:
    for value in claim.values[:_VALUES_MAX]:
        is_count = value.code in _COUNTS and value.hundredths % 100 == 0
        yield CodeValue(code=value.code, hundredths=value.hundredths, is_count=is_count)


def _coded(diagnosis: StayDiagnosis) -> CodedDiagnosis:
    return CodedDiagnosis(code=diagnosis.code, on_admission=diagnosis.on_admission or "")


def _procedures(claim: InstitutionalClaim) -> tuple[CodeDate, ...]:
    first = (claim.principal_procedure,) if claim.principal_procedure else ()
    return tuple(CodeDate(code=p.code, on=p.on) for p in (*first, *claim.other_procedures))


def _doctor(role: str, person: OtherProvider | None) -> FormDoctor | None:
    if person is None:
        return None
    return FormDoctor(
        role=role,
        npi=person.npi,
        last=" ".join(part for part in (person.last, person.suffix) if part),
        first=person.first,
    )


def _other_doctors(claim: InstitutionalClaim) -> Iterator[FormDoctor]:
    """ZZ operated too, 82 rendered, DN referred."""
    roles = (("ZZ", claim.other_operating), ("82", claim.rendering), ("DN", claim.referring))
    for role, person in roles:
        if doctor := _doctor(role, person):
            yield doctor


def _remarks(claim: InstitutionalClaim) -> Iterator[str]:
    """Codes that the paper has no place for are counted first: the payer knows that there are more,
    also where a note behind them is cut."""
    if (more := len(claim.other_diagnoses) - _OTHERS_MAX) > 0:
        yield f"{more} MORE DIAGNOSES ON FILE"
    if (more := len(_procedures(claim)) - _PROCEDURES_MAX) > 0:
        yield f"{more} MORE PROCEDURES ON FILE"
    if (more := len(claim.external_causes) - _CAUSES_MAX) > 0:
        yield f"{more} MORE EXTERNAL CAUSES ON FILE"
    if claim.treatment_codes:
        yield f"TREATMENTS {' '.join(claim.treatment_codes)}"
    yield from (part for part in (claim.note, *(note.words for note in claim.notes)) if part)


def _codes(claim: InstitutionalClaim) -> Iterator[CodeCode]:
    yield CodeCode(qualifier=_TAXONOMY, code=claim.billing.taxonomy)
    for condition in claim.condition_codes[_CONDITIONS_MAX:]:
        yield CodeCode(qualifier=_MORE_CONDITIONS, code=condition)
    for more in claim.occurrences[_OCCURRENCES_MAX:]:
        yield CodeCode(qualifier=_MORE_OCCURRENCES, code=more.code, value=f"{more.on:%m%d%y}")
    for span in claim.spans[_SPANS_MAX:]:
        days = f"{span.from_on:%m%d%y}{span.to_on:%m%d%y}"
        yield CodeCode(qualifier=_MORE_SPANS, code=span.code, value=days)
    for value in claim.values[_VALUES_MAX:]:
        amount = f"{value.hundredths // 100}.{value.hundredths % 100:02}"
        yield CodeCode(qualifier=_MORE_VALUES, code=value.code, value=amount)
