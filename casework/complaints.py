"""What a receiver minds of a claim of ours, each with its place on the form and on our pages.

A 999 counts segments of the file that we sent: the very bytes in the outbox say which claim and
which line that is. A 277CA names a status and whose it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session, undefer

from db.models import Batch, Outbox
from domain import claim_parts
from domain.acknowledgments import ClaimAckStatus, FunctionalAck, SetError, StatusCode
from domain.form_places import PLACES, FormPlace, Remedy
from edi import locating
from edi.locating import Spot

SHOWN_MAX = 20
_OF_PLACE = {place.name: place for place in PLACES.values()}


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """One thing that is wrong. `pcn` None: it lies above the claims, or nobody can tell."""

    words: str
    place: str = ""
    """The name of its `FormPlace`; empty where it has none."""
    where: str = ""
    """In the file: segment, element, line."""
    value: str = ""
    """What we had sent there; may be patient data."""
    pcn: str | None = None

    @property
    def form_place(self) -> FormPlace | None:
        return _OF_PLACE.get(self.place)

    def kept(self) -> dict[str, Any]:
        return asdict(self)


def of_details(details: dict[str, Any]) -> tuple[Complaint, ...]:
    return tuple(Complaint(**kept) for kept in details.get("complaints", ()))


def of_ack(session: Session, batch: Batch, ack: FunctionalAck) -> tuple[Complaint, ...]:
    errors = [(one.control_number, error) for one in ack.sets for error in one.errors]
    if not errors or batch.outbox_id is None:
        return tuple(_without_file(error) for _, error in errors)
    outgoing = session.get_one(Outbox, batch.outbox_id, options=[undefer(Outbox.content)])
    return tuple(
        _complaint(error, locating.spot(outgoing.content, control, error.segment_position))
        for control, error in errors[:SHOWN_MAX]
    )


def of_status(status: ClaimAckStatus) -> tuple[Complaint, ...]:
    """Of the claim, then of its lines, by our line control number."""
    return (
        *_of_codes(status.refusing, "", status.pcn, note=status.note or ""),
        *(
            complaint
            for line in status.lines
            for complaint in _of_codes(line.codes, f"line {line.code}", status.pcn)
        ),
    )


def of_claim(complaints: Sequence[Complaint], pcn: str) -> tuple[Complaint, ...]:
    """Those of this claim, and those that lie above all claims."""
    return tuple(each for each in complaints if each.pcn in (pcn, None))


def remedy(complaints: Iterable[Complaint], status_code: str | None) -> Remedy:
    """The first part that needs more than to be sent again; a duplicate needs nothing at all."""
    found = [each.form_place.remedy for each in complaints if each.form_place]
    if not found and status_code:
        place = claim_parts.of_status(status_code, None)
        found = [place.remedy] if place else []
    for wanted in (Remedy.THERE, Remedy.COVERAGE, Remedy.CODES):
        if wanted in found:
            return wanted
    return Remedy.AGAIN


def _of_codes(
    codes: Iterable[StatusCode], where: str, pcn: str, *, note: str = ""
) -> Iterator[Complaint]:
    for code in codes:
        place = None if code.list_id else claim_parts.of_status(code.status, code.entity)
        words = f"{code.words} ({note})" if note else code.words
        yield Complaint(words=words, place=place.name if place else "", where=where, pcn=pcn)


def _complaint(error: SetError, spot: Spot | None) -> Complaint:
    if spot is None:
        return _without_file(error)
    place = claim_parts.of_segment(
        error.segment_id,
        qualifier=spot.qualifier(error.segment_id),
        entity=spot.entity,
        element=error.element_position,
        component=error.component_position,
    )
    line = f", line {spot.line}" if spot.line else ""
    return Complaint(
        words=error.words,
        place=place.name if place else "",
        where=f"{_named(error)}{line}",
        value=error.bad_value or "",
        pcn=error.pcn or spot.pcn,
    )


def _without_file(error: SetError) -> Complaint:
    place = claim_parts.of_segment(error.segment_id, element=error.element_position)
    return Complaint(
        words=error.words,
        place=place.name if place else "",
        where=_named(error),
        value=error.bad_value or "",
        pcn=error.pcn,
    )


def _named(error: SetError) -> str:
    """`CLM05-3, segment 22`."""
    element = "" if error.element_position is None else f"{error.element_position:02d}"
    component = "" if error.component_position is None else f"-{error.component_position}"
    position = f", segment {error.segment_position}" if error.segment_position else ""
    return f"{error.segment_id}{element}{component}{position}"
