"""What there is to see in a scenario: its claims, tasks, papers, and every account's balance."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    AppealCase,
    Claim,
    ClaimVersion,
    Encounter,
    Payer,
    Posting,
    Statement,
    Submission,
    Task,
    User,
)
from db.queries.claim_visits import bills
from domain.claim_form import ClaimForm
from domain.tasks import Role, TaskKind, TaskStatus
from tests.scenarios.engine import DAY_ZERO, Engine
from tests.scenarios.naming import Names

Event = Mapping[str, Any]
# Behind the encounter's name: its facility's claim.
OF_FACILITY = ".I"


def form_of(name: str) -> ClaimForm:
    return ClaimForm.INSTITUTIONAL if name.endswith(OF_FACILITY) else ClaimForm.PROFESSIONAL


@dataclass(kw_only=True)
class Seen:
    """One practice and its clock; nothing here changes anything."""

    session: Session
    people: Mapping[Role, User]
    engine: Engine
    names: Names = field(default_factory=Names)
    encounters: dict[str, Encounter] = field(default_factory=dict)

    def tasks(self, *kinds: TaskKind) -> list[Task]:
        rows = self.session.scalars(select(Task).order_by(Task.id))
        return [row for row in rows if not kinds or row.kind in kinds]

    def open_tasks(self, *kinds: TaskKind) -> list[Task]:
        return [task for task in self.tasks(*kinds) if task.status is TaskStatus.OPEN]

    def encounter(self, event: Event) -> Encounter:
        """Whom an event concerns: its claim's encounter, its patient's first, else the first."""
        if "claim" in event:
            return self.encounters[event["claim"].partition(".")[0]]
        every = list(self.encounters.values())
        person = f"M{event['patient']}" if "patient" in event else every[0].patient.mrn
        return next(one for one in every if one.patient.mrn == person)

    def claim(self, name: str, payer: str | None = None) -> Claim:
        """The encounter's newest claim for a payer; the first one of all where none is named. One
        whose name ends in `.I` is the facility's."""
        encounter = self.encounters[name.partition(".")[0]]
        form = form_of(name)
        claims = self.session.scalars(
            select(Claim).where(bills(encounter.id), Claim.form == form).order_by(Claim.id)
        ).all()
        return [claim for claim in claims if payer in (None, claim.payer.payer_no)][
            0 if payer is None else -1
        ]

    def versions(self, claim: Claim) -> list[ClaimVersion]:
        return list(
            self.session.scalars(
                select(ClaimVersion)
                .where(ClaimVersion.claim_id == claim.id)
                .order_by(ClaimVersion.version)
            )
        )

    def submissions(self, claim: Claim) -> list[Submission]:
        return list(
            self.session.scalars(
                select(Submission)
                .join(ClaimVersion)
                .where(ClaimVersion.claim_id == claim.id)
                .order_by(Submission.id)
            )
        )

    def letters(self) -> list[AppealCase]:
        return list(self.session.scalars(select(AppealCase).order_by(AppealCase.id)))

    def statements(self) -> list[Statement]:
        return list(self.session.scalars(select(Statement).order_by(Statement.id)))

    def day_of(self, on: dt.date) -> int:
        return (on - DAY_ZERO.date()).days

    def balances(self) -> dict[str, int]:
        """Every account that is not at zero, in the scenarios' names."""
        rows = self.session.execute(
            select(Posting.account, Payer.payer_no, Posting.reason, func.sum(Posting.cents))
            .outerjoin(Payer, Payer.id == Posting.payer_id)
            .group_by(Posting.account, Payer.payer_no, Posting.reason)
        )
        found: dict[str, int] = {}
        for account, payer, reason, cents in rows:
            name = self.names.account(account, payer, reason)
            found[name] = found.get(name, 0) + int(cents)
        return {name: cents for name, cents in found.items() if cents}
