"""837I -> InstitutionalClaim: loop 2300 and its lines, what both guides share being read before."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.claim_details import LineProviders, UnitBasis
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
from edi import claim_facts_in, line_facts_in
from edi.parties_in import NOTHING
from edi.reading import NO_DAY, Gather
from edi.segments import Segment, each, first, loops, reference
from edi.x837_read import ClaimLoop, claim_loops, common_of

_Segments = Sequence[Segment]
_CLOCK = re.compile(r"([01][0-9]|2[0-3])([0-5][0-9])")
# A DT is a day, CCYYMMDD, and an hour.
_DAY_LENGTH = 8
_MODIFIERS = slice(2, 6)
_DESCRIPTION = 7
_POA_PART = 9


def claims_of(body: _Segments, gather: Gather) -> tuple[InstitutionalClaim, ...]:
    """A claim belongs to the nearest level of each kind above it."""
    return tuple(_claim(loop, gather) for loop in claim_loops(body))


def _claim(loop: ClaimLoop, gather: Gather) -> InstitutionalClaim:
    head, said = loop.head, _Codes(loop.head, gather)
    from_on, to_on = gather.span(gather.need(head, "DTP", "434"))
    principal = said.diagnoses("ABK", "BK")
    procedures = said.procedures("BBR", "BR")
    return InstitutionalClaim(
        **common_of(loop, gather, ("ADD",)),
        type_of_bill=loop.clm.part(5, 1),
        from_on=from_on or NO_DAY,
        to_on=to_on or from_on or NO_DAY,
        admission=_admission(head, gather),
        principal=principal[0] if principal else _no_diagnosis(loop.clm, gather),
        lines=tuple(_line(line, gather) for line in loop.lines),
        other_diagnoses=said.diagnoses("ABF", "BF"),
        admitting_diagnosis=said.only("ABJ", "BJ"),
        visit_reasons=said.codes("APR", "PR"),
        external_causes=said.diagnoses("ABN", "BN"),
        drg=said.only("DR"),
        principal_procedure=procedures[0] if procedures else None,
        other_procedures=said.procedures("BBQ", "BQ"),
        occurrences=said.occurrences(),
        spans=said.spans(),
        values=said.values(),
        condition_codes=said.codes("BG"),
        treatment_codes=said.codes("TC"),
        conditions=claim_facts_in.conditions_of(head),
        attending=claim_facts_in.provider_of(head, "71"),
        operating=claim_facts_in.provider_of(head, "72"),
        other_operating=claim_facts_in.provider_of(head, "ZZ"),
        rendering=claim_facts_in.provider_of(head, "82"),
        estimated_due_cents=gather.cents_if_any(first(head, "AMT", "F3"), 2),
        notes=_notes(head),
    )


def _no_diagnosis(claim: Segment, gather: Gather) -> StayDiagnosis:
    gather.mind(claim, "HI*ABK is missing; an institutional claim has a principal diagnosis.")
    return StayDiagnosis(code="")


class _Codes:
    """The HI segments of a claim, by the kind that each composite begins with."""

    def __init__(self, head: _Segments, gather: Gather) -> None:
        self._gather = gather
        self._composites = [
            (segment, segment.parts(place))
            for segment in each(head, "HI")
            for place in range(1, len(segment.elements))
        ]

    def codes(self, *kinds: str) -> tuple[str, ...]:
        return tuple(_part(parts, 2) for _, parts in self._of(kinds))

    def only(self, *kinds: str) -> str | None:
        return next(iter(self.codes(*kinds)), None)

    def diagnoses(self, *kinds: str) -> tuple[StayDiagnosis, ...]:
        known = {str(each): each for each in PresentOnAdmission}
        return tuple(
            StayDiagnosis(code=_part(parts, 2), on_admission=known.get(_part(parts, _POA_PART)))
            for _, parts in self._of(kinds)
        )

    def procedures(self, *kinds: str) -> tuple[StayProcedure, ...]:
        return tuple(
            StayProcedure(code=_part(parts, 2), on=self._day(segment, _part(parts, 4)))
            for segment, parts in self._of(kinds)
        )

    def occurrences(self) -> tuple[Occurrence, ...]:
        return tuple(
            Occurrence(code=_part(parts, 2), on=self._day(segment, _part(parts, 4)))
            for segment, parts in self._of(("BH",))
        )

    def spans(self) -> tuple[OccurrenceSpan, ...]:
        found = []
        for segment, parts in self._of(("BI",)):
            start, _, end = _part(parts, 4).partition("-")
            found.append(
                OccurrenceSpan(
                    code=_part(parts, 2),
                    from_on=self._day(segment, start),
                    to_on=self._day(segment, end),
                )
            )
        return tuple(found)

    def values(self) -> tuple[ValueCode, ...]:
        return tuple(
            ValueCode(
                code=_part(parts, 2), hundredths=self._gather.amount(segment, _part(parts, 5), 1)
            )
            for segment, parts in self._of(("BE",))
        )

    def _of(self, kinds: Sequence[str]) -> Iterator[tuple[Segment, tuple[str, ...]]]:
        return ((segment, parts) for segment, parts in self._composites if parts[0] in kinds)

    def _day(self, segment: Segment, text: str) -> dt.date:
        return self._gather.day(segment, text, 1) or NO_DAY


def _part(parts: Sequence[str], component: int) -> str:
    return parts[component - 1] if component <= len(parts) else ""


def _admission(head: _Segments, gather: Gather) -> Admission:
    came, left = first(head, "DTP", "435"), first(head, "DTP", "096")
    told = gather.need(head, "CL1") or NOTHING
    return Admission(
        admitted_on=gather.span(came)[0],
        admitted_time=_clock(came.at(3)[_DAY_LENGTH:], came, gather) if came else None,
        discharged_time=_clock(left.at(3), left, gather) if left else None,
        priority=told.at(1) or None,
        source=told.at(2) or None,
        patient_status=told.at(3),
    )


def _clock(text: str, segment: Segment, gather: Gather) -> dt.time | None:
    """HHMM; nothing is told where nothing stands."""
    if not text:
        return None
    found = _CLOCK.fullmatch(text)
    if found is None:
        gather.mind(segment, "DTP03 is not an hour written HHMM.", 3)
        return None
    return dt.time(int(found[1]), int(found[2]))


def _notes(head: _Segments) -> tuple[TypedNote, ...]:
    return tuple(
        TypedNote(about=segment.at(1), words=segment.at(2))
        for segment in each(head, "NTE")
        if segment.at(1) != "ADD"
    )


def _line(segments: _Segments, gather: Gather) -> RevenueLine:
    service = gather.need(segments, "SV2") or NOTHING
    own, _ = loops(segments, ("SVD",))
    start, end = gather.span(first(own, "DTP", "472"))
    return RevenueLine(
        line_control=reference(own, "6R") or "",
        revenue_code=gather.text(service, 1),
        code=service.part(2, 2) or None,
        modifiers=tuple(filter(None, service.parts(2)[_MODIFIERS])),
        charge_cents=gather.cents(service, 3),
        noncovered_cents=gather.cents_if_any(service, 7),
        units=gather.number_if_any(service, 5) or Decimal(0),
        basis=gather.code(service, 4, UnitBasis, UnitBasis.UNIT),
        service_on=start,
        service_to_on=end if end != start else None,
        description=service.part(2, _DESCRIPTION) or None,
        service_tax_cents=gather.cents_if_any(first(own, "AMT", "GT"), 2),
        facility_tax_cents=gather.cents_if_any(first(own, "AMT", "N8"), 2),
        organization_note=claim_facts_in.words_of(claim_facts_in.note_of(own, "TPO")),
        attachments=claim_facts_in.attachments_of(own),
        drug=line_facts_in.drug_of(own, gather),
        providers=LineProviders(
            rendering=claim_facts_in.provider_of(own, "82"),
            referring=claim_facts_in.provider_of(own, "DN"),
            operating=claim_facts_in.provider_of(own, "72"),
            other_operating=claim_facts_in.provider_of(own, "ZZ"),
        ),
    )
