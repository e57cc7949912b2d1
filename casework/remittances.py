"""The step of a remittance's workflow: post the next part, and say whether there is more."""

import datetime as dt

from sqlalchemy.orm import Session

from casework import subjects, waits
from casework.moment import moment
from casework.posting import suspended
from casework.posting.steps import post_some
from db.models import Remittance
from domain.steps import QueueStanding, StepRequest


def take_step(session: Session, request: StepRequest) -> QueueStanding:
    now = moment(session, request.real_now)
    remittance = session.get_one(Remittance, int(request.subject.partition(":")[2]))
    subjects.lock(session, request.subject)
    suspended.look_after(session, remittance, now)
    is_done = post_some(session, remittance, now)
    open_waits = waits.open_waits(session, request.subject)
    return QueueStanding(
        rev=subjects.lock(session, request.subject).rev,
        is_open=not is_done or bool(open_waits),
        is_ready=not is_done,
        wait=now.real_wait(open_waits[0].until_at if open_waits else now.at + dt.timedelta(days=1)),
    )
