"""Payment plans: agreed once, told to the patient in one letter, ended by being kept or broken."""

from sqlalchemy.orm import Session

from casework.moment import Moment
from casework.patients.account import plan_in_force, read_account
from casework.patients.paper import Asked, compose
from casework.patients.statements import (
    base_manifest,
    encounters_of,
    keep_paper,
    line_shares,
    next_number,
    send,
)
from casework.refusals import Refused
from db.models import Guarantor, PaymentPlan, PlanInstalment
from domain.correspondence import StatementKind
from domain.dunning import GRACE_DAYS, Bill, Instalment
from forms.statement import statement_pdf


def agree_plan(
    session: Session,
    guarantor: Guarantor,
    parts: tuple[Instalment, ...],
    now: Moment,
    *,
    grace_days: int = GRACE_DAYS,
) -> PaymentPlan:
    """A plan over everything that has been billed. Its caller holds the account."""
    bills = billed(session, guarantor, now)
    _check(session, guarantor, parts, bills, now)
    plan = PaymentPlan(
        guarantor_id=guarantor.id,
        agreed_on=now.today,
        status="kept",
        grace_days=grace_days,
        instalments=[PlanInstalment(due_on=part.due_on, cents=part.cents) for part in parts],
    )
    session.add(plan)
    session.flush()
    _write_letter(session, guarantor, parts, bills, now)
    return plan


def billed(session: Session, guarantor: Guarantor, now: Moment) -> tuple[Bill, ...]:
    """What a plan can cover: care that a statement has asked for. Fees are asked for after it."""
    return tuple(
        bill
        for bill in read_account(session, guarantor, now).bills
        if bill.encounter_id is not None and bill.run is not None and not bill.is_in_question
    )


def _check(
    session: Session,
    guarantor: Guarantor,
    parts: tuple[Instalment, ...],
    bills: tuple[Bill, ...],
    now: Moment,
) -> None:
    owed = sum(bill.cents for bill in bills)
    planned = sum(part.cents for part in parts)
    if plan_in_force(session, guarantor) is not None:
        raise Refused.of("route", "A payment plan is in force already.")
    if planned != owed:
        raise Refused.of(
            "instalments", f"The instalments make {planned} cents, but {owed} are owed."
        )
    if not parts or any(part.cents <= 0 for part in parts):
        raise Refused.of("instalments", "Each instalment is more than nothing.")
    if min(part.due_on for part in parts) <= now.today:
        raise Refused.of("first_on", "The first instalment is due after today.")


def _write_letter(
    session: Session,
    guarantor: Guarantor,
    parts: tuple[Instalment, ...],
    bills: tuple[Bill, ...],
    now: Moment,
) -> None:
    """The plan in writing; it is no statement, so that a kept plan counts no cycle."""
    number = next_number(session)
    encounters = encounters_of(session, bills)
    asked = Asked(
        statement_no=number,
        kind=StatementKind.PLAN,
        cycle=1,
        encounters=encounters,
        fees_cents=0,
        issued_on=now.today,
        due_on=parts[0].due_on,
        first_billed_on=now.today,
        paid_since=None,
        instalment_cents=parts[0].cents,
    )
    pdf = statement_pdf(compose(session, guarantor, asked))
    keep_paper(session, number, pdf, encounters, now)
    manifest = base_manifest(number, guarantor, parts[0].cents, now.today, StatementKind.PLAN) | {
        "due_on": parts[0].due_on.isoformat(),
        "cycle": 1,
        "instalments": [{"due_on": part.due_on.isoformat(), "cents": part.cents} for part in parts],
        "lines": line_shares(session, encounters),
    }
    send(session, number, manifest, pdf, now)
