"""The EHR: every encounter as one FHIR R4 bundle, with the note a coder reads."""

import base64
import datetime as dt
import json
from typing import Any

from sim import people
from sim.flaws import UNKNOWN_PAYER, UNPRICED
from sim.payers import PAYERS, finding_words, procedure_words
from sim.world import Cover, Encounter, Patient, Service

Resource = dict[str, Any]

PAYER_SYSTEM = "urn:claimflow:payer"
PLACE_SYSTEM = "https://www.cms.gov/Medicare/Coding/place-of-service-codes"
NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
OTHER_WORDS = {UNKNOWN_PAYER: "Harbor Mutual", UNPRICED: "prolonged visit, each further 15 minutes"}


def bundle_bytes(encounter: Encounter) -> bytes:
    """The bundle as the EHR sends it; the same encounter is always the same bytes."""
    entries = [
        {"fullUrl": f"urn:claimflow:{_ref(one)}", "resource": one} for one in _all(encounter)
    ]
    bundle = {
        "resourceType": "Bundle",
        "id": f"bundle-{_id(encounter)}",
        "type": "collection",
        "entry": entries,
    }
    return (json.dumps(bundle, indent=1) + "\n").encode()


def file_name(encounter: Encounter) -> str:
    return f"encounter-{_id(encounter)}.json"


def note_text(encounter: Encounter) -> str:
    """Sections in the words of the tables; what is denied or past stands in SUBJECTIVE alone."""
    findings = [finding_words()[code] for code in encounter.findings]
    lines = ["SUBJECTIVE", f"{encounter.complaint}.", *encounter.distractors, "", "ASSESSMENT"]
    lines += [f"{at}. {words[0].upper()}{words[1:]}" for at, words in enumerate(findings, 1)]
    lines += ["", "SERVICES", *(_service_words(service) for service in encounter.services), ""]
    return "\n".join(lines)


def _service_words(service: Service) -> str:
    words = procedure_words().get(service.code) or OTHER_WORDS[service.code]
    return words if service.units == 1 else f"{words} x {service.units}"


def _id(encounter: Encounter) -> str:
    return f"{encounter.patient.mrn}-{encounter.key}"


