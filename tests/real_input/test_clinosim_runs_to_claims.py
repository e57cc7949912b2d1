"""Charts made elsewhere (39 patients, 13 months) run on to sent claims by recommended answers."""

import datetime as dt
import io
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from commands.chart_sources import sources
from db.models import Outbox
from domain.claims import ProfessionalClaim
from domain.encounter import EncounterClass
from domain.intake import ChartedEncounter
from edi.read import read
from tests.real_input.office import SENT, open_office

_CHECKOUT = Path(__file__).resolve().parents[2]
_TESTDATA = Path(os.environ.get("CLAIMFLOW_TESTDATA", _CHECKOUT.parent / "shared" / "testdata"))
_CLINOSIM = _TESTDATA / "fhir_clinosim"
pytestmark = pytest.mark.skipif(not _CLINOSIM.is_dir(), reason=f"{_CLINOSIM} does not exist")

# Long after the visit, and well before any payer's limit for filing.
IMPORTED_AFTER = dt.timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Year:
    """What became of every encounter that was taken in, and the interchanges of claims."""

    outcomes: Counter[tuple[str, str]]
    interchanges: tuple[bytes, ...]


@pytest.fixture(scope="module")
def year(module_database_url: str) -> Iterator[Year]:
    """Month after month the charts are imported and worked off."""
    engine = create_engine(module_database_url)
    with Session(engine, expire_on_commit=False) as session:
        office = open_office(session)
        outcomes: Counter[tuple[str, str]] = Counter()
        for month in _months():
            encounters = office.take_in(month, month[-1].service_on + IMPORTED_AFTER)
            office.work_off(encounters)
            outcomes.update((one.encounter_class, office.outcome(one)) for one in encounters)
        yield Year(outcomes=outcomes, interchanges=_written(session))
    engine.dispose()


def test_every_encounter_that_is_taken_in_becomes_a_sent_claim(year: Year) -> None:
    assert year.outcomes == {
        (EncounterClass.AMBULATORY, SENT): 194,
        (EncounterClass.EMERGENCY, SENT): 32,
        (EncounterClass.INPATIENT, SENT): 8,
    }


def test_what_is_written_is_one_professional_claim_for_each_at_its_place(year: Year) -> None:
    items = [item for content in year.interchanges for item in read(content).items]
    claims = [item for item in items if isinstance(item, ProfessionalClaim)]

    assert len(claims) == len(items)
    assert Counter(claim.place_of_service for claim in claims) == {"11": 194, "23": 32, "21": 8}


def test_a_stay_names_the_day_of_admission_and_a_visit_does_not(year: Year) -> None:
    items = [item for content in year.interchanges for item in read(content).items]
    claims = [item for item in items if isinstance(item, ProfessionalClaim)]

    places = Counter(claim.place_of_service for claim in claims if claim.admitted_on)
    assert places == {"21": 8}


@pytest.mark.filterwarnings("ignore")
def test_a_foreign_validator_accepts_every_interchange(year: Year) -> None:
    import pyx12.params
    import pyx12.x12n_document

    params = pyx12.params.params()
    refused = [
        place
        for place, content in enumerate(year.interchanges)
        if not pyx12.x12n_document.x12n_document(
            params, io.StringIO(content.decode()), io.StringIO(), None
        )
    ]

    assert year.interchanges
    assert refused == []


def _months() -> Iterator[list[ChartedEncounter]]:
    (source,) = sources(_CLINOSIM, None)
    by_day = sorted(source.result.taken, key=lambda charted: charted.service_on)
    for _, month in groupby(by_day, key=lambda charted: charted.service_on.replace(day=1)):
        yield list(month)


def _written(session: Session) -> tuple[bytes, ...]:
    rows = select(Outbox.content).where(Outbox.name.startswith("837p")).order_by(Outbox.id)
    return tuple(session.scalars(rows))
