"""The rules of a professional claim that no structure check sees (837P)."""

import re

from domain.claim_details import (
    ClaimDate,
    ConditionCategory,
    DateKind,
    ReferenceKind,
    UnitBasis,
)
from domain.claims import (
    AccidentCause,
    ClaimLine,
    Frequency,
    ProfessionalClaim,
    Responsibility,
)
from domain.medicare import SecondBecause, is_medicare
from edi import checks, field_checks
from edi.claim_facts import (
    CLAIM_DATES,
    LINE_DATES,
    LINE_NOTES,
    LINE_REFERENCES,
    NOTES,
    PROFESSIONAL_REFERENCES,
)
from edi.cob_checks import Said
from edi.errors import OurFinding

_PLACE_OF_SERVICE = re.compile(r"[0-9]{2}")
_CLIA = re.compile(r"[0-9]{2}D[0-9]{7}")
_FREQUENCIES = (Frequency.ORIGINAL, Frequency.REPLACEMENT, Frequency.VOID)
LINES_MAX, DIAGNOSES_MAX, POINTERS_MAX = 50, 12, 4
_FORM_LISTS = ("AS", "UT")
# Which conditions stand where, and how many codes each takes.
_CLAIM_CONDITIONS = {
    ConditionCategory.AMBULANCE: 5,
    ConditionCategory.SPECTACLE_LENSES: 5,
    ConditionCategory.CONTACT_LENSES: 5,
    ConditionCategory.SPECTACLE_FRAMES: 5,
    ConditionCategory.HOMEBOUND: 1,
    ConditionCategory.EPSDT: 3,
}
_LINE_CONDITIONS = {
    ConditionCategory.AMBULANCE: 5,
    ConditionCategory.HOSPICE: 1,
    ConditionCategory.EQUIPMENT: 2,
}
_SEVERAL = {ReferenceKind.PRIOR_AUTHORIZATION: 5, ReferenceKind.REFERRAL: 5}
_ANESTHESIA_MAX, _CONDITION_CODES_MAX, _MEASURED_MAX = 2, 12, 5


def findings(claim: ProfessionalClaim) -> tuple[OurFinding, ...]:
    """Every reason why this claim must not be written; empty when there is none."""
    charges = checks.charges_of([(line.line_control, line.charge_cents) for line in claim.lines])
    said = (
        *checks.shared(claim, charges),
        *_facts(claim),
        *_second(claim),
        *_numbers_and_codes(claim),
        *_providers(claim),
        *_diagnoses(claim),
        *_lines(claim),
    )
    return checks.told(claim, said)


def _facts(claim: ProfessionalClaim) -> Said:
    if claim.frequency not in _FREQUENCIES:
        yield "CLM05-3", "A professional claim is an original, a replacement or a void."
    if _PLACE_OF_SERVICE.fullmatch(claim.place_of_service) is None:
        yield "CLM05-1", "The place of service must be two digits."
    accident = claim.accident
    causes = (accident.cause, accident.also) if accident else ()
    if accident and AccidentCause.AUTO in causes and not accident.state:
        yield "CLM11-4", "An automobile accident needs the state where it happened."
    if accident and accident.cause is accident.also:
        yield "CLM11-2", "A second cause is another than the first."
    if claim.admitted_on and claim.discharged_on and claim.discharged_on < claim.admitted_on:
        yield "DTP*096", "The patient was discharged before the day of admission."
    for date in claim.dates:
        yield from _date(date)
    if claim.note_about not in NOTES:
        yield "NTE01", f"A claim has no note of the kind {claim.note_about!r}."
    yield from checks.conditions(claim.conditions, _CLAIM_CONDITIONS)
    yield from _transport(claim)


def _second(claim: ProfessionalClaim) -> Said:
    """Of Medicare as a later payer the reason is told, and of nobody else."""
    is_first = claim.responsibility is Responsibility.PRIMARY
    is_asked = is_medicare(claim.filing_code) and not is_first
    if is_asked and not claim.insurance_type:
        yield "SBR05", "A claim to Medicare as a later payer tells why another comes first."
    if claim.insurance_type and not is_asked:
        yield "SBR05", "Only Medicare as a later payer is told why another comes first."
    if claim.insurance_type and claim.insurance_type not in set(SecondBecause):
        yield "SBR05", "This is none of the reasons why Medicare is not first."


def _transport(claim: ProfessionalClaim) -> Said:
    is_transport = claim.ambulance or any(line.ambulance for line in claim.lines)
    places = (claim.ambulance_places, *(line.ambulance_places for line in claim.lines))
    if is_transport and not any(places):
        yield "2310E", "A transport tells where the patient was picked up and brought to."


def _numbers_and_codes(claim: ProfessionalClaim) -> Said:
    for each in claim.references:
        if each.kind not in PROFESSIONAL_REFERENCES:
            yield f"REF*{each.kind}", "A professional claim has no place for this number."
        yield from _clia(each.kind, each.number)
    yield from checks.repeated((each.kind for each in claim.references), {})
    if len(claim.anesthesia_for) > _ANESTHESIA_MAX:
        yield "HI*BP", f"An anaesthesia claim names at most {_ANESTHESIA_MAX} surgical codes."
    if len(claim.condition_codes) > _CONDITION_CODES_MAX:
        yield "HI*BG", f"A claim names at most {_CONDITION_CODES_MAX} condition codes."


def _date(date: ClaimDate) -> Said:
    where = f"DTP*{date.kind}"
    if date.kind not in CLAIM_DATES:
        yield where, "This date belongs to a line, not to the claim."
    if date.to_on and date.to_on < date.on:
        yield where, "It ends before it begins."
    if date.to_on and date.kind is not DateKind.DISABILITY:
        yield where, "Only a disability lasts for a span of days."


