"""What a person does with a claim outside its tasks: have it sent again, or ask a second person to
take it back. Each is a row of its own with a reason, and never happens by itself."""

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from casework import corrections, proofs, resends, voids
from db.models import Claim
from domain.encounter import CLAIM_CANCELLED, CLAIM_VOID, ClaimStage
from domain.filing_proof import FilingProof
from forms.proof import proof_pdf
from web import fetch
from web.access import Action, needs
from web.context import db, me, now

claims = Blueprint("claims", __name__, url_prefix="/claims")


@claims.post("/<uuid:uuid>/submissions")
@needs(Action.STEER_CLAIMS)
def send_again(uuid: UUID) -> ResponseReturnValue:
    row = fetch.claim(uuid, words="had a claim sent again")
    resends.send_again(db(), row, _because(), me(), now())
    return _back(row, f"Queued for {row.payer.name} again, under a new control number.")


@claims.post("/<uuid:uuid>/void")
@needs(Action.STEER_CLAIMS)
def ask_void(uuid: UUID) -> ResponseReturnValue:
    row = fetch.claim(uuid, words="asked to take a claim back")
    voids.ask(db(), row, _because(), me(), now(), although_undecided=_although())
    return _back(row, "A supervisor who is not you decides. Nothing is sent before that.")


@claims.get("/<uuid:uuid>/proof")
@needs(Action.READ_RECORDS)
def proof(uuid: UUID) -> ResponseReturnValue:
    """Proof of timely filing as a PDF, for an appeal by hand."""
    row = fetch.claim(uuid, words="printed the proof of filing")
    sheet = proofs.sheet(db(), row, now())
    if sheet is None:
        abort(404, description="Nobody has said yet that this claim arrived.")
    response = Response(proof_pdf(sheet), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="proof-{sheet.proof.pcn}.pdf"'
    return response


def of_filing(every: Sequence[Claim]) -> dict[int, tuple[FilingProof, ...]]:
    """By claim: who says that it arrived. What was never sent is not asked about."""
    return {row.id: proofs.of_claim(db(), row, now()) for row in every if _has_left(row)}


def _has_left(row: Claim) -> bool:
    sendings = [submission for version in row.versions for submission in version.submissions]
    return row.follows_id is not None or any(submission.sent_at for submission in sendings)


@claims.post("/<uuid:uuid>/replacement")
@needs(Action.STEER_CLAIMS)
def replace(uuid: UUID) -> ResponseReturnValue:
    row = fetch.claim(uuid, words="had a claim replaced")
    corrections.replace(db(), row, _because(), although_undecided=_although(), by=me(), now=now())
    return _back(row, f"A replacement for {row.payer.name} is made: it says what is known now.")


def can_be_replaced(row: Claim) -> bool:
    return (
        row.stage in (ClaimStage.SETTLED, *resends.AWAITED)
        and row.outcome not in (CLAIM_VOID, CLAIM_CANCELLED)
        and row.payer_claim_number is not None
        and row.may_be_replaced
    )


def is_undecided(row: Claim) -> bool:
    """Whether the person must say that it is sent although the payer has not decided."""
    return row.stage in resends.AWAITED


def can_be_sent_again(row: Claim) -> bool:
    """Whether to offer it; `casework` looks again, under lock."""
    return row.stage in resends.AWAITED


def can_be_taken_back(row: Claim) -> bool:
    return (
        row.stage in (ClaimStage.SETTLED, *resends.AWAITED)
        and row.outcome != CLAIM_VOID
        and row.payer_claim_number is not None
        and row.may_be_replaced
    )


# For templates: what may be offered at a claim.
OFFERS: dict[str, Callable[[Claim], bool]] = {
    "can_be_sent_again": can_be_sent_again,
    "can_be_taken_back": can_be_taken_back,
    "can_be_replaced": can_be_replaced,
    "is_undecided": is_undecided,
}


def _because() -> str:
    return request.form.get("because", "")[:200]


def _although() -> bool:
    return request.form.get("although_undecided") == "yes"


def _back(row: Claim, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("encounters.show", uuid=row.encounter.uuid) + "#claims", 303)
