"""An account on which a test lets days pass, payers answer and patients pay."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from casework import answers, ledger, patients, subjects
from casework.moment import Moment, moment
from casework.steps import patient as patient_steps
from db.models import Encounter, Guarantor, Outbox, Posting, Statement, Task, User, Wait
from domain.encounter import Stage
from domain.ledger import Account, LedgerEntry, Leg
from domain.steps import QueueStanding, StepRequest
from domain.tasks import Role, TaskKind, TaskStatus
from tests.answering import filled
from tests.casework import factories
from tests.casework.office import open_office
from tests.casework.payer_world import PayerWorld, payer_world
from tests.scenarios.play import Play

STEPS_MAX = 30


@dataclass
class AccountWorld:
    """One guarantor, seen by days after the date of service."""

    session: Session
    guarantor: Guarantor
    practice: factories.TestPractice
    payer_id: int
    biller: User
    supervisor: User
    receipts: list[str] = field(default_factory=list)

    @property
    def now(self) -> Moment:
        return moment(self.session)

    @property
    def key(self) -> str:
        return subjects.patient_balance_key(self.guarantor)

    def day(self, number: int) -> None:
        """Let time pass to this day, taking every step and closing every encounter that is due."""
        factories.stop_clock(self.session, number)
        self.step()

    def days(self, *numbers: int) -> None:
        for number in numbers:
            self.day(number)

    def charge(self, *cents: int, day: int = 0) -> Encounter:
        """An encounter whose charge is the payer's receivable."""
        made = factories.encounter(
            self.session,
            self.practice,
            self.guarantor,
            charge_cents=cents,
            service_on=(factories.DAY_ZERO + dt.timedelta(days=day)).date(),
        )
        for line in made.charge_lines:
            owed = self.leg(made, Account.AR_INSURANCE, line.charge_cents or 0, line.id)
            self.post("charge", line.id, owed, self.leg(made, Account.CHARGES, -owed.cents))
        return made

    def answer_835(
        self, made: Encounter, *, paid: int, contractual: int, patient: int, line: int = 0
    ) -> None:
        """The payer's answer to one line, posted as the remittance does."""
        line_id = made.charge_lines[line].id
        total = paid + contractual + patient
        legs = [self.leg(made, Account.AR_INSURANCE, -total, line_id)]
        for account, cents in (
            (Account.CLEARING, paid),
            (Account.CONTRACTUAL, contractual),
            (Account.AR_PATIENT, patient),
        ):
            if cents:
                legs.append(self.leg(made, account, cents, line_id))
        self.post("835", line_id, *legs)
        if paid:
            bank = self.leg(made, Account.CASH_BANK, paid)
            self.post("file", line_id, bank, self.leg(made, Account.CLEARING, -paid))

    def settle(self, made: Encounter) -> None:
        """All its payers have answered: the encounter's own step looks whom to ask."""
        made.stage = Stage.PATIENT
        self.session.flush()
        self.settle_step(made)
        self.step()

    def pay(
        self,
        cents: int,
        kind: str = "card",
        *,
        encounter: Encounter | None = None,
        check_no: str | None = None,
        statement: Statement | None = None,
    ) -> None:
        self.receipts.append(kind)
        patients.receive_payment(
            self.session,
            self.guarantor,
            cents,
            kind,
            self.now.today,
            f"test:{self.guarantor.account_no}:{len(self.receipts)}",
            self.now,
            encounter=encounter,
            check_no=check_no,
            statement=statement,
        )
        self.step()

    def step(self) -> QueueStanding | None:
        """What the workflows do: step the account, then the encounters that were told of money."""
        at = None
        for _ in range(STEPS_MAX):
            if not self._subject_exists():
                return None
            at = self._take(at.rev if at else None)
            if at.is_open and at.is_ready:
                continue
            told = self._told()
            if not told and at.rev == self._take(None).rev:
                return at
            for made in told:
                self.settle_step(made)
        raise AssertionError("The account does not come to rest.")

    def balances(self) -> dict[str, int]:
        rows = self.session.execute(
            select(Posting.account, Posting.reason, func.sum(Posting.cents))
            .group_by(Posting.account, Posting.reason)
            .having(func.sum(Posting.cents) != 0)
        )
        return {
            f"{account}:{reason}" if reason else str(account): int(cents)
            for account, reason, cents in rows
        }

    def statements(self) -> list[tuple[int, str, int, dt.date]]:
        """(cycle, kind, cents, issued_on), in the order in which they went out."""
        rows = self.session.scalars(
            select(Statement)
            .where(Statement.guarantor_id == self.guarantor.id)
            .order_by(Statement.id)
        )
        return [(row.cycle, row.kind, row.amount_cents, row.issued_on) for row in rows]

    def tasks(self, kind: TaskKind | None = None) -> list[Task]:
        rows = self.session.scalars(select(Task).order_by(Task.id))
        return [row for row in rows if kind is None or row.kind is kind]

    def open_tasks(self) -> list[TaskKind]:
        return [task.kind for task in self.tasks() if task.status is TaskStatus.OPEN]

    def answer(self, task: Task, by: User | None = None, **changes: str) -> str:
        """Submit the page's own recommended answer, with some fields changed."""
        self.session.refresh(task)
        asked = answers.question(self.session, task)
        form = filled(asked)
        form |= {name: (value,) for name, value in changes.items()}
        answered = answers.answer(
            self.session, task.uuid, version=task.version, form=form, by=by or self.biller
        )
        self.step()
        return answered.words

    def waits(self) -> list[tuple[str, str]]:
        rows = self.session.scalars(
            select(Wait)
            .where(Wait.subject == self.key, Wait.ended_at.is_(None))
            .order_by(Wait.until_at, Wait.id)
        )
        return [(row.what, row.then_what) for row in rows]

    def outbox(self) -> list[str]:
        return list(self.session.scalars(select(Outbox.name).order_by(Outbox.id)))

    def date(self, day: int) -> dt.date:
        return (factories.DAY_ZERO + dt.timedelta(days=day)).date()

    def _take(self, rev: int | None) -> QueueStanding:
        request = StepRequest(
            subject=self.key, rev=rev, real_now=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        )
        return patients.take_step(self.session, request)

    def _subject_exists(self) -> bool:
        found = text("select 1 from subject where key = :key")
        return self.session.scalar(found, {"key": self.key}) is not None

    def _told(self) -> list[Encounter]:
        rows = self.session.scalars(
            select(Encounter)
            .where(Encounter.guarantor_id == self.guarantor.id, Encounter.stage == Stage.PATIENT)
            .order_by(Encounter.id)
        )
        return [row for row in rows if not self._waits(row)]

    def _waits(self, made: Encounter) -> bool:
        waiting = select(Wait.id).where(
            Wait.subject == subjects.encounter_key(made), Wait.ended_at.is_(None)
        )
        return self.session.scalar(waiting) is not None

    def settle_step(self, made: Encounter) -> None:
        subject = subjects.lock(self.session, subjects.encounter_key(made))
        words = patient_steps.settle(self.session, made, self.now)
        subjects.record(self.session, subject, "settle_with_patient", words, self.now)
        subject.is_open = made.stage.is_open

    def leg(self, made: Encounter, account: Account, cents: int, line_id: int | None = None) -> Leg:
        return Leg(
            account=account,
            cents=cents,
            payer_id=self.payer_id if account is not Account.AR_PATIENT else None,
            patient_id=made.patient_id,
            guarantor_id=made.guarantor_id,
            encounter_id=made.id,
            charge_line_id=line_id,
        )

    def post(self, what: str, line_id: int, *legs: Leg) -> None:
        ledger.post(
            self.session,
            LedgerEntry(
                effect_key=f"test {what}:{line_id}",
                source="test",
                words=what,
                service_on=None,
                deposit_on=None,
                posted_on=self.now.today,
                legs=legs,
            ),
        )


@pytest.fixture
def office(session: Session) -> Play:
    """A practice whose workflows run without an engine."""
    return open_office(session)


@pytest.fixture
def world(session: Session) -> PayerWorld:
    """A practice whose payers answer by remittance."""
    return payer_world(session)


@pytest.fixture
def account(session: Session) -> AccountWorld:
    return account_world(session)


@pytest.fixture
def balanced(session: Session) -> Callable[[], None]:
    """Makes the database check every entry now instead of at commit."""

    def check() -> None:
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))

    return check


def account_world(session: Session) -> AccountWorld:
    practice = factories.practice(session)
    factories.stop_clock(session, 0)
    return AccountWorld(
        session=session,
        guarantor=factories.guarantor(session),
        practice=practice,
        payer_id=factories.payer(session).id,
        biller=factories.user(session, "Ana", Role.BILLER),
        supervisor=factories.user(session, "Boris", Role.SUPERVISOR),
    )
