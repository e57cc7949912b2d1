"""EligibilityRequest -> 270 (005010X279A1): one interchange of questions, each with its trace."""

from collections.abc import Sequence

from domain.eligibility import EligibilityRequest
from edi.envelope import Envelope
from edi.errors import OurFinding, OurX12Error
from edi.parties_out import add_birth, add_organization, add_person
from edi.writing import Writer, day

VERSION = "005010X279A1"


def encode(
    requests: Sequence[EligibilityRequest], *, envelope: Envelope, batch_reference: str
) -> bytes:
    """Every question with its own payer and provider level, so that none hangs on another."""
    if not requests:
        raise OurX12Error([OurFinding(where="HL", words="There is nobody to ask about.")])
    writer = Writer()
    at = envelope.written_at
    writer.add("BHT", "0022", "13", batch_reference, day(at), f"{at:%H%M}")
    for request in requests:
        writer.reference = request.trace
        _add_request(writer, request)
    return writer.wrap(envelope, functional_id="HS", set_id="270", version=VERSION)


def _add_request(writer: Writer, request: EligibilityRequest) -> None:
    payer = writer.level(None, "20", has_children=True)
    add_organization(writer, "PR", request.payer.name, "PI", request.payer.payer_id)
    provider = writer.level(payer, "21", has_children=True)
    add_organization(writer, "1P", request.billing.name, "XX", request.billing.npi)
    dependent, subscriber = request.dependent, request.subscriber
    level = writer.level(provider, "22", has_children=dependent is not None)
    if dependent is None:
        _add_trace(writer, request)
    add_person(writer, "IL", subscriber.name, "MI", subscriber.member_id)
    if subscriber.birth_on and subscriber.gender:
        add_birth(writer, subscriber.birth_on, subscriber.gender)
    if dependent is not None:
        writer.level(level, "23", has_children=False)
        _add_trace(writer, request)
        add_person(writer, "03", dependent.name)
        add_birth(writer, dependent.birth_on, dependent.gender)
    _add_question(writer, request)


def _add_trace(writer: Writer, request: EligibilityRequest) -> None:
    writer.add("TRN", "1", request.trace, request.originator)


def _add_question(writer: Writer, request: EligibilityRequest) -> None:
    writer.add("DTP", "291", "D8", day(request.service_on))
    for service_type in request.service_types:
        writer.add("EQ", service_type)
