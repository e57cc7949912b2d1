"""What leaves the house: bytes fixed in the caller's transaction, under a name that is used once.

Dispatch sends exactly these bytes, however often it has to try.
"""

import hashlib

from sqlalchemy.orm import Session

from casework.moment import Moment
from db.models import Outbox

MAIL = "mail"


def put(session: Session, route: str, name: str, content: bytes, now: Moment) -> Outbox:
    row = Outbox(
        route=route,
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        asked_at=now.at,
    )
    session.add(row)
    session.flush()
    return row
