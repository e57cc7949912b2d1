"""How a route stands: whether it may send now, and if not, why, in words."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from casework.moment import Moment
from casework.refusals import Problem, Refused
from db.models import Outbox, PayerRoute, Route

ROUTES_MAX = 200
# A week and a day: the next hour at which a route sends is never further away.
OPENING_DAYS_MAX = 8
# What is no partner's goes by these names; a partner's files must not mix with it.
OWN_NAMES = ("bank", "ehr", "keyed", "lockbox", "mail", "portal", "printed-here", "statements")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a route's files go. A folder of this machine has no more to it."""

    transport: str
    host: str = ""
    port: int = 0
    username: str = ""
    upload_folder: str = ""


FOLDER = Place(transport="folder")
PLACE = tuple(each.name for each in fields(Place))


def find(session: Session, name: str) -> Route | None:
    return session.scalars(select(Route).where(Route.name == name)).one_or_none()


def named(session: Session, name: str) -> Route:
    """The route's row; a name that has none is a plain folder that sends tests."""
    return find(session, name) or _plain(name)


def lock(session: Session, name: str) -> Route:
    return session.execute(
        select(Route)
        .where(Route.name == name)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()


def place_of(route: Route) -> Place:
    if route.transport == "folder":
        return FOLDER
    return Place(**{key: getattr(route, key) for key in PLACE})


def stays_at(session: Session, name: str, place: Place) -> bool:
    """Whether the route leads there still. It cannot move before the caller's transaction ends, and
    whoever then moves it sees what that transaction prepared."""
    route = session.scalars(
        select(Route)
        .where(Route.name == name)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    return place_of(route or _plain(name)) == place


def refuse_name(session: Session, name: str) -> None:
    """Unless a new route may bear it."""
    if name in OWN_NAMES:
        raise Refused.of("name", f"{name} is a name of claimflow's own: give another.")
    if not name.isascii() or not name.replace("-", "").isalnum() or find(session, name):
        words = "A new route has a name of its own, of letters, digits and hyphens."
        raise Refused.of("name", words)


def refuse_move(session: Session, route: Route, changes: Mapping[str, str | int]) -> None:
    """A file that lies there under its temporary name is renamed there; at another place the sender
    finds none, and takes it for sent. The caller holds the route's lock, so that none is prepared
    between this look and the move."""
    moved = _moved(route, changes)
    under_way = select(Outbox.name).where(Outbox.route == route.name, Outbox.state == "prepared")
    name = session.scalar(under_way.order_by(Outbox.id).limit(1)) if moved else None
    if name is not None:
        words = (
            f"{name} was brought to the present place and still has to get its name there. Wait "
            "until it is sent, then save this again; a route that is paused must be resumed first."
        )
        raise Refused({key: Problem(words=words) for key in moved})


def every(session: Session) -> list[Route]:
    return list(session.scalars(select(Route).order_by(Route.name).limit(ROUTES_MAX)))


def remote_names(session: Session) -> list[str]:
    """The routes whose files no local folder takes."""
    return list(session.scalars(select(Route.name).where(Route.transport == "sftp")))


def silent_names(session: Session, now: Moment) -> list[str]:
    """The routes on which nothing may be sent now."""
    return [route.name for route in every(session) if stops(route, now) is not None]


def stops(route: Route, now: Moment) -> str | None:
    """Why nothing goes out on this route now; None when it sends."""
    if route.paused_at is not None:
        since = _on(route.paused_at, now)
        return f"the route {route.name} is paused since {since}: {route.paused_because}"
    if route.trouble is not None:
        since = _on(route.trouble_since_at, now)
        return f"the route {route.name} is down since {since}: {route.trouble}"
    if not is_open(route, now):
        opens = opens_at(route, now).astimezone(now.zone)
        return f"the route {route.name} sends again on {opens:%A} at {opens:%H:%M}"
    return None


def is_open(route: Route, now: Moment) -> bool:
    """Within the days and hours on which the route sends."""
    return _is_open(route, now.at.astimezone(now.zone))


def opens_at(route: Route, now: Moment) -> dt.datetime:
    """When its hours begin next; now, if they have begun."""
    local = now.at.astimezone(now.zone)
    if _is_open(route, local):
        return now.at
    for ahead in range(OPENING_DAYS_MAX):
        day = local.date() + dt.timedelta(days=ahead)
        begins = dt.datetime.combine(day, dt.time(route.sends_from_hour), tzinfo=now.zone)
        if begins > local and str(begins.isoweekday()) in route.sends_on:
            return begins.astimezone(dt.UTC)
    raise AssertionError(f"route {route.name} sends on no day of the week")


def in_words(session: Session, now: Moment) -> Iterator[str]:
    """The routes that stand still and are missed, a sentence each: what pages and status show."""
    for route in every(session):
        if (route.paused_at or route.trouble) and is_missed(session, route):
            words = stops(route, now) or ""
            yield f"{words[0].upper()}{words[1:]}"


def is_missed(session: Session, route: Route) -> bool:
    """Nobody waits for a route that never worked yet and that no payer's files go through."""
    led = exists().where(PayerRoute.route == route.name)
    return route.last_contact_at is not None or bool(session.scalar(select(led)))


def _moved(route: Route, changes: Mapping[str, str | int]) -> list[str]:
    """The fields that lead elsewhere; those of a server say nothing of a folder."""
    if changes["transport"] != route.transport:
        return ["transport"]
    if route.transport == "folder":
        return []
    return [key for key in PLACE if changes[key] != getattr(route, key)]


def _is_open(route: Route, local: dt.datetime) -> bool:
    is_day = str(local.isoweekday()) in route.sends_on
    return is_day and route.sends_from_hour <= local.hour < route.sends_until_hour


def _on(at: dt.datetime | None, now: Moment) -> str:
    return f"{at.astimezone(now.zone):%Y-%m-%d %H:%M}" if at else "a while"


def _plain(name: str) -> Route:
    return Route(
        name=name, transport="folder", host="", port=22, username="", signs_in_by="key",
        host_key="", upload_folder="", download_folder="", taken_folder="", sender_id="CLAIMFLOW",
        receiver_id="CLEARHOUSE", usage="T", batch_claims_max=50, batch_hours=4,
        sends_on="1234567", sends_from_hour=0, sends_until_hour=24, look_minutes=10, keep_days=365,
        failures=0,
    )  # fmt: skip
