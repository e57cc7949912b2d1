"""Claims as they reach a payer, from an 837P, an 837I or from paper, in one shape."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from sim.adjudication import Adjustment, ClaimLine, Prior
from sim.x12 import Segment, TransactionSet


@dataclass(frozen=True, kw_only=True)
class Claim:
    pcn: str
    payer_id: str
    member_id: str
    service_on: dt.date
    frequency: str = "1"
    form: str = "P"
    """P professional, I institutional."""
    type_of_bill: str = ""
    payer_claim_number: str = ""
    place_in_line: str = "P"
    """P, S or T: whether the payer is asked as first, second or third."""
    last: str = ""
    first: str = ""
    billing_npi: str = ""
    receiver: str = ""
    batch: str = ""
    on_paper: bool = False
    lines: tuple[ClaimLine, ...] = ()

    @property
    def charge_cents(self) -> int:
        return sum(line.charge_cents for line in self.lines)


@dataclass
class _Reader:
    """What has been read so far on the way down the levels of one 837."""

    batch: str
    billing_npi: str = ""
    receiver: str = ""
    member_id: str = ""
    payer_id: str = ""
    place_in_line: str = "P"
    names: dict[str, tuple[str, str]] = field(default_factory=dict)


def read_claims(one: TransactionSet) -> list[Claim]:
    """Every CLM of an 837 with the lines, priors and names that stand over and under it."""
    segments = one.segments
    bht = next((s for s in segments if s.tag == "BHT"), None)
    reader = _Reader(batch=bht[3] if bht else "")
    claims: list[Claim] = []
    at = 0
    while at < len(segments):
        if segments[at].tag == "CLM":
            end = _end_of_claim(segments, at)
            claims.append(_read_claim(reader, segments[at:end]))
            at = end
        else:
            _read_level(reader, segments[at])
            at += 1
    return claims


def _end_of_claim(segments: Sequence[Segment], start: int) -> int:
    for at in range(start + 1, len(segments)):
        if segments[at].tag in {"CLM", "HL", "SE"}:
            return at
    return len(segments)


def _read_level(reader: _Reader, segment: Segment) -> None:
    if segment.tag == "HL" and segment[3] == "22":
        reader.names.clear()
    elif segment.tag == "SBR":
        reader.place_in_line = segment[1]
    elif segment.tag == "NM1":
        _read_name(reader, segment)


def _read_name(reader: _Reader, segment: Segment) -> None:
    match segment[1]:
        case "41":
            reader.receiver = segment[9]
        case "85":
            reader.billing_npi = segment[9]
        case "IL":
            reader.member_id = segment[9]
            reader.names["IL"] = (segment[3], segment[4])
        case "PR":
            reader.payer_id = segment[9]
        case "QC":
            reader.names["QC"] = (segment[3], segment[4])


def _read_claim(reader: _Reader, segments: Sequence[Segment]) -> Claim:
    clm = segments[0]
    starts = [at for at, one in enumerate(segments) if one.tag == "LX"] + [len(segments)]
    head = segments[: starts[0]]
    diagnoses = _diagnoses(head)
    lines = tuple(_read_line(segments[start:end], diagnoses) for start, end in pairwise(starts))
    days = [one[3] for one in segments if one.tag == "DTP" and one[1] == "472"]
    days = days or [one[3] for one in head if one.tag == "DTP" and one[1] == "434"]
    place, qualifier, frequency = [*clm.composite(5), "", "", ""][:3]
    is_facilitys = qualifier == "A"
    last, first = reader.names.get("QC") or reader.names.get("IL") or ("", "")
    return Claim(
        pcn=clm[1],
        payer_id=reader.payer_id,
        member_id=reader.member_id,
        service_on=dt.date.fromisoformat(min(days)[:8]) if days else dt.date.min,
        frequency=frequency or "1",
        form="I" if is_facilitys else "P",
        type_of_bill=place if is_facilitys else "",
        payer_claim_number=_reference(head, "F8"),
        place_in_line=reader.place_in_line,
        last=last,
        first=first,
        billing_npi=reader.billing_npi,
        receiver=reader.receiver,
        batch=reader.batch,
        lines=lines,
    )


def _diagnoses(head: Sequence[Segment]) -> list[str]:
    return [
        part.split(one.component)[1]
        for one in head
        if one.tag == "HI"
        for part in one.parts[1:]
        if part.split(one.component)[0] in {"ABK", "ABF"}
    ]


def _reference(head: Sequence[Segment], qualifier: str) -> str:
    """REF of the claim itself: one that stands in loop 2320 is another payer's."""
    for one in head:
        if one.tag == "SBR":
            return ""
        if one.tag == "REF" and one[1] == qualifier:
            return one[2]
    return ""


