"""An exchange folder that refuses files is said on the stuck list, until it takes one again."""

from pathlib import Path

import structlog
from sqlalchemy.orm import Session, sessionmaker

from casework import incidents
from db.models import Incident

OUTBOUND, INBOUND = "outbound", "inbound"
KEPT = {
    OUTBOUND: "The exchange folder takes no files to send",
    INBOUND: "The exchange folder lets no received file be read or put away",
}

log = structlog.get_logger()


def refuses(sessions: sessionmaker[Session], part: str, failure: OSError) -> None:
    """Said and logged once an outage, however often we try."""
    reason = (failure.strerror or type(failure).__name__).lower()
    with sessions() as session:
        if session.get(Incident, incidents.outage_key(part)) is not None:
            return
    log.error("exchange folder refuses files", part=part, error=reason)
    words = (
        f"{KEPT[part]} ({reason}{_name(part, failure)}). Make room on its disk, or allow us to "
        "write there; nothing is lost, and what waits goes on by itself."
    )
    incidents.begin_outage(sessions, part, words)


def _name(part: str, failure: OSError) -> str:
    """Of the received file that it refused, on the list alone: a name may tell whom it is about.
    What we send has no name yet that anybody knows."""
    if part != INBOUND or not isinstance(failure.filename, str):
        return ""
    name = Path(failure.filename).name
    return f": {name.encode('utf-8', 'backslashreplace').decode()}"


def works(session: Session, part: str) -> None:
    """In the caller's transaction: the folder took a file, so an outage is over."""
    incident = session.get(Incident, incidents.outage_key(part))
    if incident is not None:
        session.delete(incident)
