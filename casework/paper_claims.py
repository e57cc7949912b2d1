"""Claims to payers that take paper only: a form for its payer, and a copy kept with the claim."""

import hashlib

from sqlalchemy.orm import Session

from casework import outgoing, paper_manifest, submissions
from casework.moment import Moment
from casework.outgoing import MAIL
from casework.paper_forms import form_of
from db.models import Claim, Document, Submission
from forms import paper
from forms.paper import PaperClaim


def send(session: Session, claim: Claim, submission: Submission, now: Moment) -> None:
    """Put the form and its manifest into the outbox, and keep a copy with the claim."""
    content = submissions.content_of(submission)
    form = form_of(claim, content, made_on=now.today)
    name = f"claim-{submission.pcn}"
    outgoing.put(session, MAIL, f"{name}.pdf", paper.claim_pdf(form), now)
    outgoing.put(session, MAIL, f"{name}.json", paper_manifest.encode(content, now), now)
    _keep_copy(session, claim, submission, form, now)
    submission.sent_at = now.at


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
