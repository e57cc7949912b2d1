"""A foreign reader's loops (x12sdk) as our domain's parties and payers, by its names of fields.

Its models are untyped for us; what they say is compared whole, so a wrong name cannot pass.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import Any

from domain.claim_details import Contract, Drug, DrugUnit, ReferenceKind, ReferenceNumber
from domain.claims import (
    Attachment,
    Frequency,
    OtherPayer,
    OtherPayerLine,
    PriorAdjustment,
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
    ServiceFacility,
    Subscriber,
)
from domain.remittance import AdjustmentGroup

_REMARKS = ("_1", "_2", "_3", "_4", "_5")


def text(value: Any) -> str:
    if value is None:
        return ""
    return str(value.value if isinstance(value, Enum) else value)


def maybe(value: Any) -> str | None:
    return text(value) or None


def cents(value: Any) -> int:
    return int(Decimal(value) * 100)


def maybe_cents(value: Any) -> int | None:
    return None if value is None else cents(value)


def number(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(value)


def day(value: Any) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


def period(segment: Any) -> tuple[dt.date, dt.date | None]:
    told = segment.date_time_period
    if isinstance(told, str) and "-" in told:
        start, _, end = told.partition("-")
        return day(start), day(end)
    return day(told), None


def parts(composite: Any) -> list[str]:
    return composite if isinstance(composite, list) else text(composite).split(":")


def part(composite: Any, place: int) -> str:
    every = parts(composite)
    return every[place - 1] if place <= len(every) else ""


def every(loops: Any) -> list[Any]:
    if loops is None:
        return []
    return loops if isinstance(loops, list) else [loops]


def found(segments: Any, attribute: str, code: str) -> Any:
    return next((one for one in every(segments) if text(getattr(one, attribute)) == code), None)


def reference(segments: Any, qualifier: str) -> str | None:
    one = found(segments, "reference_identification_qualifier", qualifier)
    return maybe(one.reference_identification) if one else None


def references(segments: Any, *own: str) -> tuple[ReferenceNumber, ...]:
    """All but those that are fields of their own."""
    return tuple(
        ReferenceNumber(
            kind=ReferenceKind(text(one.reference_identification_qualifier)),
            number=text(one.reference_identification),
        )
        for one in every(segments)
        if text(one.reference_identification_qualifier) not in own
    )


def amount(segments: Any, qualifier: str) -> int | None:
    one = found(segments, "amount_qualifier_code", qualifier)
    return cents(one.monetary_amount) if one else None


def name(nm1: Any) -> PersonName:
    return PersonName(
        last=text(nm1.name_last_or_organization_name),
        first=maybe(nm1.name_first),
        middle=maybe(nm1.name_middle),
        suffix=maybe(nm1.name_suffix),
    )


def address(loop: Any) -> Address | None:
    if loop.n3_segment is None:
        return None
    return Address(
        line1=text(loop.n3_segment.address_information_1),
        line2=maybe(loop.n3_segment.address_information_2),
        city=text(loop.n4_segment.city_name),
        state=text(loop.n4_segment.state_province_code),
        postal_code=text(loop.n4_segment.postal_code),
    )


def at_home(loop: Any) -> Address:
    found_address = address(loop)
    assert found_address is not None
    return found_address


def provider(loop: Any) -> OtherProvider | None:
    if loop is None:
        return None
    called = name(loop.nm1_segment)
    specialty = getattr(loop, "prv_segment", None)
    return OtherProvider(
        npi=text(loop.nm1_segment.identification_code),
        last=called.last,
        first=called.first or "",
        middle=called.middle,
        suffix=called.suffix,
        taxonomy=maybe(specialty.reference_identification) if specialty else None,
    )


def facility(loop: Any) -> ServiceFacility | None:
    if loop is None:
        return None
    return ServiceFacility(
        name=text(loop.nm1_segment.name_last_or_organization_name),
        npi=maybe(loop.nm1_segment.identification_code),
        address=at_home(loop),
    )


def billing(level: Any) -> BillingEntity:
    who, contact = level.loop_2010aa, level.loop_2010aa.per_segment[0]
    return BillingEntity(
        name=text(who.nm1_segment.name_last_or_organization_name),
        npi=text(who.nm1_segment.identification_code),
        tax_id=reference(who.ref_segment, "EI") or "",
        taxonomy=text(level.prv_segment.reference_identification),
        address=at_home(who),
        contact_name=text(contact.name),
        contact_phone=text(contact.communication_number_1),
        pay_to=address(level.loop_2010ab) if level.loop_2010ab else None,
    )


def subscriber(loop: Any, sbr: Any) -> Subscriber:
    birth = getattr(loop, "dmg_segment", None)
    return Subscriber(
        member_id=text(loop.nm1_segment.identification_code),
        name=name(loop.nm1_segment),
        birth_on=day(birth.date_time_period) if birth else None,
        gender=Gender(text(birth.gender_code)) if birth else None,
        address=address(loop),
        group_number=maybe(sbr.group_policy_number),
    )


def patient(level: Any) -> Patient:
    who = level.loop_2010ca
    return Patient(
        name=name(who.nm1_segment),
        birth_on=day(who.dmg_segment.date_time_period),
        gender=Gender(text(who.dmg_segment.gender_code)),
        address=at_home(who),
        relationship=Relationship(text(level.pat_segment.individual_relationship_code)),
    )


def payer(loop: Any) -> PayerParty:
    return PayerParty(
        name=text(loop.nm1_segment.name_last_or_organization_name),
        payer_id=text(loop.nm1_segment.identification_code),
        address=address(loop),
    )


def common(top: Any, level: Any, below: Any, loop: Any) -> dict[str, Any]:
    """The fields that both kinds of claim have; `below` is the patient's level, if there is one."""
    refs = loop.ref_segment
    who = below.loop_2010ca if below else level.loop_2010ba
    return {
        "pcn": text(loop.clm_segment.patient_control_number),
        "frequency": Frequency(part(loop.clm_segment.health_care_service_location_information, 3)),
        "billing": billing(top),
        "subscriber": subscriber(level.loop_2010ba, level.sbr_segment),
        "payer": payer(level.loop_2010bb),
        "responsibility": Responsibility(text(level.sbr_segment.payer_responsibility_code)),
        "filing_code": text(level.sbr_segment.claim_filing_indicator_code),
        "patient": patient(below) if below else None,
        "payer_claim_number": reference(refs, "F8"),
        "prior_auth": reference(refs, "G1"),
        "referral": reference(refs, "9F"),
        "medical_record_number": reference(refs, "EA"),
        "clearinghouse_trace": reference(refs, "D9"),
        "casualty_claim_number": reference(who.ref_segment, "Y4"),
        "delay_reason": maybe(loop.clm_segment.delay_reason_code),
        "references": references(refs, "F8", "G1", "9F", "EA", "D9"),
        "file_information": tuple(
            text(one.fixed_format_information) for one in every(loop.k3_segment)
        ),
        "attachments": attachments(loop.pwk_segment),
        "contract": contract(loop.cn1_segment),
    }


