"""Where a visit was: the place of its kind that is in force on its day."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import locations
from db.models import BillingEntity, Location
from tests.casework.office import visit
from tests.scenarios.play import Play

BEGINS = dt.date(2026, 4, 1)
DAY = dt.timedelta(days=1)


def department(
    session: Session, name: str, first: dt.date | None = None, last: dt.date | None = None
) -> Location:
    """A place of the kind 19, for which a facility bills in these days."""
    like = session.scalars(select(Location).order_by(Location.id)).first()
    facility = session.scalars(select(BillingEntity).order_by(BillingEntity.id)).first()
    assert like is not None
    assert facility is not None
    row = Location(
        org_unit_id=like.org_unit_id, name=name, place_of_service="19", address=like.address,
        facility_id=facility.id, type_of_bill="13", facility_from=first, facility_to=last,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def on(office: Play, day: dt.date) -> str:
    return locations.of_visit(office.session, "19", day).name


@pytest.mark.parametrize("is_ended", [True, False])
def test_a_place_that_was_replaced_is_left_for_the_one_that_began_later(
    office: Play, is_ended: bool
) -> None:
    department(office.session, "North", None, BEGINS - DAY if is_ended else None)
    department(office.session, "South", BEGINS)

    assert on(office, BEGINS - DAY) == "North"
    assert on(office, BEGINS) == "South"
    assert on(office, BEGINS + 400 * DAY) == "South"


def test_the_order_in_which_they_were_added_does_not_matter(office: Play) -> None:
    department(office.session, "South", BEGINS)
    department(office.session, "North", None, BEGINS - DAY)

    assert on(office, BEGINS - DAY) == "North"
    assert on(office, BEGINS) == "South"


def test_of_two_that_are_in_force_it_is_the_first(office: Play) -> None:
    department(office.session, "North")
    department(office.session, "South")

    assert on(office, BEGINS) == "North"


def test_a_place_whose_facility_bills_no_more_is_still_the_place(office: Play) -> None:
    department(office.session, "North", None, BEGINS - DAY)

    assert on(office, BEGINS) == "North"


def test_a_visit_is_registered_where_it_was(office: Play) -> None:
    today = office.engine.now.today
    department(office.session, "North", None, today - DAY)
    department(office.session, "South", today)

    made = visit(office, place="19", until_sent=False)

    assert made.location.name == "South"
