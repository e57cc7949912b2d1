"""The simulated EHR and the intake agree on what a bundle says, though they share no code."""

import datetime as dt

from intake.fhir import read_bundle
from sim.ehr import bundle_bytes, file_name
from sim.invention import make_world


def test_every_bundle_of_the_simulated_ehr_is_taken_as_it_was_meant() -> None:
    world = make_world(seed=7, encounters=60, start_on=dt.date(2026, 1, 5), arrive_over_days=20)

    for meant in world.encounters:
        result = read_bundle(bundle_bytes(meant), file_name(meant))

        assert result.refused == ()
        (taken,) = result.taken
        assert taken.patient.mrn == meant.patient.mrn
        assert taken.service_on == meant.service_on
        assert [paper.payer_id for paper in taken.coverages] == [
            cover.payer_id for cover in meant.patient.covers
        ]
        if meant.comes_coded:
            assert taken.diagnoses == tuple(meant.findings)
            assert [(charge.code, charge.units) for charge in taken.charges] == [
                (service.code, service.units) for service in meant.services
            ]
