"""What docs/exchange.md says of mail of kind `claim`: the claim as data, beside its form."""

import json

from casework.contents import Content
from casework.moment import Moment
from domain.claims import ClaimLine, OtherPayer, ProfessionalClaim
from domain.institutional import InstitutionalClaim, RevenueLine


def encode(content: Content, now: Moment) -> bytes:
    manifest = {
        "kind": "claim",
        "reference": content.pcn,
        "payer_id": content.payer.payer_id,
        "pcn": content.pcn,
        "sent_on": now.today.isoformat(),
        "claim": _claim(content),
    }
    return json.dumps(manifest, indent=1).encode()


def _claim(content: Content) -> dict[str, object]:
    return {
        "pcn": content.pcn,
        "payer_id": content.payer.payer_id,
        "member_id": content.subscriber.member_id,
        "frequency": content.frequency,
        "payer_claim_number": content.payer_claim_number,
        **_services(content),
        "prior": [row for other in content.other_payers for row in _prior(other)],
    }


def _services(content: Content) -> dict[str, object]:
    match content:
        case ProfessionalClaim():
            return {
                "service_on": min(line.service_on for line in content.lines).isoformat(),
                "diagnoses": list(content.diagnoses),
                "lines": [_line(line) for line in content.lines],
            }
        case InstitutionalClaim():
            diagnoses = (content.principal, *content.other_diagnoses)
            return {
                "type_of_bill": content.type_of_bill,
                "service_on": content.from_on.isoformat(),
                "diagnoses": [diagnosis.code for diagnosis in diagnoses],
                "lines": [_revenue(line, len(diagnoses)) for line in content.lines],
            }


def _line(line: ClaimLine) -> dict[str, object]:
    return {
        "line": line.line_control,
        "code": line.code,
        "modifiers": list(line.modifiers),
        "units": int(line.units),
        "charge_cents": line.charge_cents,
        "pointers": list(line.pointers),
    }


def _revenue(line: RevenueLine, diagnoses: int) -> dict[str, object]:
    """A facility's line points at nothing: every diagnosis of the claim is its own."""
    return {
        "line": line.line_control,
        "revenue_code": line.revenue_code,
        "code": line.code or "",
        "modifiers": list(line.modifiers),
        "units": int(line.units),
        "charge_cents": line.charge_cents,
        "pointers": list(range(1, diagnoses + 1)),
    }


def _prior(other: OtherPayer) -> list[dict[str, object]]:
    return [
        {
            "payer_id": other.payer.payer_id,
            "line": line.line_control,
            "paid_cents": line.paid_cents,
            "adjustments": [
                {"group": found.group, "carc": found.carc, "cents": found.cents}
                for found in line.adjustments
            ],
        }
        for line in other.lines
    ]
