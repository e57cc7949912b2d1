"""The append-only record of who read or tried to change what. A read that cannot be recorded
fails."""

from flask import request

from casework import audit
from db.models import User
from web.context import db, sessions


def read(by: User, *, kind: str, key: str, patient_id: int | None, words: str) -> None:
    """Written in the read's own transaction and sent to the database at once: without this row the
    view goes no further."""
    audit.record(db(), by, "read", kind, key, words=words, patient_id=patient_id, outcome="allowed")
    db().flush()


def refused(by: User, what: str) -> None:
    """In a transaction of its own, so that it stays when the request is rolled back."""
    with sessions().begin() as session:
        audit.record(
            session,
            by,
            "read" if request.method == "GET" else "change",
            "page",
            request.path[:200],
            words=f"{request.method} refused: {what}",
            outcome="refused",
        )
