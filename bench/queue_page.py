"""The page of a queue with few tasks and with a million."""

import time

from sqlalchemy import text

from bench.figures import Figure, percentile
from bench.stand import Stand

# Spread over a year and over amounts, as in a practice that is far behind.
INSERT = text(
    """
    INSERT INTO task (subject, kind, cause, queue, status, title, reason, details, amount_cents,
                      opened_at, due_on)
    SELECT 'bench:' || n, 'denial', 'bench', 'biller', 'open', 'Acme denied a line',
           'Its appeal ends soon', '{}', (CAST(n AS bigint) * 7919) % 500000,
           :now, CAST(:today AS date) + 30 + n % 365
      FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n
    """
)
PAGE = "/queues/biller"
MS = 1_000


def measure(stand: Stand) -> list[Figure]:
    size = stand.size
    _fill(stand, 1, size.tasks_few)
    few = _page_ms(stand)
    _fill(stand, size.tasks_few + 1, size.tasks_many)
    many = _page_ms(stand)
    return [
        Figure(
            name=f"queue page, p50, {size.tasks_many:,} open tasks", unit="ms", ours=many,
            bare=few, beside=f"the same page, {size.tasks_few:,} open tasks",
        )
    ]  # fmt: skip


def _fill(stand: Stand, first: int, last: int) -> None:
    now = stand.clock.business_now
    with stand.demo.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(INSERT, {"now": now, "today": now.date(), "first": first, "last": last})
    with stand.demo.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text("VACUUM ANALYZE task"))


def _page_ms(stand: Stand) -> float:
    biller = stand.browser("ana")
    biller.get(PAGE)
    taken = []
    for _ in range(stand.size.pages):
        began = time.monotonic()
        page = biller.get(PAGE)
        taken.append((time.monotonic() - began) * MS)
        assert page.is_success, page.status_code
    biller.close()
    return percentile(taken, 50)
