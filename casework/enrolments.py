"""Which payer takes which transaction set from us, in words and as a condition on a query."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework import routes
from db.models import Claim, Enrolment, Payer, PayerRoute
from domain.claim_form import ClaimForm

CASE = "enrolment"
WORDS = {
    "not_enrolled": "not enrolled",
    "pending": "asked for, not granted yet",
    "test": "tests only",
    "production": "in production",
}
SETS = ("837P", "837I", "835", "270", "276")


def forbids(kind: str, usage: str, payer_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """As a condition on what is queued: its payer does not take this kind of file from us yet."""
    return (
        select(Enrolment.id)
        .where(Enrolment.payer_id == payer_id, Enrolment.transaction_set == kind.upper())
        .where(_is_closed(usage))
        .correlate(PayerRoute)
        .exists()
    )


def in_the_way(session: Session, claim: Claim, route: str) -> Enrolment | None:
    """The enrolment for which a claim must wait; None when it may go."""
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.payer_id == claim.payer_id)
        .where(Enrolment.transaction_set == transaction_set(claim))
        .where(_is_closed(routes.named(session, route).usage))
    ).one_or_none()


def transaction_set(claim: Claim) -> str:
    """Which of the two kinds of 837 its form asks for."""
    return "837I" if claim.form == ClaimForm.INSTITUTIONAL else "837P"


def in_words(row: Enrolment) -> str:
    return (
        f"{row.payer.name} does not take our {row.transaction_set} yet: "
        f"{WORDS[row.status]}, since {row.since_on}"
    )


def of_payer(session: Session, payer: Payer) -> dict[str, Enrolment]:
    rows = session.scalars(select(Enrolment).where(Enrolment.payer_id == payer.id))
    return {row.transaction_set: row for row in rows}


def _is_closed(usage: str) -> ColumnElement[bool]:
    never = Enrolment.status.in_(["not_enrolled", "pending"])
    return or_(never, Enrolment.status == "test") if usage == "P" else never
