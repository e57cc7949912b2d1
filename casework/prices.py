"""Our price of a service on a day: the schedule in force of the form that it is billed on."""

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.models import FeeSchedule, FeeScheduleItem
from domain.claim_form import ClaimForm


def of(session: Session, code: str, form: ClaimForm, on: dt.date) -> FeeScheduleItem | None:
    schedule = in_force(session, form, on)
    return session.get(FeeScheduleItem, (schedule.id, code)) if schedule else None


def in_force(session: Session, form: ClaimForm, on: dt.date) -> FeeSchedule | None:
    return session.scalar(
        select(FeeSchedule)
        .where(FeeSchedule.form == form, FeeSchedule.valid_from <= on)
        .where(or_(FeeSchedule.valid_to.is_(None), FeeSchedule.valid_to >= on))
        .order_by(FeeSchedule.valid_from.desc(), FeeSchedule.version.desc())
        .limit(1)
    )
