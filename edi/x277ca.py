"""277CA -> ClaimAck: which claims of a batch the clearinghouse or the payer took, and why not."""

from collections.abc import Iterator, Sequence
from itertools import chain

from domain.acknowledgments import (
    TAKEN_IN,
    AckLine,
    AckSource,
    ClaimAck,
    ClaimAckStatus,
    StatusNote,
)
from edi.people import person
from edi.reading import Gather
from edi.segments import Segment, each, first, loops, reference
from edi.statuses import codes_of, note_of

# Who speaks of the claims (NM101 of the source); every other one is a payer.
CLEARINGHOUSE = "AY"
_SOURCE, _RECEIVER, _PROVIDER, _PATIENT = "20", "21", "19", "PT"
_TAKEN, _REFUSED = "WQ", "U"
# Returned, not found, information missing, wrong, or not fitting together.
_REFUSING = ("A3", "A4", "A6", "A7", "A8")


def decode(body: Sequence[Segment], gather: Gather) -> tuple[ClaimAck, ...]:
    """One per information receiver's level: most files hold one."""
    _, levels = loops(body, ("HL",))
    acks: list[ClaimAck] = []
    source: Sequence[Segment] = ()
    for place, level in enumerate(levels):
        match level[0].at(3):
            case "20":
                source = level
            case "21":
                acks.append(_ack(source, level, _below(levels[place + 1 :]), gather))
    if not acks:
        gather.mind(body[0] if body else _NOTHING, "There is no level of the receiver (HL 21).")
    return tuple(acks)


_NOTHING = Segment(1, ("ST",))


def _below(levels: Sequence[Sequence[Segment]]) -> list[Sequence[Segment]]:
    """Up to the next source or receiver."""
    found = []
    for level in levels:
        if level[0].at(3) in (_SOURCE, _RECEIVER):
            break
        found.append(level)
    return found


def _ack(
    source: Sequence[Segment],
    receiver: Sequence[Segment],
    below: Sequence[Sequence[Segment]],
    gather: Gather,
) -> ClaimAck:
    name = gather.need(source, "NM1")
    trace = gather.need(receiver, "TRN", "2")
    is_clearinghouse = name is not None and name.at(1) == CLEARINGHOUSE
    return ClaimAck(
        source=AckSource.CLEARINGHOUSE if is_clearinghouse else AckSource.PAYER,
        source_name=name.at(3) if name else "",
        source_id=name.at(9) if name else "",
        batch_reference=(trace.at(2) or None) if trace else None,
        received_on=gather.aside.span(first(source, "DTP", "050"))[0],
        processed_on=gather.aside.span(first(source, "DTP", "009"))[0],
        receiver_statuses=tuple(_notes(receiver, gather, npi=None)),
        provider_statuses=tuple(_provider_notes(below, gather)),
        claims=tuple(_claims(below, gather)),
    )


def _provider_notes(below: Sequence[Sequence[Segment]], gather: Gather) -> Iterator[StatusNote]:
    for level in below:
        if level[0].at(3) == _PROVIDER:
            name = first(level, "NM1", "85")
            yield from _notes(level, gather, npi=name.at(9) if name else None)


def _notes(level: Sequence[Segment], gather: Gather, *, npi: str | None) -> Iterator[StatusNote]:
    for segment in each(level, "STC"):
        yield StatusNote(
            is_accepted=_is_accepting(segment),
            codes=codes_of([segment]),
            effective_on=gather.aside.date_if_any(segment, 2),
            charge_cents=gather.aside.cents_if_any(segment, 4),
            segment=segment.number,
            npi=npi,
        )


def _claims(below: Sequence[Sequence[Segment]], gather: Gather) -> Iterator[ClaimAckStatus]:
    """A patient's level may hold several claims, each opened by its TRN."""
    patients = [loops(level, ("TRN",)) for level in below if level[0].at(3) == _PATIENT]
    claims = [(first(head, "NM1"), claim) for head, found in patients for claim in found]
    for ordinal, (patient, claim) in enumerate(claims, 1):
        yield _claim(ordinal, patient, claim, gather)


def _claim(
    ordinal: int, patient: Segment | None, segments: Sequence[Segment], gather: Gather
) -> ClaimAckStatus:
    head, lines = loops(segments, ("SVC",))
    statuses = [status for status in each(head, "STC") if _says_something(status)]
    ruling = _ruling(statuses) or first(head, "STC")
    return ClaimAckStatus(
        ordinal=ordinal,
        segment=segments[0].number,
        pcn=gather.text(segments[0], 2),
        is_accepted=bool(statuses) and all(map(_is_accepting, statuses)),
        unread=() if statuses else (_silence(segments[0]),),
        codes=codes_of(statuses),
        refusing=codes_of(status for status in statuses if not _is_accepting(status)),
        effective_on=gather.aside.date_if_any(ruling, 2),
        charge_cents=gather.aside.cents_if_any(first(head, "STC"), 4),
        payer_claim_number=reference(head, "1K"),
        clearinghouse_trace=reference(head, "D9"),
        service_on=gather.aside.span(first(head, "DTP", "472"))[0],
        lines=tuple(_line(line) for line in lines),
        note=note_of(statuses),
        patient=person(patient),
        member_id=(patient.at(9) or None) if patient else None,
    )


def _says_something(status: Segment) -> bool:
    return status.at(3) in (_TAKEN, _REFUSED) or bool(status.part(1, 1))


def _ruling(statuses: Sequence[Segment]) -> Segment | None:
    """Whose day is the claim's: what refuses it, else what takes it in, else the first."""
    refusing = (status for status in statuses if not _is_accepting(status))
    taken_in = (
        status for status in statuses if TAKEN_IN in {code.category for code in codes_of([status])}
    )
    return next(chain(refusing, taken_in, statuses), None)


def _silence(claim: Segment) -> str:
    return f"Segment {claim.number}: no status (STC) says whether this claim was taken."


def _is_accepting(status: Segment) -> bool:
    """STC03 rules; without one that is known the category does. A category that is not known
    refuses nothing, and accepts nothing either: only A2 starts the wait for a remittance."""
    if status.at(3) in (_TAKEN, _REFUSED):
        return status.at(3) == _TAKEN
    return status.part(1, 1) not in _REFUSING


def _line(segments: Sequence[Segment]) -> AckLine:
    return AckLine(
        line_control=reference(segments, "FJ"),
        code=segments[0].part(1, 2),
        codes=codes_of(each(segments, "STC")),
        segment=segments[0].number,
    )
