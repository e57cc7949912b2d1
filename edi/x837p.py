"""ProfessionalClaim <-> 837P (005010X222A1): one interchange, same input, same bytes."""

from collections.abc import Sequence

from domain.claims import ProfessionalClaim
from domain.parties import BillingEntity
from edi import checks
from edi.envelope import Envelope
from edi.errors import OurFinding, OurX12Error
from edi.parties_out import add_billing, add_patient, add_subscriber
from edi.reading import Gather
from edi.segments import Segment
from edi.writing import Writer, day
from edi.x837p_claim import add_claim
from edi.x837p_read import claims_of

VERSION = "005010X222A1"
# A note of the guide: larger sets may be refused.
CLAIMS_MAX = 5000


def encode(
    claims: Sequence[ProfessionalClaim], *, envelope: Envelope, batch_reference: str
) -> bytes:
    """One transaction set, the claims grouped by who bills; OurX12Error tells all that is wrong."""
    _refuse(claims)
    writer = Writer()
    at = envelope.written_at
    writer.add("BHT", "0019", "00", batch_reference, day(at), f"{at:%H%M}", "CH")
    _add_submitter(writer, envelope)
    for billing, group in _by_billing(claims).items():
        _add_group(writer, billing, group)
    return writer.wrap(envelope, functional_id="HC", set_id="837", version=VERSION)


def decode(body: Sequence[Segment], gather: Gather) -> tuple[ProfessionalClaim, ...]:
    """The claims of one set in their order, as far as a professional claim of ours can say them."""
    return claims_of(body, gather)


def _refuse(claims: Sequence[ProfessionalClaim]) -> None:
    found = [finding for claim in claims for finding in checks.findings(claim)]
    found += checks.repeated(claims)
    if not 1 <= len(claims) <= CLAIMS_MAX:
        words = f"A file holds 1 to {CLAIMS_MAX} claims; this would hold {len(claims)}."
        found.append(OurFinding(where="ST", words=words))
    if found:
        raise OurX12Error(found)


def _add_submitter(writer: Writer, envelope: Envelope) -> None:
    sender = writer.text("1000A NM103", envelope.sender_name, 60)
    writer.add("NM1", "41", "2", sender, "", "", "", "", "46", envelope.sender_id)
    contact = writer.text("1000A PER02", envelope.contact_name, 60)
    writer.add("PER", "IC", contact, "TE", envelope.contact_phone)
    receiver = writer.text("1000B NM103", envelope.receiver_name, 60)
    writer.add("NM1", "40", "2", receiver, "", "", "", "", "46", envelope.receiver_id)


def _by_billing(
    claims: Sequence[ProfessionalClaim],
) -> dict[BillingEntity, list[ProfessionalClaim]]:
    groups: dict[BillingEntity, list[ProfessionalClaim]] = {}
    for claim in claims:
        groups.setdefault(claim.billing, []).append(claim)
    return groups


def _add_group(writer: Writer, billing: BillingEntity, claims: Sequence[ProfessionalClaim]) -> None:
    writer.reference = ""
    parent = writer.level(None, "20", has_children=True)
    add_billing(writer, billing)
    for claim in claims:
        writer.reference = claim.pcn
        level = writer.level(parent, "22", has_children=claim.patient is not None)
        add_subscriber(writer, claim)
        if claim.patient is not None:
            writer.level(level, "23", has_children=False)
            add_patient(writer, claim.patient)
        add_claim(writer, claim)
