"""`claimflow verify`: every promise is asked in one snapshot; exit status 1 says what is broken."""

import json
import sys
from collections.abc import Iterator
from typing import Protocol

import psycopg2
from psycopg2 import extensions

from verify import (
    audit,
    by_hand,
    claims,
    encounters,
    engine,
    files,
    guards,
    ledger,
    patients,
    remittances,
    tasks,
    truth,
)
from verify.engine import Engine
from verify.promise import Promise
from verify.report import Finding, Report, finding
from verify.snapshot import Snapshot, connect, opened

PROMISES: tuple[Promise, ...] = (
    *guards.PROMISES,
    *ledger.PROMISES,
    *files.PROMISES,
    *claims.PROMISES,
    *by_hand.PROMISES,
    *remittances.PROMISES,
    *encounters.PROMISES,
    *tasks.PROMISES,
    *patients.PROMISES,
    *truth.PROMISES,
    *audit.PROMISES,
)


class Addresses(Protocol):
    """What verification must be told: where the database and the engine answer."""

    @property
    def database_url(self) -> str: ...
    @property
    def engine_address(self) -> str | None: ...
    @property
    def engine_namespace(self) -> str: ...


def main(settings: Addresses, *, as_json: bool = False) -> int:
    """Print what was found; 1 when any promise is broken, 2 when the database cannot be asked."""
    address = settings.engine_address
    asked = Engine(address=address, namespace=settings.engine_namespace) if address else None
    try:
        report = run(settings.database_url, asked)
    except psycopg2.Error as error:
        sys.stderr.write(f"{_unreachable(error)}\n")
        return 2
    told = json.dumps(report.as_json(), indent=1) if as_json else report.in_words()
    sys.stdout.write(f"{told}\n")
    return 0 if report.ok else 1


def run(database_url: str, engine_at: Engine | None = None) -> Report:
    """Ask every promise; with `engine_at` also whether what is open is alive there."""
    with opened(database_url) as snapshot:
        findings = list(examine(snapshot))
    checked = [promise.name for promise in PROMISES]
    if engine_at is not None:
        checked.append(engine.NAME)
        findings += _dead(database_url, engine_at)
    return Report(checked=tuple(checked), findings=tuple(findings))


def examine(snapshot: Snapshot) -> Iterator[Finding]:
    """Every promise that is broken at this moment."""
    for promise in PROMISES:
        found = finding(promise.name, promise.sentence, _breaches(snapshot, promise))
        if found:
            yield found


def _breaches(snapshot: Snapshot, promise: Promise) -> list[str]:
    """A promise that cannot be asked is broken: a missing table keeps nothing."""
    with snapshot.connection.cursor() as cursor:
        cursor.execute("SAVEPOINT promise")
        try:
            return list(promise.breaches(snapshot))
        except psycopg2.Error as error:
            cursor.execute("ROLLBACK TO SAVEPOINT promise")
            return [f"it could not be asked ({type(error).__name__})"]


def _dead(database_url: str, engine_at: Engine) -> list[Finding]:
    connection = connect(database_url)
    try:
        breaches = engine.differences(engine_at, lambda: _subjects(connection))
    finally:
        connection.close()
    found = finding(engine.NAME, engine.SENTENCE, breaches)
    return [found] if found else []


def _subjects(connection: extensions.connection) -> dict[str, bool]:
    """As of now, not of the snapshot: both sides move on while we compare them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, is_open FROM subject")
        known = {key: is_open for key, is_open in cursor if key.startswith(engine.HAS_WORKFLOW)}
    connection.rollback()
    return known


def _unreachable(error: psycopg2.Error) -> str:
    reason = str(error).strip().splitlines()
    return (
        "claimflow verify could not ask the database: "
        f"{reason[0] if reason else type(error).__name__} Start it (claimflow up), or set "
        "DATABASE_URL, then try again."
    )
