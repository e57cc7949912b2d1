"""What a claim version says, on the form it is billed on: built once, kept as it is, read again."""

from typing import Annotated

from pydantic import Discriminator, Tag, TypeAdapter
from sqlalchemy.orm import Session

from casework import claim_content, facility_content
from db.models import Claim, ClaimVersion
from domain.claim_form import ClaimForm
from domain.claims import ProfessionalClaim
from domain.institutional import InstitutionalClaim

Content = ProfessionalClaim | InstitutionalClaim


def _form_of(content: object) -> str:
    """A kept content says its form by having a type of bill; the oldest know no other form."""
    is_facility = (
        "type_of_bill" in content
        if isinstance(content, dict)
        else isinstance(content, InstitutionalClaim)
    )
    return ClaimForm.INSTITUTIONAL if is_facility else ClaimForm.PROFESSIONAL


CONTENT: TypeAdapter[Content] = TypeAdapter(
    Annotated[
        Annotated[ProfessionalClaim, Tag(ClaimForm.PROFESSIONAL)]
        | Annotated[InstitutionalClaim, Tag(ClaimForm.INSTITUTIONAL)],
        Discriminator(_form_of),
    ]
)


def build(session: Session, claim: Claim, version: ClaimVersion, pcn: str) -> Content:
    """The claim as this version asks for it, under the submission's patient control number."""
    match claim.form:
        case ClaimForm.PROFESSIONAL:
            return claim_content.build(session, claim, version, pcn)
        case ClaimForm.INSTITUTIONAL:
            return facility_content.build(session, claim, version, pcn)
