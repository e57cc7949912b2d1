"""InstitutionalClaim <-> 837I (005010X223A2): one interchange, same input, same bytes."""

from collections.abc import Sequence

from domain.institutional import InstitutionalClaim
from edi import institutional_checks, x837
from edi.envelope import Envelope
from edi.reading import Gather
from edi.segments import Segment
from edi.x837i_claim import add_claim
from edi.x837i_read import claims_of

VERSION = "005010X223A2"
_GUIDE = x837.Guide(version=VERSION, findings=institutional_checks.findings, add_claim=add_claim)


def encode(
    claims: Sequence[InstitutionalClaim], *, envelope: Envelope, batch_reference: str
) -> bytes:
    """One transaction set, the claims grouped by who bills; OurX12Error tells all that is wrong."""
    return x837.encode(_GUIDE, claims, envelope=envelope, batch_reference=batch_reference)


def decode(body: Sequence[Segment], gather: Gather) -> tuple[InstitutionalClaim, ...]:
    """The claims of one set in order, as far as an institutional claim of ours can say them."""
    return claims_of(body, gather)
