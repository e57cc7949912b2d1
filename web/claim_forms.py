"""A claim's own form, printed by a person: data for preprinted stock with a printer's correction,
or a drawn copy for the file. Printing sends nothing."""

from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from casework import form_cuts, submissions
from casework.paper_forms import form_of, refused
from db.models import Claim, ClaimVersion, Submission
from domain.claim_form import ClaimForm
from domain.clock import business_date
from forms import paper
from forms.paper import PaperClaim
from web import fetch, printers
from web.access import Action, needs
from web.context import db, now

claim_forms = Blueprint("claim_forms", __name__, url_prefix="/claims")

FORM_NAMES = {ClaimForm.PROFESSIONAL: "CMS-1500", ClaimForm.INSTITUTIONAL: "UB-04"}


@claim_forms.get("/<uuid:uuid>/form/<int:submission_id>")
@needs(Action.PRINT_FORMS)
def choose(uuid: UUID, submission_id: int) -> ResponseReturnValue:
    row = fetch.claim(uuid, words="opened a claim's form")
    submission = _submission(row, submission_id)
    lost = form_cuts.of(row, submission, now())
    return render_template(
        "encounters/form.html",
        claim=row,
        submission=submission,
        form_name=FORM_NAMES[row.form],
        lost=lost,
        refused=refused(lost),
        printers=printers.choices(),
    )


@claim_forms.get("/<uuid:uuid>/form/<int:submission_id>.pdf")
@needs(Action.PRINT_FORMS)
def pdf(uuid: UUID, submission_id: int) -> ResponseReturnValue:
    """The same submission is the same form under the same control number, however often."""
    row = fetch.claim(uuid, words="printed a claim's form")
    submission = _submission(row, submission_id)
    form = _form(row, submission)
    if request.args.get("on") == "plain":
        body = paper.copy_pdf(form)
    else:
        offset = printers.chosen_offset(request.args.get("printer", ""))
        body = paper.claim_pdf(form, offset=offset)
    response = Response(body, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="claim-{submission.pcn}.pdf"'
    return response


def _submission(row: Claim, submission_id: int) -> Submission:
    found = db().get(Submission, submission_id)
    version = db().get(ClaimVersion, found.claim_version_id) if found else None
    if found is None or version is None or version.claim_id != row.id:
        abort(404)
    return found


def _form(row: Claim, submission: Submission) -> PaperClaim:
    # Of the day on which it was queued, as the one that was posted.
    is_paper = submission.channel == "paper"
    made_at = submission.queued_at if is_paper else submission.sent_at or submission.queued_at
    made_on = business_date(made_at, now().zone)
    if words := refused(form_cuts.of(row, submission, now())):
        abort(409, description=f"This claim does not fit its form. {words}")
    return form_of(row, submissions.content_of(submission), made_on=made_on)
