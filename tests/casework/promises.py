"""The judge's promises about remittances and the ledger, asked inside a test's own transaction."""

from sqlalchemy.orm import Session

from verify import ledger, remittances
from verify.snapshot import Snapshot, moment_of


def breaches(session: Session) -> list[str]:
    session.flush()
    connection = session.connection().connection.driver_connection
    assert connection is not None
    snapshot = Snapshot(connection=connection, moment=moment_of(connection))
    return [
        f"{promise.name}: {breach}"
        for promise in (*ledger.PROMISES, *remittances.PROMISES)
        for breach in promise.breaches(snapshot)
    ]
