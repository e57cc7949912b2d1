"""What the form of a submission does not hold whole, as it would be printed: what is cut, and what
refuses the print."""

from collections.abc import Sequence

from casework import paper_forms, submissions
from casework.moment import Moment
from db.models import Claim, Submission
from domain.clock import business_date
from domain.questions import FactSection
from forms.form_text import Misfit

COLUMNS = ("Box", "What is written", "What fits")
NOTHING = "nothing: it is not printed"


def of(claim: Claim, submission: Submission, now: Moment) -> tuple[Misfit, ...]:
    made_on = business_date(submission.queued_at, now.zone)
    return paper_forms.misfits(claim, submissions.content_of(submission), made_on=made_on)


def section(found: Sequence[Misfit]) -> tuple[FactSection, ...]:
    """For who mends a claim: nothing where everything fits."""
    if not found:
        return ()
    rows = tuple((each.where, each.written, each.fits or NOTHING) for each in found)
    return (FactSection(title="What its paper form does not hold", columns=COLUMNS, rows=rows),)
