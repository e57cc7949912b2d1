"""Two processes at once, or one that repeats itself, change an account once."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from casework import lockbox, patients
from casework.moment import moment
from db.models import Guarantor, Posting, Receipt, Statement, User
from domain.encounter import Stage
from domain.ledger import Account
from domain.steps import StepRequest
from tests.casework.conftest import AccountWorld, account_world

REAL_NOW = dt.datetime(2026, 1, 5, 15, tzinfo=dt.UTC)


@pytest.fixture
def sessions(database_url: str) -> Iterator[sessionmaker[Session]]:
    """Committed rows: one account that owes 26 dollars, its first statement not yet sent."""
    engine = create_engine(database_url, pool_size=4)
    maker = sessionmaker(engine, expire_on_commit=False)
    with maker.begin() as session:
        account = account_world(session)
        _leave_to_patient(account)
    yield maker
    engine.dispose()


def _leave_to_patient(account: AccountWorld) -> None:
    made = account.charge(5200)
    account.answer_835(made, paid=0, contractual=2600, patient=2600)
    made.stage = Stage.PATIENT
    account.session.flush()
    account.settle_step(made)


Act = Callable[[Session], None]


def _at_once(sessions: sessionmaker[Session], *acts: Act) -> None:
    def commit(act: Act) -> None:
        with sessions.begin() as session:
            act(session)

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(commit, acts))


def _step(session: Session, rev: int | None = 0) -> None:
    guarantor = session.scalars(select(Guarantor)).one()
    key = f"patient-balance:{guarantor.account_no}"
    patients.take_step(session, StepRequest(subject=key, rev=rev, real_now=REAL_NOW))


def _pay(session: Session) -> None:
    guarantor = session.scalars(select(Guarantor)).one()
    now = moment(session, REAL_NOW)
    patients.receive_payment(session, guarantor, 2600, "card", now.today, "once", now)


def test_the_same_step_taken_by_two_workers_sends_one_statement(
    sessions: sessionmaker[Session],
) -> None:
    _at_once(sessions, _step, _step)

    with sessions() as session:
        assert session.scalar(select(func.count(Statement.id))) == 1


def test_a_step_repeated_after_its_commit_changes_nothing(sessions: sessionmaker[Session]) -> None:
    for _ in range(3):
        with sessions.begin() as session:
            _step(session)

    with sessions() as session:
        assert session.scalar(select(func.count(Statement.id))) == 1


def test_the_same_payment_from_two_browsers_is_money_once(sessions: sessionmaker[Session]) -> None:
    _at_once(sessions, _pay, _pay)

    with sessions() as session:
        assert session.scalar(select(func.sum(Receipt.cents))) == 2600


def test_a_payment_and_a_step_at_once_both_come_through(sessions: sessionmaker[Session]) -> None:
    _at_once(sessions, _pay, _step)

    with sessions() as session:
        assert session.scalar(select(func.sum(Receipt.cents))) == 2600
        assert (session.scalar(select(func.count(Statement.id))) or 0) <= 1


def test_one_file_taken_in_by_two_processes_posts_once(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        account_no = session.scalars(select(Guarantor.account_no)).one()
    content = (
        "received_on,statement_no,account_no,amount_cents,check_no\n"
        f"2026-01-20,,{account_no},2600,77\n2026-01-20,,{account_no},x,78\n"
    ).encode()

    def take_in(session: Session) -> None:
        lockbox.take_in(session, "box.csv", content, moment(session, REAL_NOW))

    _at_once(sessions, take_in, take_in)

    with sessions() as session:
        assert session.scalar(select(func.sum(Receipt.cents))) == 2600


def test_a_check_that_two_people_say_came_back_is_taken_back_once(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        guarantor = session.scalars(select(Guarantor)).one()
        now = moment(session, REAL_NOW)
        receipt = patients.receive_payment(
            session, guarantor, 2600, "check", now.today, "box", now, check_no="77"
        )
        assert receipt is not None

    def give_back(session: Session) -> None:
        by = session.scalars(select(User).order_by(User.id)).first()
        assert by is not None
        said = session.get_one(Receipt, receipt.id)
        now = moment(session, REAL_NOW)
        patients.record_return(session, said, now.today, now, by=by)

    _at_once(sessions, give_back, give_back)

    with sessions() as session:
        cents = session.scalars(select(Receipt.cents).order_by(Receipt.id)).all()
        fees = select(func.sum(Posting.cents)).where(Posting.account == Account.AR_FEES)
        assert list(cents) == [2600, -2600]
        assert session.scalar(fees) == 2500