def _ref(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def _all(encounter: Encounter) -> list[Resource]:
    coded = [*_conditions(encounter), *_charges(encounter)] if encounter.comes_coded else []
    return [
        _patient(encounter.patient, has_address=encounter.flaw != "address"),
        _practitioner(encounter.provider),
        *_coverages(encounter),
        _encounter(encounter),
        *_department(encounter),
        _note(encounter),
        *_insurance_card(encounter),
        *_license(encounter),
        *coded,
    ]


def _patient(patient: Patient, *, has_address: bool) -> Resource:
    return {
        "resourceType": "Patient",
        "id": patient.mrn,
        "identifier": [
            {
                "type": {"coding": [{"code": "MR"}]},
                "system": "urn:cedarhollow:mrn",
                "value": patient.mrn,
            }
        ],
        "name": [{"family": patient.last, "given": [patient.first]}],
        "birthDate": patient.born_on.isoformat(),
        "gender": {"F": "female", "M": "male"}[patient.sex],
        "address": [_address(patient)] if has_address else [],
        "telecom": [{"system": "phone", "value": f"5035550{patient.mrn[-3:]}"}],
    }


def _address(patient: Patient) -> Resource:
    return {
        "line": [patient.street],
        "city": patient.town,
        "state": patient.state,
        "postalCode": patient.zip_code,
    }


def _practitioner(provider: int) -> Resource:
    npi, last, first, _ = people.PROVIDERS[provider]
    return {
        "resourceType": "Practitioner",
        "id": npi,
        "identifier": [{"system": NPI_SYSTEM, "value": npi}],
        "name": [{"family": last, "given": [first]}],
    }


def _coverages(encounter: Encounter) -> list[Resource]:
    made: list[Resource] = []
    for order, cover in enumerate(encounter.patient.covers, 1):
        made += [_organization(cover.payer_id), *_subscriber(encounter.patient, cover)]
        made.append(_coverage(encounter.patient, cover, order))
    return made


def _organization(payer_id: str) -> Resource:
    payer = PAYERS.get(payer_id)
    return {
        "resourceType": "Organization",
        "id": f"payer-{payer_id}",
        "identifier": [{"system": PAYER_SYSTEM, "value": payer_id}],
        "name": payer.name if payer else OTHER_WORDS[payer_id],
    }


def _subscriber(patient: Patient, cover: Cover) -> list[Resource]:
    if not cover.subscriber:
        return []
    last, first = cover.subscriber.split(", ")
    return [
        {
            "resourceType": "RelatedPerson",
            "id": f"subscriber-{cover.member_id}",
            "patient": {"reference": f"Patient/{patient.mrn}"},
            "name": [{"family": last, "given": [first]}],
            "birthDate": subscriber_born_on(patient).isoformat(),
            "gender": "female" if first in people.FIRST_F else "male",
            "address": [_address(patient)],
        }
    ]


def subscriber_born_on(patient: Patient) -> dt.date:
    years = 30 if _is_child(patient) else 2
    return patient.born_on.replace(year=patient.born_on.year - years)


def _is_child(patient: Patient) -> bool:
    return patient.born_on.year > 2025 - 19


def _coverage(patient: Patient, cover: Cover, order: int) -> Resource:
    self_ref = f"Patient/{patient.mrn}"
    other_ref = f"RelatedPerson/subscriber-{cover.member_id}"
    dependent = "child" if _is_child(patient) else "spouse"
    made: Resource = {
        "resourceType": "Coverage",
        "id": f"coverage-{patient.mrn}-{order}",
        "status": "active",
        "order": order,
        "beneficiary": {"reference": self_ref},
        "subscriber": {"reference": other_ref if cover.subscriber else self_ref},
        "relationship": {"coding": [{"code": dependent if cover.subscriber else "self"}]},
        "payor": [{"reference": f"Organization/payer-{cover.payer_id}"}],
        "period": {"start": "2025-01-01"},
    }
    return made if cover.is_id_missing else {**made, "subscriberId": cover.member_id}


def _encounter(encounter: Encounter) -> Resource:
    day = encounter.service_on.isoformat()
    made: Resource = {
        "resourceType": "Encounter",
        "id": _id(encounter),
        "identifier": [{"system": "urn:cedarhollow:visit", "value": _id(encounter)}],
        "status": "finished",
        "class": {"code": encounter.place},
        "subject": {"reference": f"Patient/{encounter.patient.mrn}"},
        "period": {"start": f"{day}T09:00:00-08:00", "end": f"{day}T09:40:00-08:00"},
        "participant": [
            {"individual": {"reference": f"Practitioner/{people.PROVIDERS[encounter.provider][0]}"}}
        ],
    }
    return {**made, **_stay(encounter), **_where(encounter)}


def _where(encounter: Encounter) -> Resource:
    if not encounter.is_at_department:
        return {}
    return {"location": [{"location": {"reference": "Location/outpatient-department"}}]}


def _department(encounter: Encounter) -> list[Resource]:
    """A department of the hospital tells its place of service; elsewhere the class does."""
    if not encounter.is_at_department:
        return []
    place = {"system": PLACE_SYSTEM, "code": "22"}
    return [
        {
            "resourceType": "Location",
            "id": "outpatient-department",
            "name": "Fairmont Outpatient Department",
            "type": [{"coding": [place]}],
        }
    ]


def _stay(encounter: Encounter) -> Resource:
    if not encounter.stay:
        return {}
    whole = {"partOf": {"identifier": {"value": f"H{encounter.stay.upper()}"}}}
    home = {"dischargeDisposition": {"coding": [{"code": "home"}]}}
    return {**whole, "hospitalization": home} if encounter.is_discharge else whole


def _document(encounter: Encounter, kind: str, text: str) -> Resource:
    return {
        "resourceType": "DocumentReference",
        "id": f"{kind.replace(' ', '-')}-{_id(encounter)}",
        "status": "current",
        "type": {"text": kind},
        "date": f"{encounter.service_on.isoformat()}T18:00:00-08:00",
        "subject": {"reference": f"Patient/{encounter.patient.mrn}"},
        "author": [{"reference": f"Practitioner/{people.PROVIDERS[encounter.provider][0]}"}],
        "context": {"encounter": [{"reference": f"Encounter/{_id(encounter)}"}]},
        "content": [
            {
                "attachment": {
                    "contentType": "text/plain",
                    "data": base64.b64encode(text.encode()).decode(),
                }
            }
        ],
    }


def _note(encounter: Encounter) -> Resource:
    return _document(encounter, "progress note", note_text(encounter))


def _insurance_card(encounter: Encounter) -> list[Resource]:
    """The scanned card stands in for what the registration lacks."""
    missing = [cover for cover in encounter.patient.covers if cover.is_id_missing]
    return [
        _document(
            encounter,
            "scanned insurance card",
            f"{PAYERS[cover.payer_id].name}\nMember ID: {cover.member_id}\n",
        )
        for cover in missing
    ]


def _license(encounter: Encounter) -> list[Resource]:
    """The scanned driver's license says where somebody lives whose registration does not."""
    if encounter.flaw != "address":
        return []
    patient = encounter.patient
    where = f"{patient.street}; {patient.town}; {patient.state} {patient.zip_code}"
    return [_document(encounter, "scanned driver's license", f"Address: {where}\n")]


def _conditions(encounter: Encounter) -> list[Resource]:
    return [
        {
            "resourceType": "Condition",
            "id": f"condition-{_id(encounter)}-{at}",
            "subject": {"reference": f"Patient/{encounter.patient.mrn}"},
            "encounter": {"reference": f"Encounter/{_id(encounter)}"},
            "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]},
        }
        for at, code in enumerate(encounter.findings, 1)
    ]


def _charges(encounter: Encounter) -> list[Resource]:
    return [
        {
            "resourceType": "ChargeItem",
            "id": f"charge-{_id(encounter)}-{at}",
            "status": "billable",
            "subject": {"reference": f"Patient/{encounter.patient.mrn}"},
            "context": {"reference": f"Encounter/{_id(encounter)}"},
            "code": {"coding": [{"code": service.code}]},
            "quantity": {"value": service.units},
            "extension": [
                {"url": "urn:claimflow:modifier", "valueCode": modifier}
                for modifier in service.modifiers
            ],
        }
        for at, service in enumerate(encounter.services, 1)
    ]
