"""What the foreign reader (x12sdk 2.2.0) refuses or drops of sound claims, each by its name.

Each limit takes its fact out of a claim, so that all the rest of it is still compared.
"""

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

from domain.claim_details import AS_THE_CLAIM, ConditionCategory, Drug
from domain.claims import OtherPayer, PriorAdjustment, ProfessionalClaim
from domain.institutional import InstitutionalClaim
from domain.parties import Gender
from domain.remittance import AdjustmentGroup

_Claim = TypeVar("_Claim", ProfessionalClaim, InstitutionalClaim)
_LINES_MAX = 50
Claim = ProfessionalClaim | InstitutionalClaim
Limit = Callable[[Any], Any]


def _gender_unknown(claim: _Claim) -> _Claim:
    """DMG03 takes F and M alone, though the guides have U."""
    subscriber, patient = claim.subscriber, claim.patient
    if subscriber.gender is Gender.UNKNOWN:
        subscriber = dataclasses.replace(subscriber, gender=Gender.FEMALE)
    if patient and patient.gender is Gender.UNKNOWN:
        patient = dataclasses.replace(patient, gender=Gender.FEMALE)
    return dataclasses.replace(claim, subscriber=subscriber, patient=patient)


def _each_line(claim: _Claim, **facts: Any) -> _Claim:
    lines = tuple(dataclasses.replace(line, **facts) for line in claim.lines)
    return dataclasses.replace(claim, lines=lines)


def _last_adjudication_of_a_line(claim: _Claim) -> _Claim:
    """A second SVD of a line takes the place of the first: only one payer may tell of lines."""
    by_line = [other for other in claim.other_payers if other.lines]
    charge = claim.charge_cents
    others = tuple(
        _as_a_whole(other, charge) if other in by_line[:-1] else other
        for other in claim.other_payers
    )
    return dataclasses.replace(claim, other_payers=others)


def _as_a_whole(other: OtherPayer, charge_cents: int) -> OtherPayer:
    assert other.paid_cents is not None
    left = PriorAdjustment(
        group=AdjustmentGroup.CONTRACTUAL, carc="45", cents=charge_cents - other.paid_cents
    )
    return dataclasses.replace(
        other, lines=(), adjustments=(left,), adjudicated_on=other.lines[0].adjudicated_on
    )


def _primary_care_provider(claim: ProfessionalClaim) -> ProfessionalClaim:
    """NM1*P3 beside NM1*DN: one takes the place of the other, or the set is refused."""
    lines = tuple(
        dataclasses.replace(line, providers=dataclasses.replace(line.providers, primary_care=None))
        for line in claim.lines
    )
    return dataclasses.replace(claim, primary_care=None, lines=lines)


def _contract_of_a_line(claim: ProfessionalClaim) -> ProfessionalClaim:
    """CN104 of a line is held to the codes of CN101."""
    return _each_line(claim, contract=None)


def _transport_of_a_line(claim: ProfessionalClaim) -> ProfessionalClaim:
    """CRC*07 is refused in loop 2400, and NM1*PW and NM1*45 without a name in 2420G and H."""
    lines = tuple(
        dataclasses.replace(
            line,
            ambulance_places=None,
            conditions=tuple(
                each for each in line.conditions if each.category is not ConditionCategory.AMBULANCE
            ),
        )
        for line in claim.lines
    )
    places = claim.ambulance_places or claim.lines[0].ambulance_places
    return dataclasses.replace(claim, lines=lines, ambulance_places=places)


def _bought_service(claim: ProfessionalClaim) -> ProfessionalClaim:
    """NM1*QB without a name is refused; the guide has no place for one."""
    return _each_line(claim, purchased=None)


def _certificate_of_need(claim: ProfessionalClaim) -> ProfessionalClaim:
    """PWK*CT with AB, AD, AF, AG or NS is refused, as by pyx12."""
    lines = tuple(
        dataclasses.replace(
            line,
            attachments=tuple(each for each in line.attachments if each.report_type != "CT"),
        )
        for line in claim.lines
    )
    return dataclasses.replace(claim, lines=lines)


