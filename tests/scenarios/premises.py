"""Where the practice of a scenario works, who works there as a provider, and who bills for it."""

from sqlalchemy.orm import Session

from db.models import BillingEntity, Location, OrgUnit, Practice, Provider

PROVIDER_NPI = "1992000012"
BILLING_NPI = "1992000004"
FACILITY_NPI = "1992000103"
# The place of service of a provider-based department.
DEPARTMENT = "22"
ADDRESS = {
    "line1": "410 CEDAR HOLLOW RD",
    "city": "FAIRMONT",
    "state": "TX",
    "postal_code": "752011234",
}


def lay_office(session: Session) -> None:
    session.add(Practice(id=1, name="Cedar Hollow Family Medicine"))
    session.flush()
    unit = OrgUnit(name="Family medicine")
    session.add(unit)
    session.flush()
    session.add_all(
        [
            Location(org_unit_id=unit.id, name="Clinic", place_of_service="11", address=ADDRESS),
            Location(org_unit_id=unit.id, name="Hospital", place_of_service="21", address=ADDRESS),
            Provider(
                npi=PROVIDER_NPI,
                last_name="Okafor",
                first_name="Ruth",
                taxonomy="207Q00000X",
                title="MD",
            ),
            BillingEntity(
                name="CEDAR HOLLOW FAMILY MEDICINE",
                npi=BILLING_NPI,
                tax_id="752014417",
                taxonomy="207Q00000X",
                address=ADDRESS,
                contact_name="BILLING OFFICE",
                phone="2145550142",
            ),
        ]
    )
    session.flush()
    _lay_department(session, unit)


def _lay_department(session: Session, unit: OrgUnit) -> None:
    """A department of a hospital, for which a facility bills beside the practice."""
    facility = BillingEntity(
        name="FAIRMONT OUTPATIENT DEPARTMENT",
        npi=FACILITY_NPI,
        tax_id="752014417",
        taxonomy="282N00000X",
        address=ADDRESS,
        contact_name="BILLING OFFICE",
        phone="2145550142",
    )
    session.add(facility)
    session.flush()
    session.add(
        Location(
            org_unit_id=unit.id, name="Outpatient department", place_of_service=DEPARTMENT,
            address=ADDRESS, facility_id=facility.id, type_of_bill="13",
        )
    )  # fmt: skip
    session.flush()