def attachments(segments: Any) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            report_type=text(one.report_type_code),
            transmission=text(one.report_transmission_code),
            control_number=maybe(one.identification_code),
        )
        for one in every(segments)
    )


def contract(segment: Any) -> Contract | None:
    if segment is None:
        return None
    return Contract(
        kind=text(segment.contract_type_code),
        cents=maybe_cents(segment.contract_amount),
        percent=number(segment.contract_percentage),
        code=maybe(segment.contract_code),
        discount_percent=number(segment.terms_discount_percentage),
        version=maybe(segment.contract_version_identifier),
    )


def drug(loop: Any) -> Drug | None:
    if loop is None:
        return None
    order = loop.ref_segment
    return Drug(
        ndc=text(loop.lin_segment.national_drug_code_universal_product_number),
        quantity=number(loop.ctp_segment.quantity) or Decimal(0),
        unit=DrugUnit(text(loop.ctp_segment.composite_unit_of_measure)),
        order_number=maybe(order.reference_identification) if order else None,
        is_compound=bool(order) and text(order.reference_identification_qualifier) == "VY",
    )


def other_payers(loop: Any) -> tuple[OtherPayer, ...]:
    return tuple(_other_payer(one, loop) for one in every(loop.loop_2320))


def _other_payer(loop: Any, claim: Any) -> OtherPayer:
    company, refs = payer(loop.loop_2330b), loop.loop_2330b.ref_segment
    paid_on, stay = loop.loop_2330b.dtp_segment, getattr(loop, "mia_segment", None)
    return OtherPayer(
        responsibility=Responsibility(text(loop.sbr_segment.payer_responsibility_code)),
        payer=company,
        subscriber=subscriber(loop.loop_2330a, loop.sbr_segment),
        relationship=Relationship(text(loop.sbr_segment.individual_relationship_code)),
        filing_code=text(loop.sbr_segment.claim_filing_indicator_code),
        insurance_type=maybe(loop.sbr_segment.insurance_type_code),
        paid_cents=amount(loop.amt_segment, "D"),
        noncovered_cents=amount(loop.amt_segment, "A8"),
        remaining_patient_liability_cents=amount(loop.amt_segment, "EAF"),
        adjustments=tuple(_adjustments(loop.cas_segment)),
        payer_claim_number=reference(refs, "F8"),
        prior_auth=reference(refs, "G1"),
        referral=reference(refs, "9F"),
        adjudicated_on=day(paid_on.date_time_period) if paid_on else None,
        remarks=tuple(_remarks(loop.moa_segment, stay)),
        covered_days=int(text(stay.covered_days_visit_count)) if stay else None,
        lines=tuple(_adjudicated(company.payer_id, claim)),
    )


