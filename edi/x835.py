"""835 -> Remittance, as its segments come: each amount read exactly, each row with its segment.

A claim is given as soon as it is whole, so that a file of any size needs the memory of one claim.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from domain.remittance import ProviderAdjustment, RemitClaim, Remittance
from edi.errors import Finding
from edi.reading import NO_DAY, Gather
from edi.segments import OURS, Segment, Separators, first, loops, reference
from edi.x835_claims import ClaimReader
from edi.x835_rows import Row
from edi.x835_usual import UsualClaims

_KNOWN = frozenset(
    {
        *("BPR", "TRN", "CUR", "REF", "DTM", "N1", "N2", "N3", "N4", "PER", "RDM", "LX", "TS3"),
        *("TS2", "CLP", "CAS", "NM1", "MIA", "MOA", "AMT", "QTY", "SVC", "LQ", "PLB", "NTE"),
    }
)
_NEEDS_NO_LOOK = _KNOWN - {"PLB"}
_NOT_OF_THE_HEAD = frozenset({"LX", "TS3", "TS2", "PLB"})
# PLB03 with PLB04 up to PLB13 with PLB14.
_PAIRS = (3, 5, 7, 9, 11, 13)


def decode(
    body: Sequence[Segment], gather: Gather, *, control_number: str, is_test: bool
) -> Remittance | None:
    """A whole set at once. None, with findings, when the payment itself cannot be told."""
    separators = body[0].separators if body else OURS
    reader = RemittanceReader(separators, control_number=control_number, is_test=is_test)
    rows = [segment.elements for segment in body]
    claims = tuple(chain(reader.take(rows), reader.end()))
    gather.findings += reader.findings
    return replace(reader.remittance, claims=claims) if reader.remittance else None


class RemittanceReader:
    """Takes what stands between ST and SE, some rows at a time, and gives claims. After the end
    `remittance` says all the rest."""

    def __init__(self, separators: Separators, *, control_number: str, is_test: bool) -> None:
        self.remittance: Remittance | None = None
        self._separators = separators
        self._control_number, self._is_test = control_number, is_test
        self._strays, self._gather = Gather(), Gather()
        self._claims = ClaimReader(separators, self._gather)
        self._usual = UsualClaims(separators)
        self._start: Segment | None = None
        self._head: list[Segment] = []
        self._is_head_read = False
        self._plbs: list[Segment] = []
        self._number = 1
        """That of the last segment which was taken: ST is 1."""
        self._open: list[Row] = []
        self._open_number = 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (*self._strays.findings, *self._gather.findings)

    def take(self, rows: Sequence[Row]) -> Iterator[RemitClaim]:
        ids = [row[0] for row in rows]
        if not _NEEDS_NO_LOOK.issuperset(ids):
            self._look(rows)
        starts = [place for place, id_ in enumerate(ids) if id_ == "CLP"]
        if self._start is None and rows:
            self._start = self._segment(self._number + 1, rows[0])
        first_number, self._number = self._number + 1, self._number + len(rows)
        self._go_on(rows[: starts[0]] if starts else rows, first_number)
        for start, end in pairwise((*starts, len(rows))):
            yield from self._whole_claim()
            self._open, self._open_number = list(rows[start:end]), first_number + start

    def take_claim(self, text: str, size: int) -> RemitClaim | None:
        """What stands behind `CLP*` up to the next CLP, without its last terminator, if no claim is
        open and this one of `size` segments is written as usual. Else nothing is taken: its rows
        must be."""
        if self._open or self.remittance is None:
            return None
        claim = self._usual.read(self._claims.count + 1, self._number + 1, text)
        if claim is not None:
            self._claims.count += 1
            self._number += size
        return claim

    @property
    def is_open(self) -> bool:
        """Something was taken that another claim finishes: a claim, or the head."""
        return bool(self._open) or (self._start is not None and not self._is_head_read)

    def finish(self) -> Iterator[RemitClaim]:
        """What is open: another claim follows."""
        yield from self._whole_claim()

    def end(self) -> Iterator[RemitClaim]:
        yield from self._whole_claim()
        if self.remittance is not None:
            plbs = _provider_adjustments(self._plbs, self._gather)
            self.remittance = replace(self.remittance, provider_adjustments=plbs)

    def _look(self, rows: Sequence[Row]) -> None:
        for number, row in enumerate(rows, self._number + 1):
            if row[0] not in _KNOWN:
                self._strays.mind(
                    self._segment(number, row),
                    "This segment does not belong in an 835; its money may be damaged.",
                )
            elif row[0] == "PLB":
                self._plbs.append(self._segment(number, row))

    def _go_on(self, rows: Sequence[Row], number: int) -> None:
        """With the claim that is open, or with what stands before the first."""
        if self._open:
            self._open += rows
            return
        segments = [self._segment(place, row) for place, row in enumerate(rows, number)]
        self._head += [one for one in segments if one.id not in _NOT_OF_THE_HEAD]

    def _whole_claim(self) -> Iterator[RemitClaim]:
        if not self._is_head_read:
            self._is_head_read = True
            self.remittance = self._payment()
        if self._open and self.remittance is not None:
            yield self._claims.read(self._open_number, self._open)
        self._open = []

    def _payment(self) -> Remittance | None:
        head, gather = self._head, self._gather
        payment, trace = gather.need(head, "BPR"), gather.need(head, "TRN")
        _, parties = loops(head, ("N1",))
        payer, payee = _party(parties, "PR"), _party(parties, "PE")
        if payment is None or trace is None or not payer or not payee:
            _mind_parties(self._start or Segment(1, ("ST",)), payer, payee, gather)
            return None
        return Remittance(
            control_number=self._control_number,
            payer_name=payer[0].at(2),
            payer_id=_payer_id(payer, trace),
            trace_number=gather.text(trace, 2),
            originator=gather.text(trace, 3),
            paid_cents=gather.cents(payment, 2),
            method=gather.text(payment, 4),
            paid_on=gather.date(payment, 16) or NO_DAY,
            production_on=gather.aside.date_if_any(first(head, "DTM", "405"), 2),
            payee_name=payee[0].at(2),
            payee_npi=_identified(payee[0], "XX"),
            payee_tax_id=_identified(payee[0], "FI") or reference(payee, "TJ"),
            claims=(),
            provider_adjustments=(),
            is_debit=payment.at(3) == "D",
            is_test=self._is_test,
        )

    def _segment(self, number: int, row: Row) -> Segment:
        return Segment(number, tuple(row), self._separators)


def _mind_parties(
    start: Segment, payer: Sequence[Segment], payee: Sequence[Segment], gather: Gather
) -> None:
    for found, name in ((payer, "the payer (N1*PR)"), (payee, "the payee (N1*PE)")):
        if not found:
            gather.mind(start, f"Nothing below here names {name}.")


def _party(parties: Sequence[Sequence[Segment]], code: str) -> Sequence[Segment]:
    return next((party for party in parties if party[0].at(1) == code), ())


def _payer_id(payer: Sequence[Segment], trace: Segment) -> str:
    return payer[0].at(4) or reference(payer, "2U") or trace.at(3)[1:]


def _identified(party: Segment, qualifier: str) -> str | None:
    return party.at(4) if party.at(3) == qualifier else None


def _provider_adjustments(
    plbs: Sequence[Segment], gather: Gather
) -> tuple[ProviderAdjustment, ...]:
    ends = {segment.number: gather.aside.date_if_any(segment, 2) for segment in plbs}
    pairs = [
        (segment, place)
        for segment in plbs
        for place in _PAIRS
        if segment.at(place) or segment.at(place + 1)
    ]
    return tuple(
        ProviderAdjustment(
            ordinal=ordinal,
            segment=segment.number,
            provider_id=segment.at(1),
            period_ends_on=ends[segment.number],
            code=segment.part(place, 1),
            reference=segment.part(place, 2) or None,
            cents=gather.cents(segment, place + 1),
        )
        for ordinal, (segment, place) in enumerate(pairs, 1)
    )
