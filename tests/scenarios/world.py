"""A practice among its payers and people: the clock moves, files come in, forms are answered."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from casework import answers, arrivals
from casework.arrivals import Arrival
from db.models import Batch, Submission, Task
from domain.tasks import Role, TaskKind
from tests.answering import filled
from tests.casework.payer_files import ack_277ca, ack_999
from tests.scenarios.engine import DAY_ZERO
from tests.scenarios.seen import Event, Seen

LAPSES_MAX = 400
# Hands files to `claimflow inbox --wait` and returns its exit status.
Inbox = Callable[[list[Path]], int]


@dataclass(kw_only=True)
class World(Seen):
    """The clock, the outside world and the people of one practice."""

    acknowledges: bool
    # Without one, files are taken in within the caller's own transaction.
    inbox: Inbox | None = None
    folder: Path = Path()
    events: list[Event] = field(default_factory=list)
    # A claim that a scenario names apart though it is a second sending of ours: its control number.
    control_numbers: dict[str, str] = field(default_factory=dict)
    # When a payment was made: a remittance sent again names the same day.
    paid_on: dict[tuple[str, int], dt.date] = field(default_factory=dict)
    files: int = 0
    checks: int = 0

    def pass_to(self, day: int) -> None:
        """Every deadline on the way comes, one after the other."""
        target = DAY_ZERO + dt.timedelta(days=day)
        for _ in range(LAPSES_MAX):
            self.react()
            due = self.engine.next_due()
            if due is None or due > target:
                self.engine.set_clock(max(target, self.engine.now.at))
                self.react()
                return
            self.engine.set_clock(due)
        raise AssertionError(f"day {day} is never reached")

    def react(self) -> None:
        """The workflows, and the clearinghouse that acknowledges whatever was sent."""
        self.engine.settle()
        while self.acknowledges and self.acknowledge():
            self.engine.settle()

    def acknowledge(self, category: str = "A2") -> bool:
        """A 999 for each new batch and a 277CA of the payer for its claims, as files."""
        batches = self.session.scalars(
            select(Batch)
            .where(Batch.acknowledged_at.is_(None), Batch.kind.in_(["837p", "837i"]))
            .order_by(Batch.id)
        ).all()
        for batch in batches:
            pcns = self.session.scalars(
                select(Submission.pcn).where(Submission.batch_id == batch.id)
            ).all()
            statuses = [(pcn, category, f"P{pcn}") for pcn in pcns]
            accepted = self.deliver(
                ack_999(batch.control_number or 0, isa=self.number()),
                ack_277ca(statuses, isa=self.number()),
            )
            assert accepted == 0
        return bool(batches)

    def deliver(self, *contents: bytes) -> int:
        """Files of the clearinghouse, by the command: taken in, and posted when it returns."""
        if self.inbox is None:
            return int(any(self.take_in(content).is_quarantined for content in contents))
        paths = []
        for content in contents:
            paths.append(self.folder / f"{self.number():04d}.x12")
            paths[-1].write_bytes(content)
        self.session.commit()
        status = self.inbox(paths)
        self.session.expire_all()
        return status

    def take_in(self, content: bytes, route: str = "clearinghouse", name: str = "") -> Arrival:
        """A file of any route of the exchange, as the one that watches its folder takes it in."""
        name = name or f"{self.number():04d}.x12"
        return arrivals.take_in(self.session, route, name, content, self.engine.now)

    def answer(
        self, kind: TaskKind, by: Role | None = None, *, task: Task | None = None, **changes: str
    ) -> str:
        """Submit the form of the one open task of a kind: as proposed, but for the changes."""
        if task is None:
            (task,) = self.open_tasks(kind)
        by = by or task.queue
        asked = answers.question(self.session, task)
        form = filled(asked) | {name: (value,) for name, value in changes.items()}
        words = answers.answer(
            self.session, task.uuid, version=task.version, form=form, by=self.people[by]
        ).words
        self.react()
        return words

    def number(self) -> int:
        self.files += 1
        return self.files