def _read_line(segments: Sequence[Segment], diagnoses: Sequence[str]) -> ClaimLine:
    service = next(one for one in segments if one.tag in {"SV1", "SV2"})
    if service.tag == "SV2":
        return _read_revenue_line(segments, service, diagnoses)
    procedure = service.composite(1)
    controls = [one[2] for one in segments if one.tag == "REF" and one[1] == "6R"]
    pointed = [int(at) for at in service.composite(7) if at.isdigit()]
    return ClaimLine(
        control=controls[0] if controls else segments[0][1],
        code=procedure[1],
        modifiers=tuple(one for one in procedure[2:6] if one),
        units=int(float(service[4] or 1)),
        charge_cents=service.cents(2),
        diagnoses=tuple(diagnoses[at - 1] for at in pointed if 0 < at <= len(diagnoses)),
        prior=_read_priors(segments),
    )


def _read_revenue_line(
    segments: Sequence[Segment], service: Segment, diagnoses: Sequence[str]
) -> ClaimLine:
    """A facility's line: told by its revenue code, with or without a procedure."""
    procedure = [*service.composite(2), "", ""]
    controls = [one[2] for one in segments if one.tag == "REF" and one[1] == "6R"]
    return ClaimLine(
        control=controls[0] if controls else segments[0][1],
        code=procedure[1],
        modifiers=tuple(one for one in procedure[2:6] if one),
        units=int(float(service[5] or 1)),
        charge_cents=service.cents(3),
        diagnoses=tuple(diagnoses),
        revenue_code=service[1],
        prior=_read_priors(segments),
    )


def _read_priors(segments: Sequence[Segment]) -> Prior | None:
    """All payers that answered before, taken together: the last one's patient part counts."""
    found = list(_priors(segments))
    if not found:
        return None
    return combine_priors(found)


def combine_priors(found: Sequence[Prior]) -> Prior:
    paid = sum(one.paid_cents for one in found)
    return replace(found[-1], paid_cents=paid)


def _priors(segments: Sequence[Segment]) -> Iterator[Prior]:
    starts = [at for at, one in enumerate(segments) if one.tag == "SVD"] + [len(segments)]
    for start, end in pairwise(starts):
        adjustments = [
            adjustment
            for one in segments[start:end]
            if one.tag == "CAS"
            for adjustment in _adjustments(one)
        ]
        yield Prior(paid_cents=segments[start].cents(2), adjustments=tuple(adjustments))


def _adjustments(cas: Segment) -> Iterator[Adjustment]:
    for at in range(2, len(cas.parts), 3):
        if cas[at]:
            yield Adjustment(group=cas[1], carc=cas[at], cents=cas.cents(at + 1))


def read_paper_claim(manifest: dict[str, object]) -> Claim:
    """The claim that a mail manifest of kind `claim` carries beside its form."""
    paper = manifest["claim"]
    assert isinstance(paper, dict)
    diagnoses = [str(one) for one in paper["diagnoses"]]
    priors = paper.get("prior") or []
    type_of_bill = str(paper.get("type_of_bill") or "")
    return Claim(
        pcn=str(paper["pcn"]),
        payer_id=str(paper["payer_id"]),
        member_id=str(paper["member_id"]),
        service_on=dt.date.fromisoformat(str(paper["service_on"])),
        frequency=str(paper.get("frequency") or "1"),
        payer_claim_number=str(paper.get("payer_claim_number") or ""),
        place_in_line="S" if priors else "P",
        on_paper=True,
        form="I" if type_of_bill else "P",
        type_of_bill=type_of_bill,
        lines=tuple(_paper_line(one, diagnoses, priors) for one in paper["lines"]),
    )


def _paper_line(
    one: dict[str, object], diagnoses: Sequence[str], priors: Sequence[object]
) -> ClaimLine:
    modifiers, pointers = one.get("modifiers") or [], one.get("pointers") or []
    assert isinstance(modifiers, list)
    assert isinstance(pointers, list)
    return ClaimLine(
        control=str(one["line"]),
        code=str(one["code"]),
        modifiers=tuple(map(str, modifiers)),
        units=int(str(one.get("units") or 1)),
        charge_cents=int(str(one["charge_cents"])),
        diagnoses=tuple(diagnoses[int(at) - 1] for at in pointers if int(at) <= len(diagnoses)),
        revenue_code=str(one.get("revenue_code") or ""),
        prior=_paper_prior(str(one["line"]), priors),
    )


def _paper_prior(control: str, priors: Sequence[object]) -> Prior | None:
    found = [
        Prior(
            paid_cents=int(one["paid_cents"]),
            adjustments=tuple(
                Adjustment(group=part["group"], carc=part["carc"], cents=int(part["cents"]))
                for part in one["adjustments"]
            ),
        )
        for one in priors
        if isinstance(one, dict) and one["line"] == control
    ]
    return combine_priors(found) if found else None
