"""A practice one of whose payers takes claims at its portal alone."""

from sqlalchemy import select

from casework import payer_channels
from db.models import Encounter, Payer
from domain.tasks import Role
from tests.casework.office import visit
from tests.scenarios.play import Play

CONFIRMED = "CONF-4711"


def at_the_portal(office: Play, name: str = "A1", *, patient: str = "P1") -> Encounter:
    """A visit whose claim is to be keyed."""
    payer = office.session.scalars(select(Payer).where(Payer.payer_no == "ALPHA")).one()
    payer_channels.choose(office.session, payer, "portal", office.people[Role.ADMINISTRATOR])
    return visit(office, name, patient=patient)