def _remarks(outpatient: Any, stay: Any) -> Iterator[str]:
    places = [f"claim_payment_remark_code{suffix}" for suffix in _REMARKS]
    told = [getattr(outpatient, place) for place in places] if outpatient else []
    inpatient = ["claim_payment_remark_code", *places[:4]]
    told += [getattr(stay, place) for place in inpatient] if stay else []
    return (text(code) for code in told if code)


def _adjudicated(payer_id: str, claim: Any) -> Iterator[OtherPayerLine]:
    for line in claim.loop_2400:
        for loop in every(line.loop_2430):
            svd = loop.svd_segment
            if text(svd.other_payer_primary_identifier) == payer_id:
                coded = parts(svd.composite_medical_procedure_identifier)
                yield OtherPayerLine(
                    line_control=reference(line.ref_segment, "6R") or "",
                    paid_cents=cents(svd.service_line_paid_amount),
                    code=part(coded, 2),
                    modifiers=tuple(coded[2:6]),
                    units=number(svd.paid_service_count) or Decimal(0),
                    revenue_code=maybe(svd.product_service_id),
                    adjustments=tuple(_adjustments(loop.cas_segment)),
                    adjudicated_on=day(loop.dtp_segment.date_time_period),
                    remaining_patient_liability_cents=amount(loop.amt_segment, "EAF"),
                    bundled_into=_whole(svd.bundled_unbundled_line_number),
                )


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _adjustments(segments: Any) -> Iterator[PriorAdjustment]:
    for one in every(segments):
        for place in range(1, 7):
            carc = getattr(one, f"adjustment_reason_code_{place}")
            if carc:
                yield PriorAdjustment(
                    group=AdjustmentGroup(text(one.adjustment_group_code)),
                    carc=text(carc),
                    cents=cents(getattr(one, f"monetary_amount_{place}")),
                    quantity=number(getattr(one, f"quantity_{place}")),
                )
