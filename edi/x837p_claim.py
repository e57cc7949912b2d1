"""Loop 2300 of an 837P and all below it, in the order that the guide demands."""

from collections.abc import Sequence

from domain.claim_details import DateKind
from domain.claims import ClaimLine, ProfessionalClaim
from domain.money import x12_amount
from domain.parties import PersonName
from edi import claim_facts, cob_out, line_facts
from edi.parties_out import add_address, add_person
from edi.writing import Writer, day, number, period

# Signature on file, assignment accepted, benefits assigned, release signed: the practice bills
# nobody for whom it has not these four on paper.
_SIGNATURE, _ASSIGNMENT = "Y", "A"


def add_claim(writer: Writer, claim: ProfessionalClaim) -> None:
    _add_header(writer, claim)
    _add_dates(writer, claim)
    claim_facts.add_attachments(writer, claim.attachments)
    claim_facts.add_contract(writer, claim.contract)
    if claim.patient_paid_cents is not None:
        writer.add("AMT", "F5", x12_amount(claim.patient_paid_cents))
    claim_facts.add_claim_references(writer, claim)
    claim_facts.add_file_information(writer, claim.file_information)
    claim_facts.add_note(writer, claim.note_about, claim.note)
    _add_conditions(writer, claim)
    _add_codes(writer, claim)
    _add_providers(writer, claim)
    for other in claim.other_payers:
        cob_out.add_professional_payer(writer, other)
    for place, line in enumerate(claim.lines, 1):
        _add_line(writer, place, line)
        cob_out.add_adjudications(writer, line.line_control, claim.other_payers)
        line_facts.add_forms(writer, line.forms)


def _add_header(writer: Writer, claim: ProfessionalClaim) -> None:
    accident = claim.accident
    causes = [accident.cause, accident.also or "", "", accident.state or ""] if accident else [""]
    writer.add_composites(
        ["CLM"], [claim.pcn], [x12_amount(claim.charge_cents)], [""], [""],
        [claim.place_of_service, "B", claim.frequency],
        [_SIGNATURE], [_ASSIGNMENT], [cob_out.BENEFITS], [cob_out.RELEASE], [""], causes,
        [claim.special_program or ""], *[[""]] * 7, [claim.delay_reason or ""],
    )  # fmt: skip


def _add_dates(writer: Writer, claim: ProfessionalClaim) -> None:
    """The guide's order: onset, care, accident, illness and work, the stay, who cared."""
    own = (
        ("431", claim.onset_on),
        ("439", claim.accident.happened_on if claim.accident else None),
        ("435", claim.admitted_on),
        ("096", claim.discharged_on),
    )
    said = [("DTP", qualifier, "D8", day(on)) for qualifier, on in own if on]
    said += [("DTP", str(each.kind), *period(each.on, each.to_on)) for each in claim.dates]
    for segment in sorted(said, key=lambda each: _DATE_ORDER.index(each[1])):
        writer.add(*segment)


def _date_order() -> tuple[str, ...]:
    before_stay = [str(kind) for kind in claim_facts.CLAIM_DATES]
    accident = before_stay.index(DateKind.LAST_MENSTRUAL_PERIOD)
    before_stay.insert(accident, "439")
    stay = before_stay.index(DateKind.ASSUMED_CARE)
    return ("431", *before_stay[:stay], "435", "096", *before_stay[stay:])


_DATE_ORDER = _date_order()


def _add_conditions(writer: Writer, claim: ProfessionalClaim) -> None:
    claim_facts.add_ambulance(writer, claim.ambulance)
    if claim.spinal:
        spinal = claim.spinal
        words = [
            writer.note(where, text, claim_facts.DESCRIPTION_MAX, called="description")
            if text
            else ""
            for where, text in (("CR210", spinal.description), ("CR211", spinal.more))
        ]
        writer.add("CR2", *[""] * 7, spinal.nature, "", *words)
    claim_facts.add_conditions(writer, claim.conditions)


