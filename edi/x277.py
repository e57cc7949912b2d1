"""277 -> StatusAnswer: where the payer says that each claim we asked about is."""

from collections.abc import Iterator, Sequence

from domain.claim_status import StatusAnswer, StatusLine
from edi.people import person
from edi.reading import Gather
from edi.segments import Segment, each, first, loops, reference
from edi.statuses import codes_of, note_of

_PAYER, _CLAIM_LEVELS = "20", ("21", "19", "22", "23")


def decode(body: Sequence[Segment], gather: Gather) -> tuple[StatusAnswer, ...]:
    """One per TRN, at whatever level the payer answered; amounts and dates of its first STC."""
    _, levels = loops(body, ("HL",))
    answers: list[StatusAnswer] = []
    payer: Segment | None = None
    for level in levels:
        if level[0].at(3) == _PAYER:
            payer = gather.need(level, "NM1", "PR")
        elif level[0].at(3) in _CLAIM_LEVELS:
            answers += [_answer(payer, level, claim, gather) for claim in _claims(level)]
    if not answers and body:
        gather.mind(body[0], "No level below here says anything of a claim.")
    return tuple(answers)


def _claims(level: Sequence[Segment]) -> Iterator[Sequence[Segment]]:
    """Each is opened by its TRN; what a payer says of a claim unasked may begin with its STC."""
    head, traced = loops(level, ("TRN",))
    status = first(head, "STC")
    if status is not None:
        yield head[head.index(status) :]
    yield from traced


def _answer(
    payer: Segment | None, level: Sequence[Segment], segments: Sequence[Segment], gather: Gather
) -> StatusAnswer:
    patient = first(level, "NM1", "QC") or first(level, "NM1", "IL")
    head, lines = loops(segments, ("SVC",))
    opening = segments[0]
    status = gather.need(head, "STC")
    check = (status.at(8), status.at(9)) if status else ("", "")
    # Some payers leave the check's date away together with its place, so that its number moves up.
    has_moved_up = bool(check[0]) and not check[0].isdigit() and not check[1]
    return StatusAnswer(
        trace=gather.text(opening, 2) if opening.id == "TRN" else "",
        pcn=reference(head, "EJ"),
        codes=codes_of(each(head, "STC")),
        payer_claim_number=reference(head, "1K"),
        clearinghouse_trace=reference(head, "D9"),
        charge_cents=gather.aside.cents_if_any(status, 4),
        paid_cents=gather.aside.cents_if_any(status, 5),
        effective_on=gather.aside.date_if_any(status, 2),
        adjudicated_on=gather.aside.date_if_any(status, 6),
        check_on=None if has_moved_up else gather.aside.date_if_any(status, 8),
        check_number=(check[0] if has_moved_up else check[1]) or None,
        payer_name=payer.at(3) if payer else "",
        payer_id=payer.at(9) if payer else "",
        segment=opening.number,
        service_on=gather.aside.span(first(head, "DTP", "472"))[0],
        note=note_of(each(head, "STC")),
        lines=tuple(_line(line) for line in lines),
        patient=person(patient),
        member_id=(patient.at(9) or None) if patient else None,
    )


def _line(segments: Sequence[Segment]) -> StatusLine:
    return StatusLine(
        code=segments[0].part(1, 2),
        codes=codes_of(each(segments, "STC")),
        line_control=reference(segments, "FJ"),
        segment=segments[0].number,
    )
