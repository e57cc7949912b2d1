"""ProfessionalClaim <-> 837P (005010X222A1): one interchange, same input, same bytes."""

from collections.abc import Sequence

from domain.claims import ProfessionalClaim
from edi import professional_checks, x837
from edi.envelope import Envelope
from edi.reading import Gather
from edi.segments import Segment
from edi.x837p_claim import add_claim
from edi.x837p_read import claims_of

VERSION = "005010X222A1"
_GUIDE = x837.Guide(version=VERSION, findings=professional_checks.findings, add_claim=add_claim)


def encode(
    claims: Sequence[ProfessionalClaim], *, envelope: Envelope, batch_reference: str
) -> bytes:
    """One transaction set, the claims grouped by who bills; OurX12Error tells all that is wrong."""
    return x837.encode(_GUIDE, claims, envelope=envelope, batch_reference=batch_reference)


def decode(body: Sequence[Segment], gather: Gather) -> tuple[ProfessionalClaim, ...]:
    """The claims of one set in their order, as far as a professional claim of ours can say them."""
    return claims_of(body, gather)