def _add_codes(writer: Writer, claim: ProfessionalClaim) -> None:
    """ABK first, ABF after it: ICD-10-CM. The older BK and BF are for days before October 2015."""
    rest = [["ABF", code] for code in claim.diagnoses[1:]]
    writer.add_composites(["HI"], ["ABK", claim.diagnoses[0]], *rest)
    if claim.anesthesia_for:
        kinds = zip(("BP", "BO"), claim.anesthesia_for, strict=False)
        writer.add_composites(["HI"], *([kind, code] for kind, code in kinds))
    if claim.condition_codes:
        writer.add_composites(["HI"], *(["BG", code] for code in claim.condition_codes))


def _add_providers(writer: Writer, claim: ProfessionalClaim) -> None:
    claim_facts.add_provider(writer, "DN", claim.referring)
    claim_facts.add_provider(writer, "P3", claim.primary_care)
    rendering = claim.rendering
    name = PersonName(last=rendering.last, first=rendering.first)
    add_person(writer, "82", name, "XX", rendering.npi)
    writer.add("PRV", "PE", "PXC", writer.required("2310B PRV03", rendering.taxonomy))
    claim_facts.add_facility(writer, claim.facility)
    claim_facts.add_provider(writer, "DQ", claim.supervising)
    claim_facts.add_ambulance_places(writer, claim.ambulance_places)


def _add_line(writer: Writer, place: int, line: ClaimLine) -> None:
    writer.add("LX", str(place))
    _add_service(writer, line)
    line_facts.add_equipment(writer, line.code, line.equipment)
    claim_facts.add_attachments(writer, line.attachments)
    claim_facts.add_ambulance(writer, line.ambulance)
    line_facts.add_certification(writer, line.equipment)
    claim_facts.add_conditions(writer, line.conditions)
    writer.add("DTP", "472", *period(line.service_on, line.service_to_on))
    claim_facts.add_dates(writer, line.dates, claim_facts.LINE_DATES)
    for qualifier, count in (("PT", line.patients_carried), ("FL", line.obstetric_units)):
        if count is not None:
            writer.add("QTY", qualifier, str(count))
    line_facts.add_measured(writer, line.measured)
    claim_facts.add_contract(writer, line.contract)
    claim_facts.add_line_references(writer, line.line_control, line.references)
    line_facts.add_amounts(writer, (("T", line.sales_tax_cents), ("F4", line.postage_cents)))
    claim_facts.add_file_information(writer, line.file_information)
    claim_facts.add_note(writer, line.note_about, line.note)
    claim_facts.add_note(writer, "TPO", line.organization_note)
    if line.purchased:
        writer.add("PS1", line.purchased.provider_npi, x12_amount(line.purchased.cents))
    line_facts.add_drug(writer, line.drug)
    _add_line_providers(writer, line)


def _add_service(writer: Writer, line: ClaimLine) -> None:
    flags = (line.is_emergency, line.is_epsdt, line.is_family_planning)
    emergency, screening, planning = ("Y" if flag else "" for flag in flags)
    writer.add_composites(
        ["SV1"], _procedure(writer, line),
        [x12_amount(line.charge_cents)], [line.basis],
        [number(line.units)], [line.place_of_service or ""], [""],
        [str(pointer) for pointer in line.pointers], [""], [emergency], [""], [screening],
        [planning], [""], [""], ["0" if line.is_copay_exempt else ""],
    )  # fmt: skip


def _procedure(writer: Writer, line: ClaimLine) -> Sequence[str]:
    coded = ["HC", writer.required("SV101-2", line.code), *line.modifiers]
    return line_facts.procedure(writer, "SV101", coded, line.description)


def _add_line_providers(writer: Writer, line: ClaimLine) -> None:
    providers = line.providers
    claim_facts.add_provider(writer, "82", providers.rendering)
    if line.purchased:
        writer.add("NM1", "QB", "2", *[""] * 5, "XX", line.purchased.provider_npi)
    claim_facts.add_facility(writer, line.facility)
    claim_facts.add_provider(writer, "DQ", providers.supervising)
    claim_facts.add_provider(writer, "DK", providers.ordering)
    if providers.ordering and providers.ordered_from:
        add_address(writer, providers.ordered_from)
    claim_facts.add_provider(writer, "DN", providers.referring)
    claim_facts.add_provider(writer, "P3", providers.primary_care)
    claim_facts.add_ambulance_places(writer, line.ambulance_places)