def _clia(kind: ReferenceKind, number: str) -> Said:
    if kind in (ReferenceKind.CLIA, ReferenceKind.REFERRING_CLIA) and not _CLIA.fullmatch(number):
        yield f"REF*{kind}", "A CLIA number is two digits, the letter D and seven digits."


def _providers(claim: ProfessionalClaim) -> Said:
    facility = claim.facility
    if claim.primary_care and not claim.referring:
        yield "2310A P3", "Who is named alone is named as the one who referred."
    yield from field_checks.taxonomy("2310B PRV03", claim.rendering.taxonomy)
    yield from checks.npis(
        (
            ("2310B NM109", claim.rendering.npi),
            ("2310A NM109", checks.npi_of(claim.referring)),
            ("2310A P3 NM109", checks.npi_of(claim.primary_care)),
            ("2310C NM109", facility.npi if facility else None),
            ("2310D NM109", checks.npi_of(claim.supervising)),
        )
    )


def _diagnoses(claim: ProfessionalClaim) -> Said:
    if not 1 <= len(claim.diagnoses) <= DIAGNOSES_MAX:
        yield (
            "HI",
            f"A claim has 1 to {DIAGNOSES_MAX} diagnoses; this one has {len(claim.diagnoses)}.",
        )
    for place, code in enumerate(claim.diagnoses, 1):
        yield from checks.diagnosis(f"HI{place:02d}", code)


def _lines(claim: ProfessionalClaim) -> Said:
    if not 1 <= len(claim.lines) <= LINES_MAX:
        yield "LX", f"A claim has 1 to {LINES_MAX} lines; this one has {len(claim.lines)}."
    yield from checks.repeated_controls(line.line_control for line in claim.lines)
    for place, line in enumerate(claim.lines, 1):
        said = (
            *_line(line, len(claim.diagnoses)),
            *_line_facts(line),
            *_line_numbers(line),
            *_line_providers(line),
        )
        for where, words in said:
            yield f"line {place} {where}", words


def _line(line: ClaimLine, diagnoses: int) -> Said:
    if not 1 <= len(line.pointers) <= POINTERS_MAX:
        yield "SV107", f"A line points at 1 to {POINTERS_MAX} diagnoses."
    if any(not 1 <= pointer <= diagnoses for pointer in line.pointers):
        yield "SV107", f"It points at a diagnosis that is not there; the claim has {diagnoses}."
    if len(line.modifiers) > checks.MODIFIERS_MAX:
        yield "SV101", f"A line has at most {checks.MODIFIERS_MAX} modifiers."
    yield from field_checks.line(line.line_control, "SV101-2", line.code)
    if line.units <= 0:
        yield "SV104", "The units must be more than zero."
    if line.basis is UnitBasis.DAYS:
        yield "SV103", "A professional line counts units, or minutes of anaesthesia."
    if line.charge_cents < 0:
        yield "SV102", "The charge of a claim line cannot be negative."
    if line.service_to_on and line.service_to_on < line.service_on:
        yield "DTP*472", "The service ends before it begins."


def _line_facts(line: ClaimLine) -> Said:
    place = line.place_of_service
    if place and _PLACE_OF_SERVICE.fullmatch(place) is None:
        yield "SV105", "The place of service must be two digits."
    for date in line.dates:
        if date.kind not in LINE_DATES:
            yield f"DTP*{date.kind}", "This date belongs to the claim, not to a line."
    yield from checks.attachments(line.attachments, takes_certificate=True)
    yield from checks.contract(line.contract)
    yield from checks.conditions(line.conditions, _LINE_CONDITIONS)
    if line.note_about not in LINE_NOTES:
        yield "NTE01", f"A line has no note of the kind {line.note_about!r}."
    yield from checks.within(line.charge_cents, line.sales_tax_cents, line.postage_cents)
    yield from _forms(line)
    if len(line.measured) > _MEASURED_MAX:
        yield "MEA", f"A line tells at most {_MEASURED_MAX} measurements."


def _forms(line: ClaimLine) -> Said:
    for form in line.forms:
        if form.list_code not in _FORM_LISTS or not form.answers:
            yield "LQ", "A form is one of the lists AS and UT and answers at least one question."
        for each in form.answers:
            told = (each.yes, each.words, each.on, each.percent)
            if not each.question or all(answer is None for answer in told):
                yield "FRM", "An answer names its question and says something."


def _line_numbers(line: ClaimLine) -> Said:
    for each in line.references:
        if each.kind not in LINE_REFERENCES:
            yield f"REF*{each.kind}", "A professional line has no place for this number."
        yield from _clia(each.kind, each.number)
        yield from checks.at_most(f"REF*{each.kind}", each.number, checks.NUMBER_MAX)
    yield from checks.repeated((each.kind for each in line.references), _SEVERAL)
    if line.drug:
        yield from checks.drug(line.drug.ndc, line.drug.unit)


def _line_providers(line: ClaimLine) -> Said:
    providers = line.providers
    rendering = providers.rendering
    yield from field_checks.taxonomy("2420A PRV03", rendering.taxonomy if rendering else None)
    yield from checks.npis(
        (
            ("2420A NM109", checks.npi_of(providers.rendering)),
            ("2420B NM109", line.purchased.provider_npi if line.purchased else None),
            ("2420C NM109", line.facility.npi if line.facility else None),
            ("2420D NM109", checks.npi_of(providers.supervising)),
            ("2420E NM109", checks.npi_of(providers.ordering)),
            ("2420F NM109", checks.npi_of(providers.referring)),
            ("2420F P3 NM109", checks.npi_of(providers.primary_care)),
        )
    )
