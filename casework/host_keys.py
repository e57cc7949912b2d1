"""A server's key as a person compares it, and its confirmation: nobody else ever makes it count."""

import base64
import binascii
import hashlib

from sqlalchemy.orm import Session

from casework import audit, route_outages
from casework.moment import Moment
from casework.refusals import Refused
from db.models import Route, User


def fingerprint(key: str) -> str:
    """As `ssh-keygen -l` prints it; empty for what is no key."""
    try:
        digest = hashlib.sha256(base64.b64decode(key.split(" ")[1], validate=True)).digest()
    except (IndexError, binascii.Error):
        return ""
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def confirm(session: Session, route: Route, shown: str, by: User | None, now: Moment) -> None:
    """The key that the person saw, and no other that may have come since, is believed from now."""
    if not route.offered_key:
        raise Refused.of("host_key", "The server has shown no key that waits to be confirmed.")
    if fingerprint(route.offered_key) != shown:
        raise Refused.of(
            "host_key", "The server shows another key than this one: compare it first."
        )
    route.host_key, route.offered_key = route.offered_key, None
    audit.record(session, by, "confirmed key", "route", route.name, words=shown)
    route_outages.resume(session, route, now, by)
