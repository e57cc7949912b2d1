"""A coverage that is renewed for the next year counts for the visits of that year."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import coverages, demo_practice, registration
from casework.moment import moment
from db.models import Coverage
from domain.intake import ChartedEncounter
from tests.web.site import charted

Dates = tuple[dt.date | None, dt.date | None]
WHOLE_2025: Dates = (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
WHOLE_2026: Dates = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
OPEN: Dates = (None, None)
IN_2025, IN_2026 = dt.date(2025, 11, 20), dt.date(2026, 2, 12)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ((IN_2025, WHOLE_2025), (IN_2026, WHOLE_2026), 2),
        ((IN_2026, WHOLE_2026), (IN_2025, WHOLE_2025), 2),
        ((IN_2025, WHOLE_2025), (IN_2025, WHOLE_2025), 1),
        ((IN_2025, WHOLE_2025), (IN_2026, OPEN), 2),
        ((IN_2026, OPEN), (IN_2025, OPEN), 1),
        ((IN_2025, WHOLE_2025), (IN_2026, (dt.date(2025, 1, 1), None)), 1),
    ],
)
def test_each_visit_has_exactly_the_coverage_of_its_day(
    session: Session, first: tuple[dt.date, Dates], second: tuple[dt.date, Dates], kept: int
) -> None:
    demo_practice.seed(session)
    now = moment(session)

    made = [
        registration.take_in(session, _visit(f"visit-{n}", on, dates), now)
        for n, (on, dates) in enumerate((first, second))
    ]

    in_force = [coverages.of_encounter(session, one) for one in made if one is not None]
    assert [len(found) for found in in_force] == [1, 1]
    assert len(session.scalars(select(Coverage)).all()) == kept


def _visit(key: str, on: dt.date, dates: Dates) -> ChartedEncounter:
    chart = charted(on, key=key)
    (coverage,) = chart.coverages
    from_on, to_on = dates
    return replace(
        chart, service_on=on, coverages=(replace(coverage, from_on=from_on, to_on=to_on),)
    )