def _many_lines(claim: InstitutionalClaim) -> InstitutionalClaim:
    """An 837I of more than 50 lines is refused; the guide has 999."""
    return dataclasses.replace(claim, lines=claim.lines[:_LINES_MAX])


def _span_of_a_line(claim: InstitutionalClaim) -> InstitutionalClaim:
    """DTP*472 of an institutional line takes D8 alone."""
    return _each_line(claim, service_to_on=None)


def _drug_without_order(claim: InstitutionalClaim) -> InstitutionalClaim:
    """The REF of an institutional drug is required, and XZ alone is taken."""
    lines = tuple(dataclasses.replace(line, drug=_ordered(line.drug)) for line in claim.lines)
    return dataclasses.replace(claim, lines=lines)


def _ordered(drug: Drug | None) -> Drug | None:
    if drug is None:
        return None
    return dataclasses.replace(drug, order_number=drug.order_number or "RX1", is_compound=False)


def _operating_physician_of_a_line(claim: InstitutionalClaim) -> InstitutionalClaim:
    """Loop 2420A takes NM1*71 where the guide has NM1*72; 2420B goes with it."""
    lines = tuple(
        dataclasses.replace(
            line,
            providers=dataclasses.replace(
                line.providers,
                operating=AS_THE_CLAIM.operating,
                other_operating=AS_THE_CLAIM.other_operating,
            ),
        )
        for line in claim.lines
    )
    return dataclasses.replace(claim, lines=lines)


def _adjudicated_line_without_code(claim: InstitutionalClaim) -> InstitutionalClaim:
    """SVD03 is required, though a revenue line may have no procedure."""
    coded = {each.line_control for each in claim.lines if each.code}

    def given(other: OtherPayer) -> OtherPayer:
        lines = tuple(
            line if line.line_control in coded else dataclasses.replace(line, code="99213")
            for line in other.lines
        )
        return dataclasses.replace(other, lines=lines)

    others = tuple(given(other) for other in claim.other_payers)
    return dataclasses.replace(claim, other_payers=others)


def _billing_note(claim: InstitutionalClaim) -> InstitutionalClaim:
    """NTE*ADD is refused in an 837I."""
    return dataclasses.replace(claim, note=None)


def _hour_of_discharge(claim: InstitutionalClaim) -> InstitutionalClaim:
    """DTP*096*TM loses its hour."""
    admission = dataclasses.replace(claim.admission, discharged_time=None)
    return dataclasses.replace(claim, admission=admission)


SHARED: tuple[Limit, ...] = (_gender_unknown, _last_adjudication_of_a_line)
PROFESSIONAL: tuple[Limit, ...] = (
    *SHARED,
    _primary_care_provider,
    _contract_of_a_line,
    _transport_of_a_line,
    _bought_service,
    _certificate_of_need,
)
INSTITUTIONAL: tuple[Limit, ...] = (
    *SHARED,
    _many_lines,
    _span_of_a_line,
    _drug_without_order,
    _operating_physician_of_a_line,
    _adjudicated_line_without_code,
    _billing_note,
)


def not_refused(claim: Claim, *, but: Limit | None = None) -> Claim:
    """The claim without what the foreign reader refuses a whole file for; still a sound one."""
    for limit in limits_of(claim):
        if limit is not but:
            claim = limit(claim)
    return claim


def limits_of(claim: Claim) -> tuple[Limit, ...]:
    return PROFESSIONAL if isinstance(claim, ProfessionalClaim) else INSTITUTIONAL


def not_dropped(claim: Claim) -> Claim:
    """And without what it reads and forgets."""
    sent = not_refused(claim)
    return sent if isinstance(sent, ProfessionalClaim) else _hour_of_discharge(sent)
