"""The append-only record of who read or changed what."""

from sqlalchemy.orm import Session

from db.models import AuditEvent, User


def record(
    session: Session,
    by: User | None,
    action: str,
    object_kind: str,
    object_key: str,
    *,
    words: str = "",
    patient_id: int | None = None,
    outcome: str = "done",
) -> None:
    """One row, in the transaction of what it tells of. `words` hold no patient data."""
    session.add(
        AuditEvent(
            user_id=by.id if by else None,
            role=by.role if by else None,
            action=action,
            object_kind=object_kind,
            object_key=object_key,
            patient_id=patient_id,
            outcome=outcome,
            words=words,
        )
    )
