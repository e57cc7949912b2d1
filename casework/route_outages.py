"""What begins and ends an outage of a route, and who may pause and resume it.

An outage retries by itself, ever more seldom; what a person must mend pauses the route until a
person resumes it. Nothing that waits on a route is lost or sent twice meanwhile.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from casework import audit, batch_waits, incidents, routes, subjects
from casework.moment import Moment
from casework.refusals import Refused
from db.models import Route, User

RETRY_FIRST = dt.timedelta(minutes=1)
RETRY_MAX = dt.timedelta(minutes=30)
DOUBLINGS_MAX = 10
SHOWN_MAX, SHOWN_LENGTH = 3, 60


def pause(session: Session, route: Route, because: str, now: Moment, by: User | None) -> None:
    """Nothing goes and nothing is fetched until somebody resumes it."""
    if not because.strip():
        raise Refused.of("because", "Say why the route is paused.")
    if route.paused_at is None:
        route.paused_at = now.at
    route.paused_because = because.strip()
    _tell(session, route, now)
    audit.record(session, by, "paused", "route", route.name, words=because.strip())


def resume(session: Session, route: Route, now: Moment, by: User | None) -> None:
    """It is tried at once, an outage included."""
    route.paused_at = route.paused_because = None
    route.next_try_at = route.next_look_at = None
    _tell(session, route, now)
    audit.record(session, by, "resumed", "route", route.name)


def fail(session: Session, name: str, words: str, now: Moment) -> bool:
    """The route did not do what it should; True at the beginning of an outage."""
    route = routes.lock(session, name)
    begins = route.trouble is None
    route.failures += 1
    route.next_try_at = now.at + min(
        RETRY_FIRST * 2 ** min(route.failures - 1, DOUBLINGS_MAX), RETRY_MAX
    )
    if begins:
        route.trouble_since_at = now.at
    if route.trouble != words:
        route.trouble = words
        _tell(session, route, now)
    return begins


def work(session: Session, name: str, now: Moment) -> bool:
    """The partner answered; True when that ends an outage, and what waited for it goes."""
    route = routes.lock(session, name)
    route.last_contact_at = now.at
    if route.trouble is None:
        return False
    route.trouble = route.trouble_since_at = route.next_try_at = None
    route.failures = 0
    _tell(session, route, now)
    return True


def say_unread(session: Session, name: str, files: Sequence[str], now: Moment) -> None:
    """Files that its server shows and does not let us read: on the stuck list until none is. The
    route works all the same, and nothing else waits for them."""
    part = f"unread-{name}"
    if not files:
        incidents.end(session, part)
        return
    shown = ", ".join(each[:SHOWN_LENGTH] for each in files[:SHOWN_MAX])
    more = f" and {len(files) - SHOWN_MAX} more" if len(files) > SHOWN_MAX else ""
    incidents.say(
        session,
        part,
        f"The server of the route {name} does not let us read {shown}{more}. All else was fetched; "
        "it is tried again at every visit. Ask the partner to let us read it.",
        now,
    )


def _tell(session: Session, route: Route, now: Moment) -> None:
    """The stuck list, the waits of claims, and the route's batches."""
    session.flush()
    part = f"route-{route.name}"
    is_still = route.paused_at is not None or route.trouble is not None
    if not is_still or not routes.is_missed(session, route):
        incidents.end(session, part)
    else:
        words = routes.stops(route, now) or ""
        incidents.say(session, part, f"{words[0].upper()}{words[1:]}", now)
    batch_waits.say(session, route.name, now)
    key = subjects.batch_key(route.name)
    subjects.touch(session, key, now, is_open=False)
    subjects.wake(session, key)
