"""An office that works foreign charts off: the real steps, payers that confirm every coverage, and
people who take what their form proposes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import answers, arrivals, charts, demo_practice
from casework.refusals import Refused
from commands import demo_users
from db.models import Claim, EligibilityCheck, Encounter, Subject, Task, User
from domain.encounter import ClaimStage
from domain.intake import ChartedEncounter
from domain.tasks import TaskStatus
from tests.answering import filled
from tests.casework.payer_files import answer_271
from tests.scenarios.engine import Engine

SENT = "sent"
ROUNDS_MAX = 30
TRIES_MAX = 4
MORNING = dt.time(15, tzinfo=dt.UTC)
A_MINUTE = dt.timedelta(minutes=1)


class Pace(Engine):
    """Whoever is woken goes on, and the batches; nobody's deadline is looked at."""

    def _open(self) -> set[str]:
        return set(self.session.scalars(select(Subject.key).where(Subject.key.like("batch:%"))))


@dataclass
class Office:
    """One session, one clock; `asked` counts the tasks that people settled, by kind."""

    session: Session
    engine: Pace
    people: Sequence[User]
    asked: dict[str, int] = field(default_factory=dict)
    files: int = 0

    def take_in(self, charted: Sequence[ChartedEncounter], on: dt.date) -> list[Encounter]:
        """Import as the command does, on a business day after the services."""
        self.engine.set_clock(dt.datetime.combine(on, MORNING))
        intake = charts.take_in_all(self.session, "fhir_clinosim", charted, [], self.engine.now)
        assert not intake.refused
        numbers = Encounter.encounter_no.in_(intake.taken)
        return list(self.session.scalars(select(Encounter).where(numbers).order_by(Encounter.id)))

    def work_off(self, encounters: Sequence[Encounter]) -> None:
        """Until every claim is sent, or nobody knows what to do any more."""
        in_hand = [one.id for one in encounters]
        for _ in range(ROUNDS_MAX):
            self.engine.settle()
            done = self._answer_inquiries() + self._answer_tasks(in_hand)
            if not done and not self._let_batches_close():
                return
        raise AssertionError("the office never comes to rest")

    def outcome(self, encounter: Encounter) -> str:
        """`SENT`, else the kind of the task that stands in the way, else the stage."""
        stages = self.session.scalars(
            select(Claim.stage).where(Claim.encounter_id == encounter.id)
        ).all()
        if stages == [ClaimStage.SUBMITTED]:
            return SENT
        waiting = self.session.scalars(
            select(Task.kind).where(
                Task.encounter_id == encounter.id, Task.status == TaskStatus.OPEN
            )
        ).first()
        return str(waiting or encounter.stage)

    def _answer_inquiries(self) -> int:
        """The payers confirm every coverage that an inquiry went out for."""
        checks = self.session.scalars(
            select(EligibilityCheck.id).where(
                EligibilityCheck.answered_at.is_(None), EligibilityCheck.batch_id.is_not(None)
            )
        ).all()
        for number in checks:
            self.files += 1
            content = answer_271(f"E{number}", isa=self.files)
            name = f"{self.files}.x12"
            now = self.engine.now
            taken = arrivals.take_in(self.session, "clearinghouse", name, content, now)
            assert not taken.is_quarantined, taken.sentences
        return len(checks)

    def _answer_tasks(self, in_hand: Sequence[int]) -> int:
        found = self.session.scalars(
            select(Task)
            .where(Task.status == TaskStatus.OPEN, Task.encounter_id.in_(in_hand))
            .order_by(Task.id)
        ).all()
        return sum(self._answer(task) for task in found)

    def _answer(self, task: Task) -> bool:
        """The form as proposed; where it is refused, with what stands beside the field."""
        question = answers.question(self.session, task)
        form = filled(question)
        for _ in range(TRIES_MAX):
            try:
                with self.session.begin_nested():
                    answers.answer(
                        self.session, task.uuid, version=task.version, form=form,
                        by=self._person(task),
                    )  # fmt: skip
            except Refused as refused:
                cures = {k: p.suggestion for k, p in refused.problems.items() if p.suggestion}
                if not cures:
                    return False
                form |= {name: tuple(cure.split("\n")) for name, cure in cures.items()}
            else:
                self.asked[task.kind] = self.asked.get(task.kind, 0) + 1
                return True
        return False

    def _person(self, task: Task) -> User:
        of_role = [user for user in self.people if user.role is task.queue]
        return next(u for u in of_role if u.provider_id in (None, task.provider_id))

    def _let_batches_close(self) -> int:
        due = self.engine._batch_due()
        if due is None:
            return 0
        self.engine.set_clock(max(due, self.engine.now.at + A_MINUTE))
        return 1


def open_office(session: Session) -> Office:
    demo_practice.seed(session)
    demo_users.create(session)
    people = session.scalars(select(User).order_by(User.id)).all()
    return Office(session=session, engine=Pace(session=session), people=people)
