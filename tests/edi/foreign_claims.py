"""Claims as a foreign reader (x12sdk) finds them in a file, made into our domain's objects."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from x12sdk.io import X12ModelReader

from domain.claim_details import (
    Ambulance,
    AmbulancePlaces,
    ClaimDate,
    ConditionCategory,
    ConditionIndicator,
    DateKind,
    Equipment,
    FormAnswer,
    LineProviders,
    MeasuredResult,
    PatientState,
    SpinalManipulation,
    SupportingForm,
    UnitBasis,
)
from domain.claims import Accident, AccidentCause, ClaimLine, ProfessionalClaim
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
from domain.parties import RenderingProvider
from tests.edi import foreign_parties as party
from tests.edi.foreign_parties import (
    amount,
    cents,
    day,
    every,
    found,
    maybe,
    number,
    part,
    parts,
    period,
    reference,
    references,
    text,
)

_OWN_DATES = ("431", "439", "435", "096", "472")


def claims_in(data: bytes) -> Iterator[ProfessionalClaim | InstitutionalClaim]:
    """It takes no line ends after a terminator."""
    with X12ModelReader(data.decode().replace("\n", "")) as reader:
        for model in reader.models():
            yield from _claims(model)


def _claims(model: Any) -> Iterator[ProfessionalClaim | InstitutionalClaim]:
    is_stay = "X223" in text(model.header.st_segment.implementation_convention_reference)
    make = _institutional if is_stay else _professional
    for top in model.loop_2000a:
        for level in top.loop_2000b:
            for loop in every(level.loop_2300):
                yield make(top, level, None, loop)
            for below in every(level.loop_2000c):
                for loop in every(below.loop_2300):
                    yield make(top, level, below, loop)


def _professional(top: Any, level: Any, below: Any, loop: Any) -> ProfessionalClaim:
    clm, note = loop.clm_segment, loop.nte_segment
    rendering = loop.loop_2310b
    told = {text(one.date_time_qualifier): period(one) for one in every(loop.dtp_segment)}
    return ProfessionalClaim(
        **party.common(top, level, below, loop),
        other_payers=party.other_payers(loop),
        place_of_service=part(clm.health_care_service_location_information, 1),
        insurance_type=maybe(level.sbr_segment.insurance_type_code),
        rendering=RenderingProvider(
            npi=text(rendering.nm1_segment.identification_code),
            last=text(rendering.nm1_segment.name_last_or_organization_name),
            first=text(rendering.nm1_segment.name_first),
            taxonomy=text(rendering.prv_segment.reference_identification),
        ),
        referring=party.provider(loop.loop_2310a),
        facility=party.facility(loop.loop_2310c),
        supervising=party.provider(loop.loop_2310d),
        diagnoses=_codes(loop, "ABK", "ABF"),
        anesthesia_for=_codes(loop, "BP", "BO"),
        condition_codes=_codes(loop, "BG"),
        onset_on=told["431"][0] if "431" in told else None,
        admitted_on=told["435"][0] if "435" in told else None,
        discharged_on=told["096"][0] if "096" in told else None,
        accident=_accident(clm.related_causes_code, told),
        dates=_dates(loop),
        special_program=maybe(clm.special_program_code),
        patient_paid_cents=amount(loop.amt_segment, "F5"),
        conditions=_conditions(loop),
        ambulance=_ambulance(loop.cr1_segment),
        ambulance_places=_places(loop.loop_2310e, loop.loop_2310f),
        spinal=_spinal(loop.cr2_segment),
        patient_state=_state((below or level).pat_segment),
        note=text(note.description) if note else None,
        note_about=text(note.note_reference_code) if note else "ADD",
        lines=tuple(_line(one) for one in loop.loop_2400),
    )


def _composites(loop: Any) -> Iterator[list[str]]:
    for segment in every(loop.hi_segment):
        for place in range(1, 13):
            composite = getattr(segment, f"health_care_code_{place}")
            if composite:
                yield parts(composite)


def _codes(loop: Any, *kinds: str) -> tuple[str, ...]:
    return tuple(each[1] for each in _composites(loop) if each[0] in kinds)


def _accident(causes: Any, told: dict[str, tuple[dt.date, dt.date | None]]) -> Accident | None:
    if not causes:
        return None
    return Accident(
        cause=AccidentCause(part(causes, 1)),
        also=AccidentCause(part(causes, 2)) if part(causes, 2) else None,
        happened_on=told["439"][0],
        state=part(causes, 4) or None,
    )


def _dates(loop: Any) -> tuple[ClaimDate, ...]:
    dated = [(text(one.date_time_qualifier), period(one)) for one in every(loop.dtp_segment)]
    return tuple(
        ClaimDate(kind=DateKind(kind), on=start, to_on=end)
        for kind, (start, end) in dated
        if kind not in _OWN_DATES
    )


def _conditions(loop: Any) -> tuple[ConditionIndicator, ...]:
    return tuple(
        ConditionIndicator(
            category=ConditionCategory(text(one.code_category)),
            applies=text(one.certification_condition_indicator) == "Y",
            codes=tuple(
                text(code)
                for place in range(1, 6)
                if (code := getattr(one, f"condition_code_{place}", None))
            ),
        )
        for one in every(loop.crc_segment)
    )


def _ambulance(segment: Any) -> Ambulance | None:
    if segment is None:
        return None
    return Ambulance(
        reason=text(segment.ambulance_transport_reason_code),
        miles=number(segment.transport_distance) or Decimal(0),
        weight_pounds=number(segment.patient_weight),
        round_trip_purpose=maybe(segment.round_trip_purpose_description),
        stretcher_purpose=maybe(segment.stretcher_purpose_description),
    )


def _places(start: Any, end: Any) -> AmbulancePlaces | None:
    if start is None:
        return None
    return AmbulancePlaces(
        picked_up_at=party.at_home(start),
        brought_to=party.at_home(end),
        brought_to_name=maybe(end.nm1_segment.name_last_or_organization_name),
    )


def _spinal(segment: Any) -> SpinalManipulation | None:
    if segment is None:
        return None
    # It has no CR209, so that what follows stands under the name before its own.
    return SpinalManipulation(
        nature=text(segment.patient_condition_code),
        description=maybe(segment.patient_condition_description_2),
        more=maybe(segment.yes_no_condition_response_code),
    )


def _state(segment: Any) -> PatientState | None:
    if segment is None:
        return None
    died_on, weight = segment.patient_death_date, number(segment.patient_weight)
    is_pregnant = text(segment.pregnancy_indicator) == "Y"
    if not (died_on or weight is not None or is_pregnant):
        return None
    return PatientState(
        died_on=day(died_on) if died_on else None, weight_pounds=weight, is_pregnant=is_pregnant
    )


def _line(loop: Any) -> ClaimLine:
    sv1 = loop.sv1_segment
    coded = parts(sv1.product_service_id_qualifier)
    start, end = period(found(loop.dtp_segment, "date_time_qualifier", "472"))
    note = next((n for n in every(loop.nte_segment) if text(n.note_reference_code) != "TPO"), None)
    third = found(loop.nte_segment, "note_reference_code", "TPO")
    return ClaimLine(
        line_control=reference(loop.ref_segment, "6R") or "",
        code=coded[1],
        modifiers=tuple(filter(None, coded[2:6])),
        description=part(coded, 7) or None,
        charge_cents=cents(sv1.line_item_charge_amount),
        units=Decimal(sv1.service_unit_count),
        basis=UnitBasis(text(sv1.unit_basis_measurement_code)),
        pointers=tuple(int(place) for place in parts(sv1.composite_diagnosis_code_pointer)),
        service_on=start,
        service_to_on=end,
        place_of_service=maybe(sv1.place_of_service_code),
        is_emergency=text(sv1.emergency_indicator) == "Y",
        is_epsdt=text(sv1.epsdt_indicator) == "Y",
        is_family_planning=text(sv1.family_planning_indicator) == "Y",
        is_copay_exempt=text(sv1.copay_status_code) == "0",
        note=text(note.description) if note else None,
        note_about=text(note.note_reference_code) if note else "ADD",
        organization_note=text(third.description) if third else None,
        file_information=tuple(
            text(one.fixed_format_information) for one in every(loop.k3_segment)
        ),
        contract=party.contract(loop.cn1_segment),
        sales_tax_cents=amount(loop.amt_segment, "T"),
        postage_cents=amount(loop.amt_segment, "F4"),
        dates=_dates(loop),
        references=references(loop.ref_segment, "6R"),
        conditions=_conditions(loop),
        attachments=party.attachments(loop.pwk_segment),
        drug=party.drug(loop.loop_2410),
        equipment=_equipment(loop.sv5_segment, loop.cr3_segment),
        ambulance=_ambulance(loop.cr1_segment),
        patients_carried=_counted(loop, "PT"),
        obstetric_units=_counted(loop, "FL"),
        measured=tuple(
            MeasuredResult(
                about=text(one.measurement_reference_id_code),
                measure=text(one.measurement_qualifier),
                value=Decimal(one.measurement_value),
            )
            for one in every(loop.mea_segment)
        ),
        forms=tuple(_form(one) for one in every(loop.loop_2440)),
        providers=LineProviders(
            rendering=party.provider(loop.loop_2420a),
            supervising=party.provider(loop.loop_2420d),
            ordering=party.provider(loop.loop_2420e),
            ordered_from=party.address(loop.loop_2420e) if loop.loop_2420e else None,
            referring=party.provider(loop.loop_2420f),
        ),
        facility=party.facility(loop.loop_2420c),
    )


def _counted(loop: Any, qualifier: str) -> int | None:
    one = found(loop.qty_segment, "quantity_qualifier", qualifier)
    return int(one.quantity) if one else None


def _equipment(segment: Any, certified: Any) -> Equipment | None:
    if segment is None:
        return None
    return Equipment(
        days=Decimal(segment.length_of_medical_necessity),
        rental_cents=cents(segment.dme_rental_price),
        purchase_cents=cents(segment.dme_purchase_price),
        frequency=text(segment.rental_unit_price_indicator),
        certification=maybe(certified.certification_type_code) if certified else None,
        months_needed=number(certified.durable_medical_equipment_duration) if certified else None,
    )


def _form(loop: Any) -> SupportingForm:
    return SupportingForm(
        list_code=text(loop.lq_segment.code_list_qualifier_code),
        form=text(loop.lq_segment.form_identifier),
        answers=tuple(
            FormAnswer(
                question=text(one.question_number_letter),
                yes={"Y": True, "N": False}.get(text(one.question_response_1)),
                words=maybe(one.question_response_2),
                on=day(one.question_response_3) if one.question_response_3 else None,
                percent=number(one.question_response_4),
            )
            for one in loop.frm_segment
        ),
    )


def _institutional(top: Any, level: Any, below: Any, loop: Any) -> InstitutionalClaim:
    clm = loop.clm_segment
    statement = found(loop.dtp_segment, "date_time_qualifier", "434")
    from_on, to_on = period(statement)
    notes = [
        TypedNote(about=text(one.note_reference_code), words=text(one.description))
        for one in every(loop.nte_segment)
    ]
    said = list(_composites(loop))
    procedures = _procedures(said, "BBR")
    return InstitutionalClaim(
        **party.common(top, level, below, loop),
        other_payers=party.other_payers(loop),
        type_of_bill=part(clm.health_care_service_location_information, 1),
        from_on=from_on,
        to_on=to_on or from_on,
        admission=_admission(loop),
        principal=_diagnoses(said, "ABK")[0],
        other_diagnoses=_diagnoses(said, "ABF"),
        external_causes=_diagnoses(said, "ABN"),
        admitting_diagnosis=next(iter(_codes(loop, "ABJ")), None),
        visit_reasons=_codes(loop, "APR"),
        drg=next(iter(_codes(loop, "DR")), None),
        principal_procedure=procedures[0] if procedures else None,
        other_procedures=_procedures(said, "BBQ"),
        occurrences=tuple(
            Occurrence(code=each[1], on=day(each[3])) for each in said if each[0] == "BH"
        ),
        spans=tuple(_span(each) for each in said if each[0] == "BI"),
        values=tuple(
            ValueCode(code=each[1], hundredths=cents(each[4])) for each in said if each[0] == "BE"
        ),
        condition_codes=_codes(loop, "BG"),
        treatment_codes=_codes(loop, "TC"),
        conditions=_conditions(loop),
        attending=party.provider(loop.loop_2310a),
        operating=party.provider(loop.loop_2310b),
        other_operating=party.provider(loop.loop_2310c),
        rendering=party.provider(loop.loop_2310d),
        facility=party.facility(loop.loop_2310e),
        referring=party.provider(loop.loop_2310f),
        estimated_due_cents=amount(loop.amt_segment, "F3"),
        notes=tuple(note for note in notes if note.about != "ADD"),
        note=next((note.words for note in notes if note.about == "ADD"), None),
        lines=tuple(_revenue_line(one) for one in loop.loop_2400),
    )


def _diagnoses(said: list[list[str]], kind: str) -> tuple[StayDiagnosis, ...]:
    return tuple(
        StayDiagnosis(
            code=each[1],
            on_admission=PresentOnAdmission(each[8]) if len(each) > 8 else None,
        )
        for each in said
        if each[0] == kind
    )


def _procedures(said: list[list[str]], kind: str) -> tuple[StayProcedure, ...]:
    return tuple(StayProcedure(code=each[1], on=day(each[3])) for each in said if each[0] == kind)


def _span(composite: list[str]) -> OccurrenceSpan:
    start, _, end = composite[3].partition("-")
    return OccurrenceSpan(code=composite[1], from_on=day(start), to_on=day(end))


def _admission(loop: Any) -> Admission:
    came = found(loop.dtp_segment, "date_time_qualifier", "435")
    left = found(loop.dtp_segment, "date_time_qualifier", "096")
    on, at = _moment(came.date_time_period) if came else (None, None)
    return Admission(
        admitted_on=on,
        admitted_time=at,
        discharged_time=_clock(text(left.date_time_period)) if left else None,
        priority=maybe(loop.cl1_segment.admission_type_code),
        source=maybe(loop.cl1_segment.admission_source_code),
        patient_status=text(loop.cl1_segment.patient_status_code),
    )


def _moment(told: Any) -> tuple[dt.date, dt.time | None]:
    if isinstance(told, dt.datetime):
        return told.date(), told.time()
    if isinstance(told, dt.date):
        return told, None
    return day(told[:8]), _clock(told[8:])


def _clock(told: str) -> dt.time | None:
    return dt.time(int(told[:2]), int(told[2:])) if told else None


def _revenue_line(loop: Any) -> RevenueLine:
    sv2 = loop.sv2_segment
    coded = parts(sv2.composite_medical_procedure_identifier)
    start, end = period(loop.dtp_segment) if loop.dtp_segment else (None, None)
    note = loop.nte_segment
    return RevenueLine(
        line_control=reference(loop.ref_segment, "6R") or "",
        revenue_code=text(sv2.service_line_revenue_code),
        code=part(coded, 2) or None,
        modifiers=tuple(filter(None, coded[2:6])),
        description=part(coded, 7) or None,
        charge_cents=cents(sv2.line_item_charge_amount),
        noncovered_cents=party.maybe_cents(sv2.non_covered_charge_amount),
        units=Decimal(sv2.service_unit_count),
        basis=UnitBasis(text(sv2.measurement_code)),
        service_on=start,
        service_to_on=end,
        service_tax_cents=amount(loop.amt_segment, "GT"),
        facility_tax_cents=amount(loop.amt_segment, "N8"),
        organization_note=text(note.description) if note else None,
        attachments=party.attachments(loop.pwk_segment),
        drug=party.drug(loop.loop_2410),
        providers=LineProviders(
            rendering=party.provider(loop.loop_2420c),
            referring=party.provider(loop.loop_2420d),
        ),
    )
