"""A paper EOB that was keyed, and the 835 of the same check that came later: what they say of each
claim and line is compared, and a biller is told where it differs. Nothing is posted by that."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from casework import quarantine, subjects, tasks, waits
from casework.moment import Moment
from casework.posting import storing
from casework.posting.cases import ExceptionCase
from db.models import RawFile, RemitClaim, RemitProviderAdjustment, Remittance, Task
from domain import remittance as said
from domain.money import dollars
from domain.remittance import RemitStatus
from domain.tasks import TaskKind

SHOWN_MAX = 40
# Who compares more by hand asks the payer.
COMPARED_MAX = 2_000

Figures = Mapping[str, int]
"""By their names: charge, paid, CO-45."""


class Line(NamedTuple):
    place: int
    """0: the claim as a whole, beside its lines."""
    control: str | None
    code: str
    figures: Figures


class Answer(NamedTuple):
    pcn: str
    is_reversal: bool
    figures: Figures
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Differing:
    remittance: Remittance
    words: tuple[str, ...]


def compare(
    session: Session,
    keyed: Remittance,
    item: said.Remittance,
    claims: Iterable[said.RemitClaim],
) -> Differing | None:
    """None where both say the same."""
    paper = [_keyed(row) for row in keyed.claims]
    file = [_sent(claim) for claim in islice(claims, COMPARED_MAX)]
    words = (*_differences(paper, file), *_provider(session, keyed, item))
    return Differing(remittance=keyed, words=words) if words else None


def open_tasks(session: Session, file: RawFile, found: Sequence[Differing], now: Moment) -> None:
    fresh = [each for each in found if not _was_asked(session, each)]
    if not fresh:
        return
    subjects.ensure(session, quarantine.file_key(file), now)
    for each in fresh:
        _open(session, file, each, now)
    waits.set_due(session, subjects.lock(session, quarantine.file_key(file)))


def _was_asked(session: Session, one: Differing) -> bool:
    """The same file under other control numbers says nothing new."""
    asked = select(Task.id).where(
        Task.kind == TaskKind.POSTING_EXCEPTION,
        Task.details["case"].as_string() == ExceptionCase.KEYED_DIFFERS,
        Task.details["remittance_id"].as_integer() == one.remittance.id,
        Task.details["differences"] == list(one.words[:SHOWN_MAX]),
    )
    return bool(session.scalar(select(exists(asked))))


def _open(session: Session, file: RawFile, one: Differing, now: Moment) -> None:
    keyed = one.remittance
    tasks.open_task(
        session,
        TaskKind.POSTING_EXCEPTION,
        subject=quarantine.file_key(file),
        cause=f"keyed:{keyed.id}",
        title="An 835 differs from the paper that was keyed",
        reason=f"{file.name}: remittance {keyed.trace_number} was keyed from paper on "
        f"{keyed.received_at:%Y-%m-%d}. {one.words[0]} The file posts nothing.",
        details={
            "case": ExceptionCase.KEYED_DIFFERS,
            "remittance_id": keyed.id,
            "trace_number": keyed.trace_number,
            "differences": list(one.words[:SHOWN_MAX]),
            "count": len(one.words),
        },
        now=now,
        amount_cents=abs(keyed.paid_cents),
        payer_id=keyed.payer_id,
        raw_file_id=file.id,
    )


def _differences(paper: Sequence[Answer], file: Sequence[Answer]) -> Iterator[str]:
    for ours, theirs in _paired(paper, file):
        one = ours or theirs
        assert one is not None
        name = f"Claim {one.pcn}" + (", taken back" if one.is_reversal else "")
        if ours is None or theirs is None:
            where = "in the file alone" if ours is None else "on paper alone"
            yield f"{name}: {where}, paid {dollars(one.figures['paid'])}."
            continue
        yield from _of_figures(name, ours.figures, theirs.figures)
        for our_line, their_line in _lines_paired(ours.lines, theirs.lines):
            yield from _of_lines(name, our_line, their_line)


def _of_lines(name: str, ours: Line | None, theirs: Line | None) -> Iterator[str]:
    line = ours or theirs
    assert line is not None
    where = f"{name}, line {line.place} ({line.code})" if line.place else f"{name} as a whole"
    yield from _of_figures(where, ours.figures if ours else {}, theirs.figures if theirs else {})


def _of_figures(where: str, ours: Figures, theirs: Figures) -> Iterator[str]:
    apart = [
        f"{name} {dollars(ours.get(name, 0))} on paper, {dollars(theirs.get(name, 0))} in the file"
        for name in dict.fromkeys([*ours, *theirs])
        if ours.get(name, 0) != theirs.get(name, 0)
    ]
    if apart:
        yield f"{where}: {'; '.join(apart)}."


def _paired(
    paper: Sequence[Answer], file: Sequence[Answer]
) -> Iterator[tuple[Answer | None, Answer | None]]:
    """By control number; a reversal is compared with a reversal."""
    for key in dict.fromkeys([(one.pcn, one.is_reversal) for one in (*paper, *file)]):
        yield from zip_longest(
            [one for one in paper if (one.pcn, one.is_reversal) == key],
            [one for one in file if (one.pcn, one.is_reversal) == key],
        )


def _lines_paired(
    ours: Sequence[Line], theirs: Sequence[Line]
) -> Iterator[tuple[Line | None, Line | None]]:
    """By line control number where both tell it, the others in their order."""
    for whole in (False, True):
        yield from _of_kind(
            [line for line in ours if (line.place == 0) is whole],
            [line for line in theirs if (line.place == 0) is whole],
        )


def _of_kind(
    ours: Sequence[Line], theirs: Sequence[Line]
) -> Iterator[tuple[Line | None, Line | None]]:
    left, right = list(ours), list(theirs)
    for line in ours:
        named = (each for each in right if line.control and each.control == line.control)
        same = next(named, None)
        if same is not None:
            left.remove(line)
            right.remove(same)
            yield line, same
    yield from zip_longest(left, right)


def _provider(session: Session, keyed: Remittance, item: said.Remittance) -> Iterator[str]:
    rows = session.scalars(
        select(RemitProviderAdjustment).where(RemitProviderAdjustment.remittance_id == keyed.id)
    )
    ours = _sums((row.code, row.cents) for row in rows)
    theirs = _sums((plb.code, plb.cents) for plb in item.provider_adjustments)
    yield from _of_figures("Beside the claims", ours, theirs)


def _keyed(row: RemitClaim) -> Answer:
    lines = (
        Line(line.ordinal, line.line_control, line.code, _figures(
            line.charge_cents, line.paid_cents,
            ((each.group_sent or each.group_code, each.carc, each.cents)
             for each in line.adjustments),
        ))
        for line in row.lines
    )  # fmt: skip
    figures = _figures(row.charge_cents, row.paid_cents, ())
    return Answer(_number(row.pcn), row.status == RemitStatus.REVERSAL, figures, tuple(lines))


def _sent(claim: said.RemitClaim) -> Answer:
    figures = _figures(claim.charge_cents, claim.paid_cents, ())
    lines = tuple(_sent_line(line) for line in claim.lines)
    whole = storing.whole_claim(claim)
    if whole is not None:
        lines = (Line(0, None, "", _said_figures(*whole)), *lines)
    return Answer(_number(claim.pcn), claim.status is RemitStatus.REVERSAL, figures, lines)


def _sent_line(line: said.RemitLine) -> Line:
    figures = _said_figures(line.charge_cents, line.paid_cents, line.adjustments)
    return Line(line.ordinal, line.line_control, line.submitted_code or line.code, figures)


def _said_figures(charge: int, paid: int, reasons: Iterable[said.Adjustment]) -> Figures:
    return _figures(charge, paid, ((str(one.group), one.carc, one.cents) for one in reasons))


def _figures(charge: int, paid: int, reasons: Iterable[tuple[str, str, int]]) -> Figures:
    every = _sums((f"{group}-{carc}", cents) for group, carc, cents in reasons)
    return {"charge": charge, "paid": paid, **every}


def _sums(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, cents in amounts:
        sums[name] = sums.get(name, 0) + cents
    return sums


def _number(pcn: str) -> str:
    return pcn.strip().upper()
