"""An administrator adds what the practice's own tables lack: the price of a code."""

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from casework import prices, regrouping, stays
from casework.answers.form import Form
from casework.moment import Moment
from casework.refusals import Refused
from casework.steps import charges
from codesets import procedures
from db.models import ChargeLine, Claim, FeeScheduleItem, Task, User
from domain.money import dollars
from domain.questions import Fact, FactSection, Field, FieldKind, Question

PRICE_MAX_CENTS = 10_000_000


def ask(session: Session, task: Task, now: Moment) -> Question:
    code = task.details["code"]
    return Question(
        lead=task.reason,
        sections=(
            FactSection(
                title="Missing",
                facts=(
                    Fact(label="Code", value=code),
                    Fact(label="In our words", value=procedures.describe(code) or "not known"),
                ),
            ),
        ),
        fields=(
            Field(name="price", label="Price for one unit", kind=FieldKind.MONEY),
            Field(name="words", label="What it is, in our words", kind=FieldKind.TEXT,
                  values=tuple(filter(None, (procedures.describe(code),)))),
        ),
        submit="Add the price",
    )  # fmt: skip


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    code = task.details["code"]
    price = form.cents("price")
    if not 0 < price <= PRICE_MAX_CENTS:
        raise Refused.of("price", f"A price lies between $0.01 and {dollars(PRICE_MAX_CENTS)}.")
    line = session.scalars(
        select(ChargeLine)
        .where(ChargeLine.encounter_id == task.encounter_id)
        .where(or_(ChargeLine.code == code, ChargeLine.revenue_code == code))
        .order_by(ChargeLine.form.desc(), ChargeLine.id)
        .limit(1)
    ).one()
    schedule = prices.in_force(session, line.form, line.service_on)
    if schedule is None:
        raise Refused.of("price", f"No fee schedule is in force on {line.service_on}: add one.")
    session.execute(
        insert(FeeScheduleItem)
        .values(
            fee_schedule_id=schedule.id,
            code=code,
            words=form.text("words", required="Say what it is."),
            price_cents=price,
            revenue_code=line.revenue_code,
        )
        .on_conflict_do_nothing()
    )
    if task.claim_id is not None:
        claim = session.get_one(Claim, task.claim_id)
        for visit in stays.visits(session, claim):
            charges.price_again(session, visit, claim, now)
        regrouping.regroup(session, claim)
    return f"{by.full_name} set the price of {code} to {dollars(price)}"
