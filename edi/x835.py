"""835 -> Remittance: each amount read exactly, each row with its segment, or nothing at all."""

from collections.abc import Sequence

from domain.remittance import ProviderAdjustment, Remittance
from edi.reading import NO_DAY, Gather
from edi.segments import Segment, each, first, loops, reference
from edi.x835_claims import claim_of

_KNOWN = frozenset(
    {
        *("BPR", "TRN", "CUR", "REF", "DTM", "N1", "N2", "N3", "N4", "PER", "RDM", "LX", "TS3"),
        *("TS2", "CLP", "CAS", "NM1", "MIA", "MOA", "AMT", "QTY", "SVC", "LQ", "PLB", "NTE"),
    }
)
_SUMMARIES = ("LX", "TS3", "TS2")
# PLB03 with PLB04 up to PLB13 with PLB14.
_PAIRS = (3, 5, 7, 9, 11, 13)


def decode(
    body: Sequence[Segment], gather: Gather, *, control_number: str, is_test: bool
) -> Remittance | None:
    """None, with findings, when the payment itself cannot be told."""
    _mind_unknown(body, gather)
    kept = [segment for segment in body if segment.id not in (*_SUMMARIES, "PLB")]
    head, claims = loops(kept, ("CLP",))
    payment, trace = gather.need(head, "BPR"), gather.need(head, "TRN")
    _, parties = loops(head, ("N1",))
    payer, payee = _party(parties, "PR"), _party(parties, "PE")
    if payment is None or trace is None or not payer or not payee:
        _mind_parties(body, payer, payee, gather)
        return None
    return Remittance(
        control_number=control_number,
        payer_name=payer[0].at(2),
        payer_id=_payer_id(payer, trace),
        trace_number=gather.text(trace, 2),
        originator=gather.text(trace, 3),
        paid_cents=gather.cents(payment, 2),
        method=gather.text(payment, 4),
        paid_on=gather.date(payment, 16) or NO_DAY,
        production_on=gather.date_if_any(first(head, "DTM", "405"), 2),
        payee_name=payee[0].at(2),
        payee_npi=_identified(payee[0], "XX"),
        payee_tax_id=_identified(payee[0], "FI") or reference(payee, "TJ"),
        claims=tuple(claim_of(place, claim, gather) for place, claim in enumerate(claims, 1)),
        provider_adjustments=_provider_adjustments(body, gather),
        is_debit=payment.at(3) == "D",
        is_test=is_test,
    )


def _mind_unknown(body: Sequence[Segment], gather: Gather) -> None:
    for segment in body:
        if segment.id not in _KNOWN:
            gather.mind(
                segment, "This segment does not belong in an 835; its money may be damaged."
            )


def _mind_parties(
    body: Sequence[Segment], payer: Sequence[Segment], payee: Sequence[Segment], gather: Gather
) -> None:
    start = body[0] if body else Segment(1, ("ST",))
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
    body: Sequence[Segment], gather: Gather
) -> tuple[ProviderAdjustment, ...]:
    pairs = [
        (segment, place)
        for segment in each(body, "PLB")
        for place in _PAIRS
        if segment.at(place) or segment.at(place + 1)
    ]
    return tuple(
        ProviderAdjustment(
            ordinal=ordinal,
            segment=segment.number,
            provider_id=segment.at(1),
            period_ends_on=gather.date_if_any(segment, 2),
            code=segment.part(place, 1),
            reference=segment.part(place, 2) or None,
            cents=gather.cents(segment, place + 1),
        )
        for ordinal, (segment, place) in enumerate(pairs, 1)
    )
