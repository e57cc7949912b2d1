"""StatusRequest -> 276 (005010X212): one interchange of questions, each with its trace."""

from collections.abc import Sequence

from domain.claim_status import StatusRequest
from domain.money import x12_amount
from domain.parties import Patient, Subscriber
from edi.envelope import Envelope
from edi.errors import OurFinding, OurX12Error
from edi.parties_out import add_birth, add_organization, add_person
from edi.writing import Writer, day, period

VERSION = "005010X212"


def encode(requests: Sequence[StatusRequest], *, envelope: Envelope, batch_reference: str) -> bytes:
    """Every question with levels of its own, so that none hangs on another."""
    if not requests:
        raise OurX12Error([OurFinding(where="HL", words="There is no claim to ask about.")])
    writer = Writer()
    at = envelope.written_at
    writer.add("BHT", "0010", "13", batch_reference, day(at), f"{at:%H%M}")
    for request in requests:
        writer.reference = request.trace
        _add_request(writer, request, envelope)
    return writer.wrap(envelope, functional_id="HR", set_id="276", version=VERSION)


def _add_request(writer: Writer, request: StatusRequest, envelope: Envelope) -> None:
    payer = writer.level(None, "20", has_children=True)
    add_organization(writer, "PR", request.payer.name, "PI", request.payer.payer_id)
    receiver = writer.level(payer, "21", has_children=True)
    add_organization(writer, "41", envelope.sender_name, "46", envelope.sender_id)
    provider = writer.level(receiver, "19", has_children=True)
    add_organization(writer, "1P", request.billing.name, "XX", request.billing.npi)
    level = writer.level(provider, "22", has_children=request.patient is not None)
    _add_subscriber(writer, request.subscriber, is_patient=request.patient is None)
    if request.patient is not None:
        writer.level(level, "23", has_children=False)
        _add_patient(writer, request.patient)
    _add_question(writer, request)


def _add_subscriber(writer: Writer, subscriber: Subscriber, *, is_patient: bool) -> None:
    """In this guide the birth date stands before the name, and only with the patient."""
    if is_patient and subscriber.birth_on and subscriber.gender:
        add_birth(writer, subscriber.birth_on, subscriber.gender)
    add_person(writer, "IL", subscriber.name, "MI", subscriber.member_id)


def _add_patient(writer: Writer, patient: Patient) -> None:
    add_birth(writer, patient.birth_on, patient.gender)
    add_person(writer, "QC", patient.name)


def _add_question(writer: Writer, request: StatusRequest) -> None:
    writer.add("TRN", "1", request.trace)
    if request.payer_claim_number:
        writer.add("REF", "1K", request.payer_claim_number)
    if request.type_of_bill:
        writer.add("REF", "BLT", request.type_of_bill)
    writer.add("REF", "EJ", request.pcn)
    writer.add("AMT", "T3", x12_amount(request.charge_cents))
    writer.add("DTP", "472", *period(request.service_from_on, request.service_to_on))
