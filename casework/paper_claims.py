"""Claims to payers that take paper only: a form for its payer, and a copy kept with the claim."""

import datetime as dt
import hashlib

from sqlalchemy.orm import Session

from casework import outgoing, paper_manifest, submissions
from casework.moment import Moment
from casework.outgoing import MAIL
from casework.paper_forms import form_of
from db.models import Claim, Document, Submission
from domain.encounter import ClaimStage
from forms import paper
from forms.paper import PaperClaim

# Mail both ways, and keying at the payer, before the payer's usual days begin.
PAPER_TAKES = dt.timedelta(days=10)


def send(session: Session, claim: Claim, submission: Submission, now: Moment) -> None:
    """Put the form and its manifest into the outbox, for a print service."""
    content = submissions.content_of(submission)
    form = form_of(claim, content, made_on=now.today)
    name = f"claim-{submission.pcn}"
    outgoing.put(session, MAIL, f"{name}.pdf", paper.claim_pdf(form), now)
    outgoing.put(session, MAIL, f"{name}.json", paper_manifest.encode(content, now), now)
    is_mailed(session, claim, submission, form, now)


def is_mailed(
    session: Session, claim: Claim, submission: Submission, form: PaperClaim, now: Moment
) -> None:
    """It is on its way, and nobody acknowledges paper: the payer's answer is the next word."""
    _keep_copy(session, claim, submission, form, now)
    submission.sent_at = now.at
    claim.stage = ClaimStage.ACCEPTED
    usual = dt.timedelta(days=claim.payer.usual_days)
    submissions.await_remittance(session, claim, now, within=usual + PAPER_TAKES)


def _keep_copy(
    session: Session, claim: Claim, submission: Submission, form: PaperClaim, now: Moment
) -> None:
    copy = paper.copy_pdf(form)
    session.add(
        Document(
            encounter_id=claim.encounter_id,
            claim_id=claim.id,
            kind="claim form",
            title=f"{paper.form_name(form)} {submission.pcn} to {claim.payer.name}",
            mime="application/pdf",
            sha256=hashlib.sha256(copy).hexdigest(),
            content=copy,
            author=None,
            received_at=now.at,
        )
    )
