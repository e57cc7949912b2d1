"""What both 837s have in common: one set in its envelope, claims grouped by who bills."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.claims import HealthClaim, ProfessionalClaim
from domain.parties import BillingEntity
from edi.envelope import Envelope
from edi.errors import OurFinding, OurX12Error
from edi.parties_out import add_billing, add_patient, add_subscriber
from edi.writing import Writer, day

# A note of the guides: larger sets may be refused.
CLAIMS_MAX = 5000

_Claim = TypeVar("_Claim", bound=HealthClaim)


@dataclass(frozen=True, kw_only=True)
class Guide(Generic[_Claim]):
    """One of the two guides: its version, its rules, and its loop 2300."""

    version: str
    findings: Callable[[_Claim], Sequence[OurFinding]]
    add_claim: Callable[[Writer, _Claim], None]


def encode(
    guide: Guide[_Claim],
    claims: Sequence[_Claim],
    *,
    envelope: Envelope,
    batch_reference: str,
) -> bytes:
    """One transaction set; OurX12Error tells all that is wrong."""
    _refuse(guide, claims)
    writer = Writer()
    at = envelope.written_at
    writer.add("BHT", "0019", "00", batch_reference, day(at), f"{at:%H%M}", "CH")
    _add_submitter(writer, envelope)
    for billing, group in _by_billing(claims).items():
        _add_group(guide, writer, billing, group)
    return writer.wrap(envelope, functional_id="HC", set_id="837", version=guide.version)


def _refuse(guide: Guide[_Claim], claims: Sequence[_Claim]) -> None:
    found = [finding for claim in claims for finding in guide.findings(claim)]
    found += _repeated(claims)
    if not 1 <= len(claims) <= CLAIMS_MAX:
        words = f"A file holds 1 to {CLAIMS_MAX} claims; this would hold {len(claims)}."
        found.append(OurFinding(where="ST", words=words))
    if found:
        raise OurX12Error(found)


def _repeated(claims: Sequence[HealthClaim]) -> list[OurFinding]:
    """One patient control number may stand in a file once."""
    counts: dict[str, int] = {}
    for claim in claims:
        counts[claim.pcn] = counts.get(claim.pcn, 0) + 1
    return [
        OurFinding(where="CLM01", words=f"Stands {count} times in one file.", reference=pcn)
        for pcn, count in counts.items()
        if count > 1
    ]


def _add_submitter(writer: Writer, envelope: Envelope) -> None:
    sender = writer.organization("1000A NM103", envelope.sender_name, 60, called="sender's name")
    writer.add("NM1", "41", "2", sender, "", "", "", "", "46", envelope.sender_id)
    contact = writer.organization("1000A PER02", envelope.contact_name, 60, called="contact's name")
    writer.add("PER", "IC", contact, "TE", envelope.contact_phone)
    receiver = writer.organization(
        "1000B NM103", envelope.receiver_name, 60, called="receiver's name"
    )
    writer.add("NM1", "40", "2", receiver, "", "", "", "", "46", envelope.receiver_id)


def _by_billing(claims: Sequence[_Claim]) -> dict[BillingEntity, list[_Claim]]:
    groups: dict[BillingEntity, list[_Claim]] = {}
    for claim in claims:
        groups.setdefault(claim.billing, []).append(claim)
    return groups


def _add_group(
    guide: Guide[_Claim], writer: Writer, billing: BillingEntity, claims: Sequence[_Claim]
) -> None:
    writer.reference = ""
    parent = writer.level(None, "20", has_children=True)
    add_billing(writer, billing)
    for claim in claims:
        writer.reference = claim.pcn
        level = writer.level(parent, "22", has_children=claim.patient is not None)
        state = claim.patient_state if isinstance(claim, ProfessionalClaim) else None
        add_subscriber(writer, claim, None if claim.patient else state)
        if claim.patient is not None:
            writer.level(level, "23", has_children=False)
            add_patient(writer, claim.patient, state, claim.casualty_claim_number)
        guide.add_claim(writer, claim)
