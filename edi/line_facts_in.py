"""What only a line says, read: its drug, its equipment and what certifies it, its results."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.claim_details import (
    Drug,
    DrugUnit,
    Equipment,
    FormAnswer,
    MeasuredResult,
    PurchasedService,
    SupportingForm,
)
from edi.reading import Gather
from edi.segments import Segment, each, first, loops

_Segments = Sequence[Segment]


def drug_of(segments: _Segments, gather: Gather) -> Drug | None:
    named, counted = first(segments, "LIN"), first(segments, "CTP")
    if named is None or counted is None:
        return None
    prescription, compound = first(segments, "REF", "XZ"), first(segments, "REF", "VY")
    order = prescription or compound
    return Drug(
        ndc=named.at(3),
        quantity=gather.number_if_any(counted, 4) or Decimal(0),
        unit=gather.code(counted, 5, DrugUnit, DrugUnit.UNIT),
        order_number=order.at(2) if order else None,
        is_compound=prescription is None and compound is not None,
    )


def equipment_of(segments: _Segments, gather: Gather) -> Equipment | None:
    found, certified = first(segments, "SV5"), first(segments, "CR3")
    if found is None:
        return None
    return Equipment(
        days=gather.number_if_any(found, 3) or Decimal(0),
        rental_cents=gather.cents(found, 4),
        purchase_cents=gather.cents(found, 5),
        frequency=found.at(6),
        certification=certified.at(1) if certified else None,
        months_needed=gather.number_if_any(certified, 3) if certified else None,
    )


def measured_of(segments: _Segments, gather: Gather) -> tuple[MeasuredResult, ...]:
    return tuple(
        MeasuredResult(
            about=segment.at(1),
            measure=segment.at(2),
            value=gather.number_if_any(segment, 3) or Decimal(0),
        )
        for segment in each(segments, "MEA")
    )


def purchased_of(segments: _Segments, gather: Gather) -> PurchasedService | None:
    found = first(segments, "PS1")
    if found is None:
        return None
    return PurchasedService(provider_npi=found.at(1), cents=gather.cents(found, 2))


def count_of(segments: _Segments, qualifier: str, gather: Gather) -> int | None:
    found = first(segments, "QTY", qualifier)
    counted = gather.number_if_any(found, 2) if found else None
    return None if counted is None else int(counted)


def forms_of(segments: _Segments, gather: Gather) -> tuple[SupportingForm, ...]:
    _, forms = loops(segments, ("LQ",))
    return tuple(
        SupportingForm(
            list_code=form[0].at(1),
            form=form[0].at(2),
            answers=tuple(_answers(form, gather)),
        )
        for form in forms
    )


def _answers(form: _Segments, gather: Gather) -> Iterator[FormAnswer]:
    for segment in each(form, "FRM"):
        yield FormAnswer(
            question=segment.at(1),
            yes={"Y": True, "N": False}.get(segment.at(2)),
            words=segment.at(3) or None,
            on=gather.date_if_any(segment, 4),
            percent=gather.number_if_any(segment, 5),
        )
