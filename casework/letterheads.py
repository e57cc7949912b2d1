"""Whom our paper comes from."""

from sqlalchemy.orm import Session

from casework import claim_content
from casework.addresses import of_party
from domain.correspondence import Letterhead


def of_practice(session: Session) -> Letterhead:
    billing = claim_content.billing_entity(session)
    return Letterhead(
        address=of_party(billing.name, billing.address),
        phone=billing.contact_phone,
        npi=billing.npi,
        tax_id=billing.tax_id,
    )
