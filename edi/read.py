"""Any X12 file -> what it says. A set with findings says nothing, nor does a damaged envelope."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.acknowledgments import ClaimAck, FunctionalAck, InterchangeAck
from domain.claim_status import StatusAnswer
from domain.claims import ProfessionalClaim
from domain.eligibility import EligibilityAnswer
from domain.institutional import InstitutionalClaim
from domain.remittance import Remittance
from edi import ta1, x271, x277, x277ca, x835, x837i, x837p, x999
from edi.assembly import unwrap
from edi.cutting import headers_begun
from edi.envelope import Group, Interchange, TransactionSet, Usage
from edi.errors import Finding, refusing
from edi.reading import Gather
from edi.segments import Segment

Item = (
    InterchangeAck
    | FunctionalAck
    | ClaimAck
    | Remittance
    | EligibilityAnswer
    | StatusAnswer
    | ProfessionalClaim
    | InstitutionalClaim
)


class SetKind(StrEnum):
    """Which guide a set follows, told by ST01 with ST03 or, without one, GS08."""

    ACKNOWLEDGMENT = "999"
    CLAIM_ACKNOWLEDGMENT = "277CA"
    CLAIM_STATUS = "277"
    CLAIM_STATUS_REQUEST = "276"
    ELIGIBILITY = "271"
    ELIGIBILITY_REQUEST = "270"
    INSTITUTIONAL_CLAIM = "837I"
    OTHER = "other"
    PROFESSIONAL_CLAIM = "837P"
    REMITTANCE = "835"


# Shown, and their envelope checked: nobody sends us requests, and the others have no reader here.
NOT_READ = frozenset({SetKind.OTHER, SetKind.ELIGIBILITY_REQUEST, SetKind.CLAIM_STATUS_REQUEST})


@dataclass(frozen=True, kw_only=True)
class ReadSet:
    """One transaction set. `items` is empty whenever there are findings that are no doubts."""

    kind: SetKind
    control_number: str
    group_control_number: str
    version: str
    segments: tuple[Segment, ...]
    items: tuple[Item, ...]
    findings: tuple[Finding, ...]

    @property
    def guide(self) -> str:
        """What the sender says it is: ST01 and the version, such as `997 (005010X230)`."""
        set_id = self.segments[0].at(1) if self.segments else str(self.kind)
        return f"{set_id} ({self.version or 'no version'})"


@dataclass(frozen=True, kw_only=True)
class ReadInterchange:
    """One envelope. With findings of its own that are no doubts, no set of it has items."""

    envelope: Interchange
    acks: tuple[InterchangeAck, ...]
    sets: tuple[ReadSet, ...]
    findings: tuple[Finding, ...]

    @property
    def control_number(self) -> str:
        return self.envelope.control_number

    @property
    def items(self) -> tuple[Item, ...]:
        """What its TA1s and its sound sets say, in order."""
        return (*self.acks, *(item for one in self.sets for item in one.items))


@dataclass(frozen=True, kw_only=True)
class File:
    interchanges: tuple[ReadInterchange, ...]
    findings: tuple[Finding, ...]
    """All of the file, its interchanges and its sets, in the order of the file."""
    own_findings: tuple[Finding, ...] = ()
    """Those of the file itself: that it holds no interchange, or has lost one."""

    @property
    def items(self) -> tuple[Item, ...]:
        """Everything that sound parts of the file say, in order."""
        return tuple(item for each in self.interchanges for item in each.items)

    @property
    def sets(self) -> tuple[ReadSet, ...]:
        return tuple(one for each in self.interchanges for one in each.sets)


Decode = Callable[[SetKind, TransactionSet, Interchange, Gather], tuple[Item, ...]]
"""What a set says, and into the gather what is wrong in it."""


def read(data: bytes) -> File:
    """All at once. Never raises for what is in the file: look at `findings`."""
    interchanges = [interchange_of(each, decode) for each in unwrap(data)]
    return file_of(interchanges, headers=headers_begun(data))


def file_of(interchanges: Sequence[ReadInterchange], *, headers: int) -> File:
    """`headers`: how many begin in the file."""
    own = () if interchanges else (_NO_ISA,)
    if interchanges and headers > len(interchanges):
        own = (_LOST_ISA,)
    return File(
        interchanges=tuple(interchanges),
        own_findings=own,
        findings=(*own, *(found for each in interchanges for found in _all_findings(each))),
    )


_NO_ISA = Finding(
    segment=1,
    segment_id="ISA",
    words="There is no complete ISA in this file; it is not X12 or lost its start.",
)


_LOST_ISA = Finding(
    segment=1,
    segment_id="ISA",
    words="An ISA of this file is not whole: it was cut short there, and an interchange is lost.",
)


def _all_findings(interchange: ReadInterchange) -> Iterator[Finding]:
    yield from interchange.findings
    for one in interchange.sets:
        yield from one.findings


def interchange_of(envelope: Interchange, decode: Decode) -> ReadInterchange:
    gather = Gather()
    acks = tuple(ta1.decode(segment, gather) for segment in envelope.acks)
    control = envelope.control_number
    findings = (*envelope.findings, *_placed(gather.findings, control, None))
    is_usable = not refusing(findings)
    return ReadInterchange(
        envelope=envelope,
        acks=acks if is_usable else (),
        sets=tuple(
            _set(one, group, envelope, decode, is_usable=is_usable)
            for group in envelope.groups
            for one in group.sets
        ),
        findings=findings,
    )


def _set(
    raw: TransactionSet, group: Group, envelope: Interchange, decode: Decode, *, is_usable: bool
) -> ReadSet:
    gather = Gather()
    kind = _kind(raw, group)
    items = decode(kind, raw, envelope, gather)
    findings = (
        *raw.findings,
        *_placed(gather.findings, envelope.control_number, raw.control_number),
    )
    return ReadSet(
        kind=kind,
        control_number=raw.control_number,
        group_control_number=group.control_number,
        version=raw.version or group.version,
        segments=raw.segments,
        items=items if is_usable and not refusing(findings) else (),
        findings=findings,
    )


_KINDS = {
    "270": SetKind.ELIGIBILITY_REQUEST,
    "271": SetKind.ELIGIBILITY,
    "276": SetKind.CLAIM_STATUS_REQUEST,
    "835": SetKind.REMITTANCE,
    "999": SetKind.ACKNOWLEDGMENT,
}
_KINDS_BY_GUIDE = {
    ("277", "X214"): SetKind.CLAIM_ACKNOWLEDGMENT,
    ("277", "X212"): SetKind.CLAIM_STATUS,
    ("837", "X222"): SetKind.PROFESSIONAL_CLAIM,
    ("837", "X223"): SetKind.INSTITUTIONAL_CLAIM,
}
# `005010X214` without its addenda.
_GUIDE = slice(6, 10)


def _kind(raw: TransactionSet, group: Group) -> SetKind:
    guide = (raw.version or group.version)[_GUIDE]
    found = _KINDS_BY_GUIDE.get((raw.set_id, guide))
    return found or _KINDS.get(raw.set_id, SetKind.OTHER)


def decode(
    kind: SetKind, raw: TransactionSet, envelope: Interchange, gather: Gather
) -> tuple[Item, ...]:
    items: tuple[Item, ...] = ()
    match kind:
        case SetKind.ACKNOWLEDGMENT:
            items = _one(x999.decode(raw.body, gather))
        case SetKind.CLAIM_ACKNOWLEDGMENT:
            items = x277ca.decode(raw.body, gather)
        case SetKind.CLAIM_STATUS:
            items = x277.decode(raw.body, gather)
        case SetKind.ELIGIBILITY:
            items = x271.decode(raw.body, gather)
        case SetKind.REMITTANCE:
            items = _one(_remittance(raw, envelope, gather))
        case SetKind.PROFESSIONAL_CLAIM:
            items = x837p.decode(raw.body, gather)
        case SetKind.INSTITUTIONAL_CLAIM:
            items = x837i.decode(raw.body, gather)
        case _:
            assert kind in NOT_READ, kind
    return items


def _remittance(raw: TransactionSet, envelope: Interchange, gather: Gather) -> Remittance | None:
    return x835.decode(
        raw.body,
        gather,
        control_number=raw.control_number,
        is_test=envelope.usage == Usage.TEST,
    )


def _one(item: FunctionalAck | Remittance | None) -> tuple[Item, ...]:
    return () if item is None else (item,)


def _placed(
    findings: Sequence[Finding], interchange_control: str, set_control: str | None
) -> Iterator[Finding]:
    for found in findings:
        yield replace(found, interchange_control=interchange_control, set_control=set_control)
