"""Holes in an encounter's data that a person must mend: no member id, no finding, no
address, a payer or a fee unknown."""

from dataclasses import replace

from sim.world import Encounter, Service

UNKNOWN_PAYER = "60199"
UNPRICED = "99417"


def with_flaw(encounter: Encounter, flaw: str) -> Encounter:
    """The same encounter with a hole in its data that a person must mend."""
    match flaw:
        case "member id":
            first = replace(encounter.patient.covers[0], is_id_missing=True)
            covers = (first, *encounter.patient.covers[1:])
        case "finding":
            return replace(encounter, findings=(), comes_coded=False, flaw=flaw)
        case "address":
            return replace(encounter, flaw=flaw)
        case "payer":
            first = replace(encounter.patient.covers[0], payer_id=UNKNOWN_PAYER)
            covers = (first, *encounter.patient.covers[1:])
        case _:
            services = (*encounter.services, Service(code=UNPRICED))
            return replace(encounter, services=services, comes_coded=True, flaw=flaw)
    patient = replace(encounter.patient, covers=covers)
    return replace(encounter, patient=patient, flaw=flaw)
